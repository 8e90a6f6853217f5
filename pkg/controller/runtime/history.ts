// Revisions of pod templates, stored as ControllerRevisions for daemon sets and stateful sets
// (upstream: pkg/controller/history). The name of a revision contains the hash of its template;
// `kubectl rollout` reads and restores revisions. planRevision is pure; keepHistory carries out the
// plan.
import { isJsonObject } from '../../apimachinery/meta/clone.js';
import { byInt64, int64Field, int64Of, maxInt64 } from '../../util/int64/int64.js';
import { isReason } from '../../apimachinery/errors/status-error.js';
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import type { ApiObject, ResourceType } from '../../apimachinery/meta/object.js';
import type { LabelSelector } from '../../apimachinery/meta/types.js';
import type { ControllerRevision } from '../../apis/apps/v1/types.js';
import type { PodTemplateSpec } from '../../apis/core/v1/types.js';
import { CONTROLLER_REVISIONS } from '../../apis/resource-types.js';
import type { Client } from '../../client/client.js';
import type { Store } from '../../client/informer.js';
import { controllerReference } from '../../component-helpers/owner-references.js';
import { doAll } from './batches.js';
import { adoptAndRelease } from './ownership.js';
import { addressOf, deleteObject } from '../../client/requests.js';
import { equalTemplates, templateHash } from './template-hash.js';

/** On revisions: the hash. On pods: the hash or name of their revision. */
export const REVISION_HASH_LABEL = 'controller-revision-hash';

export interface RevisionOwner extends ApiObject {
  spec: { selector: LabelSelector; template: PodTemplateSpec; revisionHistoryLimit?: number };
  status?: { collisionCount?: number };
}

export interface History {
  /** The revision of the owner's current template. */
  update: ControllerRevision;
  /** All revisions, the oldest first. */
  all: ControllerRevision[];
}

export function templateOf(revision: ControllerRevision): PodTemplateSpec {
  const { $patch: _directive, ...template } =
    (revision.data as { spec?: { template?: Record<string, unknown> } }).spec?.template ?? {};
  return template;
}

const numberOf = ({ revision }: ControllerRevision): bigint => int64Of(revision);

/** Members in the order in which Go writes a map: upstream compares the bytes of revisions. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([key, member]) => [key, sorted(member)]));
}

/**
 * The revision of the owner's template with the highest number of all: one of `revisions` when
 * nothing changes; a new one has no uid.
 */
export function planRevision(
  type: ResourceType<unknown>,
  owner: RevisionOwner,
  revisions: readonly ControllerRevision[],
): ControllerRevision {
  const { template } = owner.spec;
  const highest = maxInt64(...revisions.map(numberOf));
  const present = revisions
    .filter((revision) => equalTemplates(templateOf(revision), template))
    .sort((a, b) => byInt64(numberOf(b), numberOf(a)))[0];
  const revision = int64Field(highest + 1n);
  if (present) return numberOf(present) === highest ? present : { ...present, revision };
  const hash = templateHash(template, owner.status?.collisionCount ?? 0);
  const { name, namespace } = owner.metadata;
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace && { namespace }),
      labels: { ...template.metadata?.labels, [REVISION_HASH_LABEL]: hash },
      ...(owner.metadata.annotations && { annotations: owner.metadata.annotations }),
      ownerReferences: [controllerReference(type, owner)],
    },
    data: { spec: { template: sorted({ ...template, $patch: 'replace' }) } },
    revision,
  };
}

/** The oldest unused revisions beyond the history limit. */
export function excessRevisions(
  history: History,
  owner: RevisionOwner,
  live: ReadonlySet<string>,
): ControllerRevision[] {
  const idle = history.all.filter(
    ({ metadata }) => metadata.name !== history.update.metadata.name && !live.has(metadata.name),
  );
  return idle.slice(0, Math.max(0, idle.length - (owner.spec.revisionHistoryLimit ?? 10)));
}

/**
 * Adopts, numbers and creates revisions. After a hash collision it increments the owner's
 * status.collisionCount and throws; the owner is requeued.
 */
export async function keepHistory<T extends RevisionOwner>(
  client: Client,
  type: ResourceType<T>,
  owner: T,
  store: Store<ControllerRevision>,
): Promise<History> {
  const selector = selectorFromLabelSelector(owner.spec.selector);
  const self = { type, object: owner, selector };
  const owned = await adoptAndRelease(client, self, CONTROLLER_REVISIONS, store);
  const plan = planRevision(type, owner, owned);
  const update = owned.includes(plan)
    ? plan
    : plan.metadata.uid
      ? await client.update(CONTROLLER_REVISIONS, plan)
      : await createRevision(client, type, owner, plan);
  const others = owned.filter(({ metadata }) => metadata.name !== update.metadata.name);
  return { update, all: [...others, update].sort((a, b) => byInt64(numberOf(a), numberOf(b))) };
}

export async function removeRevisions(
  client: Client,
  revisions: readonly ControllerRevision[],
): Promise<void> {
  await doAll(revisions, (revision) => deleteObject(client, CONTROLLER_REVISIONS, revision));
}

async function createRevision<T extends RevisionOwner>(
  client: Client,
  type: ResourceType<T>,
  owner: T,
  revision: ControllerRevision,
): Promise<ControllerRevision> {
  try {
    return await client.create(CONTROLLER_REVISIONS, revision);
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
  }
  const { name } = revision.metadata;
  const other = await client.get(CONTROLLER_REVISIONS, addressOf(revision));
  // Our revision, which the cache did not show yet.
  if (equalTemplates(templateOf(other), templateOf(revision))) return other;
  const status = { ...owner.status, collisionCount: (owner.status?.collisionCount ?? 0) + 1 };
  await client.update(type, { ...owner, status }, { subresource: 'status' });
  throw new Error(`hash collision on controller revision ${name}`);
}
