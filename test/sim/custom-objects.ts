// Custom resources of the simulation: their definitions, their objects, and a judge of what the
// store holds. The judge knows the rules by itself and asks no code of the product.
import type { ApiObject } from '../../pkg/apimachinery/meta/object.js';
import type { CustomResourceDefinition } from '../../pkg/apis/apiextensions/v1/types.js';
import type { Faults } from './faults.js';
import { nameOf, type AnyObject, type Change, type Model } from './model.js';

type Chance = Pick<Faults, 'between' | 'pick'>;

export const GROUP = 'sim.example.com';
/** Paths of definitions, custom resources and configurations of webhooks. */
export const CUSTOM_PATH = /^\/apis\/(sim\.example\.com|apiextensions|admissionregistration)\b/;
export const HOLD = `${GROUP}/hold`;
export const HOOK_URL = 'https://hooks.example.com';
/** The validating webhook denies this size. */
export const DENIED_SIZE = 4;
/** After this each server knows a webhook, and no older request is under way. */
const KNOWN_AFTER_MS = 180_000;

export interface Custom extends AnyObject {
  spec: Record<string, unknown>;
  status?: Record<string, unknown>;
}

/** Gizmos have a namespace and two versions, gadgets neither. Both may want one short name. */
export const PLURALS = ['gizmos', 'gadgets'] as const;
export type Plural = (typeof PLURALS)[number];
export const KIND_OF: Record<Plural, string> = { gizmos: 'Gizmo', gadgets: 'Gadget' };
export const isNamespaced = (plural: Plural): boolean => plural === 'gizmos';

const SPEC_FIELDS = ['size', 'limit', 'colour', 'stamp'];
const COLOURS = ['red', 'green', 'blue'];

function version(name: string, storage: boolean, served: boolean) {
  const text = { type: 'string' };
  const spec = {
    type: 'object',
    required: ['size'],
    properties: {
      size: { type: 'integer', minimum: 0, maximum: 9 },
      limit: { type: 'integer', default: 5 },
      colour: { type: 'string', default: 'red', enum: COLOURS },
      stamp: text,
      ...(name === 'v2' ? { note: text } : {}),
    },
    'x-kubernetes-validations': [
      { rule: 'self.size <= self.limit', message: 'size is beyond the limit' },
      { rule: 'self.colour == oldSelf.colour', message: 'colour is immutable' },
    ],
  };
  const status = { type: 'object', properties: { phase: text } };
  const openAPIV3Schema = { type: 'object', required: ['spec'], properties: { spec, status } };
  return { name, served, storage, schema: { openAPIV3Schema }, subresources: { status: {} } };
}

/** A definition of these plurals; each call may choose other versions, names and conversions. */
export function definition(chance: Chance, plural: Plural): CustomResourceDefinition {
  const isV2 = plural === 'gizmos' && chance.between(0, 1) === 1;
  const versions =
    plural === 'gizmos'
      ? [version('v1', !isV2, true), version('v2', isV2, isV2 || chance.between(0, 3) > 0)]
      : [version('v1', true, true)];
  const clientConfig = { url: `${HOOK_URL}/convert` };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: isNamespaced(plural) ? 'Namespaced' : 'Cluster',
      names: {
        plural,
        singular: plural.slice(0, -1),
        kind: KIND_OF[plural],
        listKind: `${KIND_OF[plural]}List`,
        // Two servers may give a name to two definitions that ask for it later, as upstream's do.
        shortNames: ['gz'],
      },
      conversion:
        plural === 'gizmos' && chance.between(0, 2) === 0
          ? { strategy: 'Webhook', webhook: { clientConfig, conversionReviewVersions: ['v1'] } }
          : { strategy: 'None' },
      versions,
    },
  } as unknown as CustomResourceDefinition;
}

/** An object, which the schema or the webhook may refuse. */
export function custom(
  chance: Chance,
  plural: Plural,
  name: string,
  namespace: string | undefined,
  owner: AnyObject | undefined,
): ApiObject {
  const apiVersion = `${GROUP}/${plural === 'gizmos' ? chance.pick(['v1', 'v2']) : 'v1'}`;
  return {
    apiVersion,
    kind: KIND_OF[plural],
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      ...(chance.between(0, 3) ? {} : { finalizers: [HOLD] }),
      ...(owner
        ? {
            ownerReferences: [
              {
                apiVersion: owner.apiVersion,
                kind: owner.kind,
                name: owner.metadata.name,
                uid: owner.metadata.uid!,
                ...(chance.between(0, 1) ? { blockOwnerDeletion: true } : {}),
              },
            ],
          }
        : {}),
    },
    spec: { ...customSpec(chance), ...(chance.between(0, 3) ? {} : { unknown: { a: 1 } }) },
  } as ApiObject;
}

export function customSpec(chance: Chance): Record<string, unknown> {
  return {
    size: chance.pick([0, 1, 2, 3, DENIED_SIZE, 5, 8, 12, 'many']),
    ...(chance.between(0, 1) ? { limit: chance.between(0, 9) } : {}),
    ...(chance.between(0, 2) ? {} : { colour: chance.pick([...COLOURS, 'black']) }),
    ...(chance.between(0, 2) ? {} : { note: 'n' }),
  };
}

export type HookKind = 'Mutating' | 'Validating';

