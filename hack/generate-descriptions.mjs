// Writes the field descriptions that `kubectl explain` shows, from the doc comments of two
// dependencies: @kubernetes/client-node, and kubernetes-types for object fields that the former
// does not document. The output is built, not committed, because the texts belong to those
// projects. The API server finds the file beside its bundle or one or two folders above.
//
//   node hack/generate-descriptions.mjs [dist/openapi-descriptions.json]
//
// Form: {"io.k8s.api.core.v1.Pod": {"": "text of the kind", "spec": "text of the field"}}
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = resolve(process.argv[2] ?? join(root, 'dist/openapi-descriptions.json'));
const models = join(
  dirname(createRequire(join(root, 'package.json')).resolve('@kubernetes/client-node')),
  'gen/models',
);
const { messages } = JSON.parse(
  readFileSync(join(root, 'hack/api-facts/kubernetes-1.32-messages.json'), 'utf8'),
);

const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);

/**
 * 'io.k8s.api.core.v1.Event' is in CoreV1Event.d.ts; a kind with a unique name is in V1NAME.d.ts.
 */
function fileOf(schemaName) {
  const match = /\.(\w+)\.(v\w+)\.(\w+)$/.exec(schemaName);
  if (!match) return undefined;
  const [, group, version, kind] = match;
  const name = [`${capital(group)}${capital(version)}${kind}`, `${capital(version)}${kind}`].find(
    (n) => existsSync(join(models, `${n}.d.ts`)),
  );
  return name && join(models, `${name}.d.ts`);
}

const text = (comment) =>
  comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*?\s?/, '').trimEnd())
    .join('\n')
    .trim()
    .replace(/\\(['"`])/g, '$1');
const field = (name) =>
  name
    .replace(/^_/, '')
    .replace(/^x_kubernetes_/, 'x-kubernetes-')
    .replaceAll(/(?<=^x-.*)_/g, '-');

const types = dirname(
  createRequire(join(root, 'package.json')).resolve('kubernetes-types/package.json'),
);
const interfaces = new Map();

/**
 * The texts of a kind's fields in kubernetes-types; those of 'io.k8s.api.apps.v1.Deployment' are in
 * apps/v1.d.ts.
 */
function fieldTexts(schemaName) {
  const match = /\.(\w+)\.(v\w+)\.(\w+)$/.exec(schemaName);
  if (!match) return {};
  const [, group, version, kind] = match;
  const file = join(types, group, `${version}.d.ts`);
  if (!interfaces.has(file)) {
    const source = existsSync(file) ? readFileSync(file, 'utf8') : '';
    interfaces.set(
      file,
      new Map(
        [...source.matchAll(/^export interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm)].map(
          ([, name, body]) => [name, body],
        ),
      ),
    );
  }
  const body = interfaces.get(file).get(kind) ?? '';
  return Object.fromEntries(
    [...body.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:readonly )?"?([\w$-]+)"?\??:/g)].map(
      ([, comment, name]) => [name, text(comment)],
    ),
  );
}

const descriptions = {};
for (const schemaName of Object.keys(messages)) {
  const file = fileOf(schemaName);
  if (!file) continue;
  const source = readFileSync(file, 'utf8');
  const entry = {};
  const kind = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export declare class/.exec(source);
  if (kind) entry[''] = text(kind[1]);
  for (const [, comment, name] of source.matchAll(
    /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*'([^']+)'\??:/g,
  ))
    entry[field(name)] = text(comment);
  for (const [name, words] of Object.entries(fieldTexts(schemaName))) entry[name] ??= words;
  if (Object.keys(entry).length > 0) descriptions[schemaName] = entry;
}
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, JSON.stringify(descriptions));
console.log(
  `${Object.keys(descriptions).length} kinds, ${JSON.stringify(descriptions).length} bytes: ${out}`,
);
