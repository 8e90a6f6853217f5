// Bundles every cmd/NAME/main.ts into dist/cmd/NAME/main.js for Node 20 and later, because finding
// and compiling its 300 modules would take longer than starting the program. The modules behind an
// import() are files in dist/cmd/NAME/chunks, which their first use loads. Those of older builds
// stay for a week, because a running program may still need them.
// Packages with native parts are not bundled; they come from node_modules at run time. The web UI
// goes to dist/ui, the npm package wheelhouse-test to dist/npm.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
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
 * Gives the exports of a module as values when it has run. esbuild makes them getters of getters:
 * each use of a function in another chunk costs two calls. The linter refuses exports that change.
 */
const PLAIN_EXPORTS = `module.exports = Object.defineProperty({ ...module.exports }, '__esModule', {
  value: true,
});`;

/**
 * esbuild splits ES modules only, and Node takes 12 ms more to start one than to start a CommonJS
 * module: the split modules are translated.
 */
async function bundleSplit(entry, outdir, settings = {}) {
  const modules = mkdtempSync(join(root, 'dist/modules-'));
  const { metafile } = await build({
    ...shared,
    ...settings,
    entryPoints: [join(root, entry)],
    outdir: modules,
    metafile: true,
  });
  await build({
    ...node,
    bundle: false,
    format: 'cjs',
    supported: { 'dynamic-import': false },
    entryPoints: [join(modules, `**/*${settings.outExtension?.['.js'] ?? '.js'}`)],
    outbase: modules,
    outdir: join(root, outdir),
    footer: { js: PLAIN_EXPORTS },
    ...settings,
  });
  rmSync(modules, { recursive: true });
  return metafile;
}

/** Compiles a program as its main.js does, and writes V8's code cache beside it. */
const COMPILE = `
const { Script } = require('node:vm');
const { readFileSync, writeFileSync } = require('node:fs');
const file = process.argv[1];
const script = new Script(readFileSync(file, 'latin1'), { filename: file });
writeFileSync(file + '.cache', script.createCachedData());`;

/**
 * Gives a program V8's code cache, because compiling took an eighth of the API server's start.
 * main.js runs the program from a file with a hash in its name: V8 compares no more than the length
 * of the source with the cache. Another version of V8, or other flags, compile as ever.
 */
function cacheCode(name, nodeFlags) {
  const folder = join(root, 'dist/cmd', name);
  const replace = (file, text) => {
    writeFileSync(join(folder, 'new'), text, 'latin1');
    renameSync(join(folder, 'new'), join(folder, file));
  };
  const parameters = 'exports, require, module, __filename, __dirname';
  const source = readFileSync(join(folder, 'main.js'), 'latin1');
  const text = `(function (${parameters}) {${source}\n})`;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const program = `program-${hash}.js`;
  replace(program, text);
  execFileSync(process.execPath, [...nodeFlags, '-e', COMPILE, join(folder, program)]);
  replace(
    'main.js',
    `const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const filename = __dirname + '/${program}';
const cachedData = readFileSync(filename + '.cache');
const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
script.runInThisContext()(${parameters});
`,
  );
  for (const file of readdirSync(folder))
    if (file.startsWith('program-') && !file.startsWith(program)) rmSync(join(folder, file));
}

const PACKAGE = 'packages/wheelhouse-test';
const PACKED = join(root, 'dist/npm/wheelhouse-test');

