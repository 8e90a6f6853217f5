// Writes TypeScript modules of tables that are data: NAME.generated.ts beside NAME.yaml, and the
// schema of the container runtime interface from its .proto files. The programs then read no file
// at run time, and flags keep literal types.
// Run: node hack/generate-tables.mjs. The output is committed; test/repo checks that it is fresh.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { parse } from 'yaml';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = process.argv[2] ?? root; // the freshness test passes another folder
const read = (file) => readFileSync(join(root, file), 'utf8');

/**
 * The YAML files. Each top-level key becomes a constant: of the type that the row names, with its
 * module, or with literal types.
 */
const TABLES = {
  'cmd/config-kinds.yaml': ['ConfigKind', './config-file.js'],
  'cmd/flags.yaml': undefined,
  'cmd/kubectl-flags.yaml': undefined,
  'cmd/flanneld/flags.yaml': undefined,
  'cmd/ingress-controller/flags.yaml': undefined,
  'cmd/kube-apiserver/flags.yaml': undefined,
  'cmd/kube-apiserver/metrics.yaml': undefined,
  'cmd/kube-controller-manager/flags.yaml': undefined,
  'cmd/kube-proxy/flags.yaml': undefined,
  'cmd/kube-scheduler/flags.yaml': undefined,
  'cmd/kubeadm/flags.yaml': undefined,
  'cmd/kubeadm/programs.yaml': undefined,
  'cmd/kubectl-rolling_update/flags.yaml': undefined,
  'cmd/kubectl-stop/flags.yaml': undefined,
  'cmd/kubelet/flags.yaml': undefined,
  'cmd/metrics-server/flags.yaml': undefined,
  'cmd/skydns/flags.yaml': undefined,
  'cmd/upstream-flags.yaml': ['FlagRows', './upstream-flags.js'],
  'hack/cluster/audit-policy.yaml': ['object'],
  'test/cis/cis-checks.yaml': ['readonly (readonly string[])[]'],
  'hack/cluster/flags.yaml': undefined,
  'hack/cluster/logs.yaml': undefined,
  'hack/cluster/components.yaml': [
    '{ [program: string]: { [flag: string]: string | number | boolean } }',
  ],
  'test/repo/layers.yaml': ['LayerTables', './layers.js'],
  'pkg/apimachinery/schema/go-types.yaml': ['{ [type: string]: string }'],
  'pkg/apis/core/v1/go-structs.yaml': ['{ [name: string]: string }'],
  'pkg/admission/webhooks/metrics.yaml': undefined,
  'pkg/apiserver/audit/metrics.yaml': undefined,
  'pkg/apiserver/authz/metrics.yaml': undefined,
  'pkg/apiserver/flowcontrol/metrics.yaml': undefined,
  'pkg/apiserver/metrics/metrics.yaml': undefined,
  'pkg/apiserver/openapi/operations.yaml': ['OperationTable', './names.js'],
  'pkg/apiserver/openapi/custom-members.yaml': undefined,
  'pkg/apiserver/discovery/priorities.yaml': ['Readonly<Record<string, number>>'],
  'pkg/apis/certificates/v1/usages.yaml': ['readonly string[]'],
  'pkg/dns/wire/codes.yaml': undefined,
  'pkg/client/metrics.yaml': undefined,
  'pkg/controller/controllers.yaml': undefined,
  'pkg/controller/runtime/metrics.yaml': undefined,
  'pkg/controller/localpath/objects.yaml': ['object'],
  'pkg/controller/podautoscaler/texts.yaml': undefined,
  'pkg/controller/service/ports.yaml': undefined,
  'pkg/dns/metrics.yaml': undefined,
  'pkg/flannel/config-schema.yaml': undefined,
  'pkg/ingress/frame.yaml': undefined,
  'pkg/kubelet/metrics.yaml': undefined,
  'pkg/metrics/metrics.yaml': undefined,
  'pkg/kubelet/stats/tables.yaml': undefined,
  'pkg/proxy/metrics.yaml': undefined,
  'pkg/registry/flowcontrol/default-flows.yaml': ['FlowTable', './default-flows.js'],
  'pkg/registry/rbac/policy.yaml': ['PolicyTable', './default-policy.js'],
  'pkg/scheduler/metrics.yaml': undefined,
  'pkg/system/netlink/socket/numbers.yaml': undefined,
  'pkg/ui/web/actions.yaml': ['ActionTable', './actions.js'],
  'pkg/ui/web/words.yaml': undefined,
};

const escape = (text) => text.replace(/\\/g, '\\\\').replace(/`|\$(?=\{)/g, '\\$&');
/** A text for JSON.parse, which V8 loads faster than a literal, and which bundles keep as short. */
const parsed = (name, type, value) =>
  `export const ${name} = /* @__PURE__ */ JSON.parse(\n  \`${escape(lines(value, 2))}\`,\n) as ${type};\n`;

/** One line per entry of the table and of its members. */
function lines(value, depth) {
  const isTable = typeof value === 'object' && value !== null && depth > 0;
  if (!isTable || Object.keys(value).length === 0) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) =>
    Array.isArray(value)
      ? lines(item, depth - 1)
      : `${JSON.stringify(key)}: ${lines(item, depth - 1)}`,
  );
  return Array.isArray(value) ? `[\n${entries.join(',\n')}\n]` : `{\n${entries.join(',\n')}\n}`;
}

function write(target, source, imports, constants) {
  const banner = `// Written by hack/generate-tables.mjs from ${source}; do not edit.\n`;
  mkdirSync(dirname(join(out, target)), { recursive: true });
  writeFileSync(join(out, target), `${banner}${imports}\n${constants.join('\n')}`);
}

