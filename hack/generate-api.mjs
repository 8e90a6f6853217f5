// Writes the API types and fact tables of pkg/apis and pkg/apimachinery from hack/api-facts/*.json
// (Kubernetes v1.32 names, JSON types, protobuf numbers and merge metadata).
// Run: node hack/generate-api.mjs. The output is committed; test/repo checks that it is fresh.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = process.argv[2] ?? root; // the freshness test passes another folder
const read = (name) =>
  JSON.parse(readFileSync(join(root, 'hack/api-facts', `kubernetes-1.32-${name}.json`), 'utf8'));
/** Resources of a feature gate. */
const gated = JSON.parse(
  readFileSync(join(root, 'hack/api-facts/kubernetes-1.34-mutating-policies.json'), 'utf8'),
);
const messages = { ...read('messages').messages, ...gated.messages };
const { columns } = read('columns');
/** Subresources of feature gates that v1.32 has off by default: its server does not serve them. */
const GATED_SUBRESOURCES = ['pods/resize'];

const { resources } = read('resources');
for (const r of resources)
  r.subresources = r.subresources?.filter(
    ({ name }) => !GATED_SUBRESOURCES.includes(`${r.resource}/${name}`),
  );

const skipped = /\.(testapigroup|example2?|audit)\.v1\./;
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const scalars = {
  string: 'string',
  boolean: 'boolean',
  'integer:int32': 'number',
  'integer:int64': 'number',
  'string:byte': 'string',
  number: 'number',
  'number:double': 'number',
};
const wellKnown = {
  [`${META}.Time`]: 'string',
  [`${META}.MicroTime`]: 'string',
  [`${META}.FieldsV1`]: 'Record<string, unknown>',
  [`${META}.Patch`]: 'unknown',
  [`${META}.Duration`]: 'string',
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'string',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'number | string',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'unknown',
  'io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON': 'unknown',
  'io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray':
    'JSONSchemaProps | JSONSchemaProps[]',
  'io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool':
    'JSONSchemaProps | boolean',
  'io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray':
    'JSONSchemaProps | string[]',
};

/** 'io.k8s.api.core.v1.Pod' -> 'pkg/apis/core/v1/types.ts' */
function fileOf(message) {
  const pkg = message.slice(0, message.lastIndexOf('.'));
  if (pkg === META) return 'pkg/apimachinery/meta/types.ts';
  const m = /\.(?:api|apis)\.(\w+)\.(v\w+)$/.exec(pkg);
  return m ? `pkg/apis/${m[1]}/${m[2]}/types.ts` : undefined;
}
const nameOf = (message) => message.slice(message.lastIndexOf('.') + 1);

const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
/**
 * Go's shape of each field (pointer, omitempty) joins its facts. The fields of an inlined struct
 * get theirs from that struct.
 */
function addWireShape(all) {
  const shapes = { ...read('wire-shape'), ...gated.shapes };
  const shapeOf = (name) => {
    const [group, version, kind] = name.split('.').slice(-3);
    const own = shapes[`${group}/${version}`]?.[kind] ?? {};
    const owner = name.slice(0, name.lastIndexOf('.'));
    const inlined = Object.values(all[name]?.protoOnly ?? {}).map(({ proto }) =>
      shapeOf(`${owner}.${proto}`),
    );
    return Object.assign({}, ...inlined, own);
  };
  for (const [name, message] of Object.entries(all)) {
    const shape = shapeOf(name);
    for (const [field, facts] of Object.entries(message.fields ?? {}))
      facts.go = shape[field] ?? shape[`$${field}`] ?? shape[kebab(field)];
  }
}

addWireShape(messages);

const files = new Map();
for (const [name, message] of Object.entries(messages)) {
  const file = fileOf(name);
  if (!file || skipped.test(name) || wellKnown[name] || !hasJson(message)) continue;
  if (!files.has(file)) files.set(file, []);
  files.get(file).push(name);
}
function hasJson(message) {
  return Object.values(message.fields ?? {}).some((f) => f.type);
}