/** The licenses of the npm packages whose code is in a bundle. */
function notices({ inputs }) {
  const packages = Object.keys(inputs).flatMap(
    (path) => /.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  );
  return [...new Set(packages)].sort().map((found) => {
    const folder = join(root, 'node_modules', found);
    const { name, version, license } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    );
    const file = readdirSync(folder).find((one) => /^(licen[cs]e|copying)/i.test(one));
    const text = file ? readFileSync(join(folder, file), 'utf8').trim() : '';
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
}

/**
 * The npm package, ready for `npm pack`: no dependency, since everything is in the bundles. Its
 * declarations come from tsc.
 */
async function bundlePackage() {
  const source = (file) => join(root, PACKAGE, 'src', file);
  const settings = { outExtension: { '.js': '.cjs' }, sourcemap: false };
  const small = {
    ...node,
    ...settings,
    format: 'cjs',
    // An old Node.js must be able to say that it is too old.
    target: 'node14',
    define: { 'import.meta.dirname': '__dirname' },
    outdir: PACKED,
  };
  const beside = {
    name: 'beside',
    setup: ({ onResolve }) =>
      onResolve({ filter: /\/wheelhouse-test\.js$/ }, () => ({
        path: './wheelhouse-test.cjs',
        external: true,
      })),
  };
  rmSync(PACKED, { recursive: true, force: true });
  const metafile = await bundleSplit(`${PACKAGE}/src/thread.ts`, 'dist/npm/wheelhouse-test', {
    ...settings,
    plugins: [],
  });
  await build({ ...small, entryPoints: [source('wheelhouse-test.ts')] });
  await build({ ...small, entryPoints: [source('cli.ts')], plugins: [beside] });
  const write = (file, text) => writeFileSync(join(PACKED, file), text);
  write('THIRD-PARTY-NOTICES.txt', notices(metafile).join(`\n${'-'.repeat(80)}\n`));
  write(
    'wheelhouse-test.js',
    `import all from './wheelhouse-test.cjs';\nexport const { startApiServer, startCluster } = all;\n`,
  );
  for (const file of ['package.json', 'README.md'])
    copyFileSync(join(root, PACKAGE, file), join(PACKED, file));
  copyFileSync(join(root, 'LICENSE'), join(PACKED, 'LICENSE'));
  const types = join(root, 'build', PACKAGE, 'src/wheelhouse-test.d.ts');
  for (const name of ['wheelhouse-test.d.ts', 'wheelhouse-test.d.cts'])
    copyFileSync(types, join(PACKED, name));
}

/** Changes of the page need this part only: `node hack/bundle.mjs ui`. */
async function bundleUi() {
  const web = join(root, 'pkg/ui/web');
  const outdir = join(root, 'dist/ui');
  mkdirSync(outdir, { recursive: true });
  const fixed = ['index.html', 'icon.svg', 'app.css'];
  for (const file of fixed) copyFileSync(join(web, file), join(outdir, file));
  const { metafile } = await build({
    bundle: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    splitting: true,
    loader: { '.css': 'text' },
    chunkNames: '[name]-[hash]',
    logLevel: 'warning',
    absWorkingDir: outdir,
    entryPoints: { app: join(web, 'main.tsx') },
    outdir,
    metafile: true,
  });
  // Running servers have the chunks of older builds in memory.
  for (const file of readdirSync(outdir))
    if (!fixed.includes(file) && !metafile.outputs[file]) rmSync(join(outdir, file));
}

async function bundlePrograms() {
  mkdirSync(join(root, 'dist'), { recursive: true });
  // package.json of the checkout says "module".
  const settings = { type: 'commonjs', imports: { '#packages/*': './packages/*.cjs' } };
  writeFileSync(join(root, 'dist/package.json'), JSON.stringify(settings));
  const frontend = join(root, 'examples/guestbook-frontend/main.ts');
  const results = await Promise.allSettled([
    ...names.map((name) => bundleSplit(`cmd/${name}/main.ts`, `dist/cmd/${name}`)),
    bundlePackage(),
    ...DEFERRED.map((name) =>
      build({
        ...node,
        stdin: { contents: `module.exports = require('${name}')`, resolveDir: root },
        outfile: join(root, `dist/packages/${plain(name)}.cjs`),
      }),
    ),
    build({
      ...node,
      format: 'cjs',
      entryPoints: [join(root, 'cmd/watchdog-thread.ts')],
      outfile: join(root, 'dist/cmd/watchdog-thread.js'),
    }),
    bundleUi(),
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
  if (results.some(({ status }) => status === 'rejected')) return void (process.exitCode = 1);
  const { nodeFlags } = await import('../build/hack/cluster/layout.js');
  const { ADDONS } = await import('../build/hack/containers/catalog.js');
  for (const name of names) if (!ADDONS.includes(name)) cacheCode(name, nodeFlags(name));
}

await (process.argv[2] === 'ui' ? bundleUi() : bundlePrograms());
