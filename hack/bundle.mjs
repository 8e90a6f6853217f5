// Bundles every cmd/NAME/main.ts into dist/cmd/NAME/main.js for Node 20 and later, because finding
// and compiling its 300 modules would take longer than starting the program. The modules behind an
// import() are files in dist/cmd/NAME/chunks, which their first use loads. Those of older builds
// stay for a week, because a running program may still need them.
// Packages with native parts are not bundled; they come from node_modules at run time. The web UI
// goes to dist/ui. dist/cmd/kube-apiserver/start.mjs is the module 'wheelhouse/api-server' for the
// tests of other projects.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const names = readdirSync(join(root, 'cmd'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(root, 'cmd', entry.name, 'main.ts')))
  .map((entry) => entry.name);

/** Every build writes its chunks anew. */
const OLD_MS = 7 * 86_400_000;

const node = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
  absWorkingDir: root,
};

// Packages that most programs import and few runs use. Each is a file of its own in dist/packages,
// which the first use of one of its exports loads.
const DEFERRED = ['@opentelemetry/api', 'ws', 'yaml'];
const plain = (name) => name.replace(/\W+/g, '-');
const deferred = {
  name: 'deferred',
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(${DEFERRED.join('|')})$`);
    onResolve({ filter }, ({ path }) => ({ path, namespace: 'deferred' }));
    onLoad({ filter, namespace: 'deferred' }, async ({ path }) => ({
      contents: `let all;
        for (const name of ${JSON.stringify(Object.keys(await import(path)))})
          Object.defineProperty(exports, name, {
            enumerable: true,
            get: () => (all ??= require('#packages/${plain(path)}'))[name],
          });`,
    }));
  },
};
const shared = {
  ...node,
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  external: ['raw-socket', '*.node', '#packages/*'],
  plugins: [deferred],
};

/**
 * esbuild splits ES modules only, and Node takes 12 ms more to start one than to start a CommonJS
 * module: the split modules are translated.
 */
async function bundleProgram(name) {
  const modules = mkdtempSync(join(root, 'dist/modules-'));
  await build({
    ...shared,
    entryPoints: [join(root, 'cmd', name, 'main.ts')],
    outdir: modules,
  });
  await build({
    ...node,
    bundle: false,
    format: 'cjs',
    supported: { 'dynamic-import': false },
    entryPoints: [join(modules, '**/*.js')],
    outbase: modules,
    outdir: join(root, 'dist/cmd', name),
  });
  rmSync(modules, { recursive: true });
}
mkdirSync(join(root, 'dist'), { recursive: true });
// package.json of the checkout says "module".
const settings = { type: 'commonjs', imports: { '#packages/*': './packages/*.cjs' } };
writeFileSync(join(root, 'dist/package.json'), JSON.stringify(settings));
const web = join(root, 'pkg/ui/web');
const ui = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  minify: true,
  logLevel: 'warning',
};
mkdirSync(join(root, 'dist/ui'), { recursive: true });
for (const file of ['index.html', 'icon.svg', 'app.css'])
  copyFileSync(join(web, file), join(root, 'dist/ui', file));
const frontend = join(root, 'examples/guestbook-frontend/main.ts');
const results = await Promise.allSettled([
  ...names.map(bundleProgram),
  ...DEFERRED.map((name) =>
    build({
      ...node,
      stdin: { contents: `module.exports = require('${name}')`, resolveDir: root },
      outfile: join(root, `dist/packages/${plain(name)}.cjs`),
    }),
  ),
  build({
    ...shared,
    // CommonJS packages call require() for Node's own modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    entryPoints: [join(root, 'cmd/kube-apiserver/start.ts')],
    outdir: join(root, 'dist/cmd/kube-apiserver'),
    outExtension: { '.js': '.mjs' },
  }),
  build({
    ...node,
    format: 'cjs',
    entryPoints: [join(root, 'cmd/watchdog-thread.ts')],
    outfile: join(root, 'dist/cmd/watchdog-thread.js'),
  }),
  build({ ...ui, entryPoints: [join(web, 'main.tsx')], outfile: join(root, 'dist/ui/app.js') }),
  build({
    ...node,
    format: 'cjs',
    entryPoints: [frontend],
    outfile: join(root, 'dist/images/frontend/main.js'),
    sourcemap: false,
  }),
]);
for (const name of names) {
  const chunks = join(root, 'dist/cmd', name, 'chunks');
  for (const file of existsSync(chunks) ? readdirSync(chunks) : [])
    if (Date.now() - statSync(join(chunks, file)).mtimeMs > OLD_MS) rmSync(join(chunks, file));
}
// esbuild printed the reason.
if (results.some(({ status }) => status === 'rejected')) process.exitCode = 1;