function typeOf(type, imports, file) {
  if (type.endsWith('[]')) return `${group(typeOf(type.slice(0, -2), imports, file))}[]`;
  const map = /^map<(.*)>$/.exec(type);
  if (map) return `Record<string, ${typeOf(map[1], imports, file)}>`;
  if (scalars[type]) return scalars[type];
  if (wellKnown[type]) return wellKnown[type];
  const other = fileOf(type);
  if (!other || !messages[type] || !hasJson(messages[type])) return 'unknown';
  if (other !== file) {
    if (!imports.has(other)) imports.set(other, new Set());
    imports.get(other).add(nameOf(type));
  }
  return nameOf(type);
}
const group = (t) => (t.includes('|') ? `(${t})` : t);
const propertyName = (n) => (/^[A-Za-z_$][\w$]*$/.test(n) ? n : `'${n}'`);

/** Required lists that validation lets be empty. Go writes such a list as null. */
const EMPTY_LISTS = new Set([
  'CSINodeSpec.drivers',
  'EndpointSlice.endpoints',
  'LimitRangeSpec.limits',
  'PodFailurePolicy.rules',
  'SuccessPolicy.rules',
]);

/** Objects are described as the server returns them: with metadata, the name, and spec. */
function isRequired(name, message, field, facts) {
  if (facts.required) return true;
  if (name === `${META}.ObjectMeta`) return field === 'name';
  if (name === `${META}.ListMeta`) return false;
  if (!message.gvk) return false;
  return ['apiVersion', 'kind', 'metadata', 'spec', 'items'].includes(field);
}

const banner = '// Written by hack/generate-api.mjs from hack/api-facts; do not edit.\n';
function write(file, text) {
  mkdirSync(dirname(join(out, file)), { recursive: true });
  writeFileSync(join(out, file), text);
}

for (const [file, names] of files) {
  const imports = new Map();
  const bodies = names.sort().map((name) => {
    const message = messages[name];
    const kind = message.gvk?.length === 1 ? message.gvk[0] : undefined;
    const fields = Object.entries(message.fields)
      .filter(([, f]) => f.type)
      .map(([field, f]) => {
        let type = typeOf(f.type, imports, file);
        const optional = !isRequired(name, message, field, f);
        if (/^[lm]!$/.test(f.go ?? '') && (optional || EMPTY_LISTS.has(`${nameOf(name)}.${field}`)))
          type = `${type} | null`;
        if (kind && field === 'apiVersion')
          type = `'${kind.group ? `${kind.group}/` : ''}${kind.version}'`;
        if (kind && field === 'kind') type = `'${kind.kind}'`;
        return `  ${propertyName(field)}${optional ? '?' : ''}: ${type};`;
      });
    return `/** ${name.slice('io.k8s.'.length)} */\nexport interface ${nameOf(name)} {\n${fields.join('\n')}\n}\n`;
  });
  const head = [...imports]
    .map(([other, set]) => {
      let path = relative(dirname(file), other).replace(/\.ts$/, '.js');
      if (!path.startsWith('.')) path = `./${path}`;
      return `import type { ${[...set].sort((a, b) => (a < b ? -1 : 1)).join(', ')} } from '${path}';\n`;
    })
    .join('');
  write(file, `${banner}${head}\n${bodies.join('\n')}`);
}

