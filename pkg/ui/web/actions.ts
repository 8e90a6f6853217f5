// The actions of actions.yaml as requests. Each names the object by its uid, so that it never meets
// another object of that name. Pure.
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { controllerOf } from '../../component-helpers/owner-references.js';
import { pathOf, type Kind } from './kind.js';
import type { WordName } from './words.js';

export interface Action {
  name: WordName;
  on: readonly string[];
  verb: 'create' | 'patch' | 'delete';
  subresource?: string;
  /** Of the object that is created; absent: the kind's. */
  resource?: string;
  asks?: 'replicas' | 'revision' | 'image';
  if?: string;
  unless?: string;
  /** For one object at a time. */
  isAlone?: boolean;
  isDestructive?: boolean;
  /** The request is made of the whole object, which the rows of lists do not have. */
  isWhole?: boolean;
  type?: string;
  body: object;
}

export type ActionTable = readonly Action[];

const METHODS = { create: 'POST', patch: 'PATCH', delete: 'DELETE' } as const;

/** Whether the server has the action for the kind, and the object's state allows it. */
export function suits(action: Action, kind: Kind, object: ApiObject): boolean {
  const { on, verb, subresource, resource } = action;
  const { spec } = object as { spec?: Values };
  const has = subresource ? kind.subresources.includes(subresource) : kind.verbs.includes(verb);
  // In a list the server decides.
  const fits = spec
    ? !((action.if && !spec[action.if]) || (action.unless && spec[action.unless]))
    : !action.isWhole;
  const name = kind.group ? `${kind.group}/${kind.resource}` : kind.resource;
  return (on[0] === '*' || on.includes(name)) && (has || !!resource) && fits;
}

export const needOf = ({ verb, subresource = '', resource }: Action, kind: Kind) => ({
  verb,
  group: kind.group,
  resource: resource ?? kind.resource,
  subresource,
});

type Values = Record<string, unknown>;

/** Puts the values into the texts of a body. */
function fill(part: unknown, values: Values): unknown {
  if (typeof part === 'string' && part.startsWith('$')) {
    let value: unknown = values;
    for (const key of part.slice(1).split('.')) value = (value as Values | undefined)?.[key];
    return value;
  }
  if (typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) return part.map((item) => fill(item, values));
  const entries = Object.entries(part).flatMap(([key, value]) => {
    const filled = fill(value, values);
    return key === '...' ? Object.entries(filled ?? {}) : [[key, filled] as const];
  });
  return Object.fromEntries(entries);
}

/** `input`: what the visitor chose, and the time `now`. */
export function callOf(action: Action, kind: Kind, object: ApiObject, input: object) {
  const { verb, subresource, resource, type = 'application/merge-patch+json' } = action;
  const { name, namespace, uid } = object.metadata;
  const body = fill(action.body, { object, prefix: `${name}-manual-`, ...input }) as object;
  return {
    method: METHODS[verb],
    path: resource
      ? pathOf({ ...kind, resource }, namespace)
      : `${pathOf(kind, namespace, name)}${subresource ? `/${subresource}` : ''}`,
    body: verb === 'patch' ? { ...body, metadata: { uid } } : body,
    type: verb === 'patch' ? type : 'application/json',
  };
}

export interface Revision {
  number: number;
  /** A strategic merge patch that leads there. */
  content: unknown;
}

export interface Kept extends ApiObject {
  /** Of a ControllerRevision: a patch. */
  data?: object;
  revision?: number;
  spec?: { template: { metadata?: { labels?: Record<string, string> } } };
}

const REVISION = 'deployment.kubernetes.io/revision';

export const revisionOf = ({ metadata: { annotations } }: ApiObject): number =>
  Number(annotations?.[REVISION] ?? 0);

/** The earlier revisions of an object, the latest first: all but the one that is in force. */
export function revisionsOf(object: ApiObject, kept: readonly Kept[]): Revision[] {
  return kept
    .filter((item) => controllerOf(item)?.uid === object.metadata.uid)
    .map((item) => {
      const { data, revision, spec } = item;
      const { 'pod-template-hash': _, ...labels } = spec?.template.metadata?.labels ?? {};
      const metadata = { ...spec?.template.metadata, labels };
      return {
        number: revision ?? revisionOf(item),
        content: data ?? { spec: { template: { ...spec?.template, metadata, $patch: 'replace' } } },
      };
    })
    .sort((a, b) => b.number - a.number)
    .slice(1);
}
