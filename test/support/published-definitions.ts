// CustomResourceDefinitions as known projects publish them, out of pinned npm packages.
//
// The packages @kubernetes-models/* (MIT) hold the schemas of the definitions of the Gateway API
// 1.0.0, cert-manager 1.11.2 with its neighbours, and the Prometheus Operator 0.57.0 (all
// Apache-2.0), written for a validator of JSON Schema. Descriptions, rules in CEL and list types
// are not in them. The package crdtoapi (Apache-2.0) holds whole definitions of Forklift as
// controller-gen 0.6.2 wrote them, in YAML.
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
  JSONSchemaProps,
} from '../../pkg/apis/apiextensions/v1/types.js';
import { npmArchive } from './npm-package.js';

const SCHEMAS: readonly { specification: string; sha512: string; leaveOut?: RegExp }[] = [
  {
    specification: '@kubernetes-models/gateway-api@0.5.1',
    sha512:
      'VsB6ipjcLCvOPmAbqxiK9dEEwD/yYGs5lkBTRFG2EcVGFy4o+JMWrTHuAXvaLtycGG67/qWJhHW8MtUhKJLdBg==',
  },
  {
    specification: '@kubernetes-models/cert-manager@4.3.1',
    sha512:
      'TPSQxSOWv3iCkvQFm0/ffRHc978SlbI1pMyaKGtLQvY5GqZxGpxiT2uYfwZGs4X18ZGCI4Zb869cjQmRKx34iA==',
    // These are of definitions of apiextensions.k8s.io/v1beta1.
    leaveOut: /^(certmanager\.k8s\.io|(acme\.)?cert-manager\.io.v1(alpha|beta))/,
  },
  {
    specification: '@kubernetes-models/prometheus-operator@4.0.0',
    sha512:
      '3d2aR/ezuAa0KLsbG618n1QUf8kQP0UV42FNGR6/+sec7/URCZqzOjy6sDBtHob3d/1/pBdov3PqUDK/kl9sFQ==',
  },
];

const YAML = {
  specification: 'crdtoapi@0.0.19',
  sha512:
    '+qu2dEe90qLk5gnIpv6jL7K6w8pMxFo6a/vL0Dj3Z/nODWIPjw0igOOl4cjA0F5FbvibTC5F0nA84zluP+aAGw==',
  folder: 'examples/forklift',
};

const OF_CLUSTER = new Set([
  'GatewayClass',
  'ClusterIssuer',
  'AWSPCAClusterIssuer',
  'Bundle',
  'CertificateRequestPolicy',
]);

/** The stored versions of kinds that store another than v1 or their last. */
const STORED: Record<string, string> = { AlertmanagerConfig: 'v1alpha1' };

/** The API server asks groups of k8s.io for the address of their review. */
const APPROVED = {
  'api-approved.kubernetes.io': 'https://github.com/kubernetes-sigs/gateway-api/pull/2466',
};
const isProtected = (group: string): boolean => group.endsWith('.k8s.io');

/** A schema of the packages: JSON Schema with references and nulls. */
type ModelSchema = Omit<JSONSchemaProps, 'oneOf'> & { oneOf?: ModelSchema[] };

/** The texts in YAML of whole published definitions. */
export async function publishedYaml(): Promise<string[]> {
  const folder = join(await npmArchive(YAML.specification, YAML.sha512), YAML.folder);
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
}

/** Definitions with the published schemas of their versions. */
export async function publishedDefinitions(): Promise<CustomResourceDefinition[]> {
  const all: CustomResourceDefinition[] = [];
  for (const { specification, sha512, leaveOut } of SCHEMAS) {
    const folder = await npmArchive(specification, sha512);
    const kinds = new Map<string, CustomResourceDefinition>();
    const files = await readdir(folder, { recursive: true });
    for (const file of files.sort()) {
      const [group, version, name] = file.split(sep);
      if (!name?.endsWith('.js') || name === 'index.js' || leaveOut?.test(file)) continue;
      const kind = name.slice(0, -3);
      const key = `${group}/${kind}`;
      if (!kinds.has(key)) kinds.set(key, definition(group!, kind));
      const schema = schemaIn(await readFile(join(folder, file), 'utf8'));
      kinds.get(key)!.spec.versions.push(versionOf(version!, schema));
    }
    for (const { spec } of kinds.values()) {
      const stored = STORED[spec.names.kind] ?? 'v1';
      const version = spec.versions.find(({ name }) => name === stored) ?? spec.versions.at(-1)!;
      version.storage = true;
    }
    all.push(...kinds.values());
  }
  return all;
}

/** The object literal that the file gives its constant `schema`; it is JSON. */
function schemaIn(text: string): JSONSchemaProps {
  const literal = /\nconst schema = (\{[\s\S]*?\n\});/.exec(text);
  return restored(JSON.parse(literal![1]!) as ModelSchema);
}

function definition(group: string, kind: string): CustomResourceDefinition {
  const singular = kind.toLowerCase();
  const plural = /[^aeiou]y$/.test(singular)
    ? `${singular.slice(0, -1)}ies`
    : `${singular}${singular.endsWith('s') ? 'es' : 's'}`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      ...(isProtected(group) ? { annotations: APPROVED } : {}),
    },
    spec: {
      group,
      scope: OF_CLUSTER.has(kind) ? 'Cluster' : 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular },
      versions: [],
    },
  };
}

const versionOf = (
  name: string,
  openAPIV3Schema: JSONSchemaProps,
): CustomResourceDefinitionVersion => ({
  name,
  served: true,
  storage: false,
  schema: { openAPIV3Schema },
  ...(openAPIV3Schema.properties!['status'] ? { subresources: { status: {} } } : {}),
});

/**
 * The schema as a definition has it: the packages let every optional field be null, narrow
 * apiVersion and kind, refer to the type of the metadata, and drop the extensions.
 */
function restored(schema: ModelSchema): JSONSchemaProps {
  const whole = structural(schema);
  whole.properties = {
    ...whole.properties,
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
  };
  whole.required = whole.required!.filter((name) => name !== 'apiVersion' && name !== 'kind');
  return whole;
}

const each = (schemas: Record<string, unknown>): Record<string, JSONSchemaProps> =>
  Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, structural(schema as ModelSchema)]),
  );

function structural(schema: ModelSchema): JSONSchemaProps {
  const other = schema.oneOf?.find((one) => one.type !== 'null');
  if (schema.oneOf?.some((one) => one.type === 'null')) return structural(other!);
  const { nullable: _, ...rest } = schema;
  const { properties, items, additionalProperties } = rest;
  return {
    ...(rest as JSONSchemaProps),
    ...(properties ? { properties: each(properties) } : {}),
    ...(items ? { items: structural(items as ModelSchema) } : {}),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: structural(additionalProperties as ModelSchema) }
      : {}),
    ...(isIntOrString(rest) ? { 'x-kubernetes-int-or-string': true } : {}),
    ...(Object.keys(rest).length ? {} : { 'x-kubernetes-preserve-unknown-fields': true }),
  };
}

const isIntOrString = ({ anyOf }: ModelSchema): boolean =>
  anyOf?.length === 2 && anyOf[0]!.type === 'integer' && anyOf[1]!.type === 'string';