for (const [source, typed] of Object.entries(TABLES)) {
  const [type, module] = typed ?? [];
  const constants = Object.entries(parse(read(source))).map(([name, value]) =>
    type ? parsed(name, type, value) : `export const ${name} = ${lines(value, 1)} as const;\n`,
  );
  const imports = module ? `import type { ${type} } from '${module}';\n` : '';
  write(source.replace('.yaml', '.generated.ts'), basename(source), imports, constants);
}

/**
 * The facts of a folder by name. A constant has the type that the row gives to its name, or literal
 * types.
 */
const FACTS = {
  'pkg/apis/core/v1/validation/facts.yaml': {
    SIZE_DIVISORS: 'readonly string[]',
    MOVED_TOPOLOGY: 'Readonly<Record<string, string>>',
    HOST_PATH_TYPES: 'readonly string[]',
    QUOTA_SCOPES: 'readonly string[]',
    NOT_A_SOURCE: 'ReadonlySet<string>',
    COUNTED_QUOTA: 'ReadonlySet<string>',
    ENV_FIELDS: 'readonly string[]',
    VOLUME_FIELDS: 'readonly string[]',
    CONTAINER_RESOURCES: 'readonly string[]',
  },
  'pkg/apis/core/v1/facts.yaml': {
    MOVED_LABELS: 'Readonly<Record<string, string>>',
    OLD_ANNOTATIONS: 'Readonly<Record<string, string>>',
  },
  'pkg/apis/events/v1/facts.yaml': {},
  'pkg/apis/flowcontrol/v1/facts.yaml': { VERBS: 'readonly string[]' },
  'pkg/apis/apps/v1/facts.yaml': {},
  'pkg/apiserver/authn/oidc/facts.yaml': {},
  'pkg/apiserver/audit/facts.yaml': {},
  'pkg/apiserver/authz/facts.yaml': {},
  'pkg/admission/facts.yaml': {
    KUBELET_LABELS: 'ReadonlySet<string>',
    POD_SECURITY_RESOURCES: 'readonly string[]',
  },
  'pkg/admission/policy/facts.yaml': { EXCLUDED: 'Readonly<Record<string, readonly string[]>>' },
  'pkg/apiserver/metrics/facts.yaml': { VERBS: 'Record<string, string>' },
  'pkg/apiserver/verbs/facts.yaml': {
    CARRIED: 'readonly string[]',
    RETURNS_OBJECT: 'ReadonlySet<string>',
  },
  'pkg/apiserver/webhook/facts.yaml': { MESSAGES_BY_CODE: 'Readonly<Record<number, string>>' },
  'pkg/client/facts.yaml': { PLAIN_REASONS: 'Record<number, string>' },
  'pkg/apiextensions/validation/facts.yaml': { TYPES: 'readonly string[]' },
  'pkg/apiserver/dial/facts.yaml': { DIAL_TEXTS: 'Readonly<Record<string, string>>' },
  'pkg/apiserver/request/facts.yaml': { METHOD_VERBS: 'Record<string, string>' },
  'pkg/apiserver/streaming/facts.yaml': {
    CONNECTION_HEADERS: 'ReadonlySet<string>',
    DEFAULT_ADDRESS_TYPES: 'readonly string[]',
  },
  'pkg/apiserver/proxy/facts.yaml': { HOP_BY_HOP: 'readonly string[]' },
  'pkg/admission/webhooks/facts.yaml': { EXEMPT: 'ReadonlySet<string>' },
  'pkg/cel/library/facts.yaml': { DATE_IDS: 'Readonly<Record<string, string>>' },
  'pkg/apis/meta/v1/facts.yaml': {},
  'pkg/apis/batch/v1/facts.yaml': {},
  'pkg/apimachinery/errors/facts.yaml': {},
  'pkg/apimachinery/schema/facts.yaml': {
    JSON_SCALARS: 'Readonly<Record<string, keyof typeof GO_SCALARS>>',
    PROTO_SCALARS: 'Readonly<Record<string, keyof typeof GO_SCALARS>>',
  },
  'pkg/kubelet/pod/facts.yaml': { SAFE_SYSCTLS: 'readonly string[]' },
  'pkg/kubelet/container/facts.yaml': {
    MASKED: 'readonly string[]',
    READONLY: 'readonly string[]',
  },
  'pkg/system/pki/facts.yaml': {
    USAGE_BITS: 'Readonly<Record<string, number>>',
    PURPOSES: 'Readonly<Record<string, string>>',
  },
};

for (const [source, types] of Object.entries(FACTS)) {
  const constants = Object.entries(parse(read(source))).map(([name, value]) =>
    types[name]?.startsWith('ReadonlySet')
      ? `export const ${name}: ${types[name]} = new Set(${lines(value, 1)});\n`
      : types[name]
        ? `export const ${name}: ${types[name]} = ${lines(value, 1)};\n`
        : `export const ${name} = ${lines(value, 1)} as const;\n`,
  );
  write(source.replace('.yaml', '.generated.ts'), basename(source), '', constants);
}

/** The messages of a .proto file as protobufjs JSON (Root.toJSON), without original names. */
function schemaOf(file) {
  const parsed = protobuf.parse(read(file), new protobuf.Root(), { keepCase: false });
  const nested = parsed.root.resolveAll().lookup(parsed.package).toJSON().nested;
  return JSON.parse(
    JSON.stringify(nested, (key, value) => (key === 'protoName' ? undefined : value)),
  );
}
const CRI = 'pkg/kubelet/runtime/cri';
const schema = (name, file) => parsed(name, 'Record<string, object>', schemaOf(`${CRI}/${file}`));
write(`${CRI}/schema.generated.ts`, 'api.proto and events.proto', '', [
  schema('CRI_SCHEMA', 'api.proto'),
  schema('EVENTS_SCHEMA', 'events.proto'),
]);