const kept = Object.fromEntries(Object.entries(messages).filter(([name]) => !skipped.test(name)));
const escape = (text) => text.replace(/\\/g, '\\\\').replace(/`|\$(?=\{)/g, '\\$&');
/** JSON with one line per entry of the table and per field of a message. */
function linesOf(value) {
  const entry = (item) => {
    const { fields, ...rest } = item;
    if (!fields || Object.keys(fields).length === 0) return JSON.stringify(item);
    const lines = Object.entries(fields).map(
      ([field, facts]) => `${JSON.stringify(field)}: ${JSON.stringify(facts)}`,
    );
    const others = Object.entries(rest).map(
      ([key, facts]) => `${JSON.stringify(key)}: ${JSON.stringify(facts)},\n  `,
    );
    return `{\n  ${others.join('')}"fields": {\n    ${lines.join(',\n    ')}\n  }\n}`;
  };
  if (Array.isArray(value)) return `[\n${value.map(entry).join(',\n')}\n]`;
  return `{\n${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${entry(item)}`)
    .join(',\n')}\n}`;
}
/** A table is a text for JSON.parse, which V8 loads twice as fast as an object literal. */
const table = (doc, name, type, importLine, value) =>
  `${banner}${importLine}\n/** ${doc} */\nexport const ${name} = JSON.parse(\n  \`${escape(linesOf(value))}\`,\n) as ${type};\n`;
write(
  'pkg/apis/facts/messages.ts',
  table(
    'Every message of the v1.32 API by its schema name.',
    'MESSAGES',
    'Record<string, MessageFacts>',
    "import type { MessageFacts } from '../../apimachinery/schema/facts.js';\n",
    kept,
  ),
);
write(
  'pkg/apis/facts/columns.ts',
  table(
    'Table columns by kind, as upstream prints them.',
    'COLUMNS',
    'Record<string, ColumnFacts[]>',
    "import type { ColumnFacts } from '../../apimachinery/schema/facts.js';\n",
    columns,
  ),
);

const constant = (name) => name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
const used = new Map();
const lines = [];
const typeImports = new Map();
const kindFile = (r) =>
  [...files.keys()].find((f) => {
    const folder = (r.group || 'core').split('.')[0];
    return (
      f === `pkg/apis/${folder}/${r.version}/types.ts` ||
      (folder === 'rbac' && f === `pkg/apis/rbac/${r.version}/types.ts`)
    );
  });
for (const r of [...resources, ...gated.resources]) {
  let name = constant(r.kind);
  name =
    name.endsWith('S') && /ss$|us$/i.test(r.kind)
      ? `${name}ES`
      : name.endsWith('Y')
        ? `${name.slice(0, -1)}IES`
        : name.endsWith('S')
          ? name
          : `${name}S`;
  if (used.has(name))
    name =
      r.version === 'v1' && r.group !== 'events.k8s.io'
        ? `${name}_V1`
        : `${name}_${constant(r.group.split('.')[0] || 'core')}${r.version === 'v1' ? '' : `_${r.version.toUpperCase()}`}`;
  used.set(name, true);
  const file = kindFile(r);
  let type = 'ApiObject';
  if (
    file &&
    messages[Object.keys(messages).find((m) => fileOf(m) === file && nameOf(m) === r.kind) ?? '']
  ) {
    type = `${(r.group || 'core').split('.')[0]}${r.version}.${r.kind}`;
    typeImports.set(`${(r.group || 'core').split('.')[0]}${r.version}`, file);
  }
  const { resource, kind, namespaced } = r;
  lines.push(
    `export const ${name}: ResourceType<${type}> = { group: '${r.group}', version: '${r.version}', resource: '${resource}', kind: '${kind}', namespaced: ${namespaced} };`,
  );
}
const ns = [...typeImports]
  .map(
    ([alias, file]) =>
      `import type * as ${alias} from './${relative('pkg/apis', file).replace(/\.ts$/, '.js')}';\n`,
  )
  .join('');
write(
  'pkg/apis/resource-types.ts',
  `${banner}import type { ${lines.some((line) => line.includes('<ApiObject>')) ? 'ApiObject, ' : ''}ResourceType } from '../apimachinery/meta/object.js';\n${ns}\n${lines.join('\n')}\n`,
);
for (const [file, doc, name, list] of [
  ['resources', 'Every served resource of the v1.32 API.', 'RESOURCES', resources],
  [
    'gated-resources',
    'The resources of the feature gate MutatingAdmissionPolicy.',
    'GATED_RESOURCES',
    gated.resources,
  ],
])
  write(
    `pkg/apis/facts/${file}.ts`,
    table(
      doc,
      name,
      'ResourceFacts[]',
      "import type { ResourceFacts } from '../../apimachinery/schema/facts.js';\n",
      list,
    ),
  );
