// Bundles every cmd/NAME/main.ts into dist/cmd/NAME/main.js, one CommonJS file for Node 20 and
// later. Packages with native parts are not bundled; they come from node_modules at run time. The
// web UI goes to dist/ui. dist/cmd/kube-apiserver/start.mjs is the module 'wheelhouse/api-server'
// for the tests of other projects. It is one file, because finding and compiling its 300 modules
// would take longer than starting the server.
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const names = readdirSync(join(root, 'cmd'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(root, 'cmd', entry.name, 'main.ts')))
  .map((entry) => entry.name);

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['raw-socket', '*.node'],
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
  absWorkingDir: root,
};
mkdirSync(join(root, 'dist'), { recursive: true });
// package.json of the checkout says "module".
writeFileSync(join(root, 'dist/package.json'), '{"type":"commonjs"}\n');
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
const frontend = join(root, 'hack/containers/frontend/main.ts');
const results = await Promise.allSettled([
  ...names.map((name) =>
    build({
      ...shared,
      entryPoints: [join(root, 'cmd', name, 'main.ts')],
      outfile: join(root, 'dist/cmd', name, 'main.js'),
    }),
  ),
  build({
    ...shared,
    format: 'esm',
    // CommonJS packages call require() for Node's own modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    entryPoints: [join(root, 'cmd/kube-apiserver/start.ts')],
    outfile: join(root, 'dist/cmd/kube-apiserver/start.mjs'),
  }),
  build({ ...ui, entryPoints: [join(web, 'main.tsx')], outfile: join(root, 'dist/ui/app.js') }),
  build({
    ...shared,
    entryPoints: [frontend],
    outfile: join(root, 'dist/images/frontend/main.js'),
    sourcemap: false,
  }),
]);
// esbuild printed the reason.
if (results.some(({ status }) => status === 'rejected')) process.exitCode = 1;