export const hookConfiguration = (chance: Chance, kind: HookKind, name: string): ApiObject =>
  ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: `${kind}WebhookConfiguration`,
    metadata: { name },
    webhooks: [
      {
        name: `${name}.example.com`,
        clientConfig: { url: `${HOOK_URL}/${kind.toLowerCase()}` },
        rules: [
          {
            apiGroups: [GROUP],
            apiVersions: ['*'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['*'],
          },
        ],
        failurePolicy: chance.pick(['Fail', 'Ignore']),
        reinvocationPolicy: kind === 'Mutating' ? chance.pick(['Never', 'IfNeeded']) : undefined,
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        timeoutSeconds: chance.pick([1, 5, 30]),
      },
    ],
  }) as unknown as ApiObject;

const isCustom = (object: AnyObject | undefined): object is Custom =>
  object?.apiVersion.startsWith(`${GROUP}/`) ?? false;

/** The broken rule of a change, if any. */
export function judgeCustom(
  model: Model,
  { object, previous }: Change,
  now: number,
): string | undefined {
  if (isCustom(object)) return judgeObject(model, object, previous as Custom | undefined, now);
  const definitions = model.all<CustomResourceDefinition>('CustomResourceDefinition');
  if (object?.kind === 'CustomResourceDefinition') return judgeNames(definitions);
  if (previous?.kind !== 'CustomResourceDefinition' || object) return undefined;
  const { kind } = (previous as unknown as CustomResourceDefinition).spec.names;
  const [left] = model.all(kind);
  return left && `${nameOf(previous)} is gone, and ${nameOf(left)} is still there`;
}

function judgeObject(
  model: Model,
  object: Custom,
  previous: Custom | undefined,
  now: number,
): string | undefined {
  const { spec, status = {} } = object;
  const fields = object.apiVersion.endsWith('/v2') ? [...SPEC_FIELDS, 'note'] : SPEC_FIELDS;
  const size = spec['size'] as number;
  const limit = spec['limit'] as number;
  const isNew = previous?.metadata.uid !== object.metadata.uid;
  const broken = Object.entries({
    'an unknown field': Object.keys(spec).some((field) => !fields.includes(field)),
    'an unknown status': Object.keys(status).some((field) => field !== 'phase'),
    'a wrong size': !(Number.isInteger(size) && size >= 0 && size <= 9),
    'no limit': !Number.isInteger(limit),
    'a size beyond its limit': size > limit,
    'a wrong colour': !COLOURS.includes(spec['colour'] as string),
    'another colour': !isNew && previous!.spec['colour'] !== spec['colour'],
    'a size that a webhook denies':
      (isNew || previous!.spec['size'] !== size) &&
      size === DENIED_SIZE &&
      isGuarded(model, 'Validating', now),
    'no stamp of a webhook': isNew && !spec['stamp'] && isGuarded(model, 'Mutating', now),
    'no definition': !model.objects.has(definitionKey(object.kind)),
  }).flatMap(([what, is]) => (is ? [what] : []));
  return broken.length
    ? `${nameOf(object)} is stored with ${broken.join(', ')}: ${JSON.stringify({ ...object, metadata: object.metadata.uid })}`
    : undefined;
}

const definitionKey = (kind: string): string =>
  `/registry/apiextensions.k8s.io/customresourcedefinitions/${kind.toLowerCase()}s.${GROUP}`;

/** Whether a webhook that may not fail has been there for long. */
function isGuarded(model: Model, kind: HookKind, now: number): boolean {
  return model.all(`${kind}WebhookConfiguration`).some((one) => {
    const { webhooks = [] } = one as unknown as { webhooks?: { failurePolicy?: string }[] };
    const age = now - Date.parse(one.metadata.creationTimestamp!);
    return webhooks.some(({ failurePolicy }) => failurePolicy === 'Fail') && age > KNOWN_AFTER_MS;
  });
}

function judgeNames(definitions: readonly CustomResourceDefinition[]): string | undefined {
  const taken = new Map<string, string>();
  for (const { metadata, status } of definitions) {
    const { plural, singular, shortNames = [] } = status?.acceptedNames ?? { plural: '' };
    for (const name of new Set([plural, singular, ...shortNames])) {
      const other = name ? taken.get(name) : undefined;
      if (other) return `${metadata.name} and ${other} both have the name ${name}`;
      if (name) taken.set(name, metadata.name);
    }
  }
  return undefined;
}

/** A line for each difference of a definition from its final state. */
export function unfinishedDefinition(model: Model, one: CustomResourceDefinition): string[] {
  const others = model
    .all<CustomResourceDefinition>('CustomResourceDefinition')
    .filter(({ metadata }) => metadata.uid !== one.metadata.uid)
    .flatMap(({ status }) => status?.acceptedNames?.shortNames ?? []);
  const wanted = one.spec.names.shortNames ?? [];
  const accepted = one.status?.acceptedNames?.shortNames ?? [];
  const condition = (type: string) => one.status?.conditions?.find((each) => each.type === type);
  const isBlocked = wanted.some((name) => others.includes(name));
  return [
    ...(condition('Established')?.status === 'True' || isBlocked
      ? []
      : [`${one.metadata.name}: not established`]),
    ...(condition('NamesAccepted')?.status === (isBlocked ? 'False' : 'True')
      ? []
      : [`${one.metadata.name}: names are ${condition('NamesAccepted')?.status}`]),
    ...(isBlocked || wanted.join() === accepted.join()
      ? []
      : [`${one.metadata.name}: short names ${accepted.join()}, wanted ${wanted.join()}`]),
  ];
}
