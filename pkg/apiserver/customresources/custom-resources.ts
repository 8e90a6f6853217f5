// Serves the kinds of CustomResourceDefinitions. Each server follows the definitions in its cache,
// so all servers of a store serve the same kinds; whichever server comes first writes the status.
// All state is in the store: a server that dies leaves nothing half done.
//
// A definition is served as soon as it is established. Deletion removes the objects of the kind,
// then the finalizer of the definition.
// Source: apiextensions-apiserver pkg/apiserver/customresource_handler.go, pkg/controller.
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../apis/resource-types.js';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionStatus,
} from '../../apis/apiextensions/v1/types.js';
import { ignoring, isReason } from '../../apimachinery/errors/status-error.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import { findCondition } from '../../component-helpers/conditions.js';
import { Backoff } from '../../util/backoff/backoff.js';
import { errorText } from '../../util/errors/error-text.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import { inParallel } from '../../util/wait/in-parallel.js';
import type { ResourceCache } from '../cache/resource-cache.js';
import { CUSTOM_RESOURCE_RETRY_MS, DELETION_WORKERS } from '../limits.js';
import type { CacheChange } from '../resource/reader.js';
import type { ResourceDefinition } from '../resource/definition.js';
import type { FolderRegistration } from '../served/registration.js';
import type { Core } from '../verbs/request.js';
import type { WebhookClient } from '../extension/webhooks.js';
import { createConverter, type Convert } from './conversion.js';
import {
  CLEANUP_FINALIZER,
  isTrue,
  plannedStatus,
  usedNames,
  withStatusCondition,
  type Claim,
  type UsedNames,
} from './status.js';
import { ServedResource } from '../served/served.js';
import { deleteObject } from '../verbs/delete.js';
import { localRequest } from '../verbs/local-client.js';

// Removes all objects of a deleted CustomResourceDefinition, as they are stored: a broken
// conversion webhook and admission cannot keep them.

/** The stored objects without schema and versions. */
function rawResource(
  core: Core,
  { spec }: CustomResourceDefinition,
  cache: ResourceCache,
): ServedResource {
  const { group, names, scope, versions } = spec;
  const version = versions.find(({ storage }) => storage)!.name;
  const facts = {
    group,
    version,
    kind: names.kind,
    resource: names.plural,
    singular: names.singular ?? '',
    namespaced: scope === 'Namespaced',
    verbs: [],
  };
  return new ServedResource(
    { facts, schema: '', storage: cache.folder },
    {},
    cache,
    core.cacher.root,
  );
}

/**
 * Deletes the objects. Objects with finalizers stay until their finalizers are gone. Throws the
 * first error of a deletion after all were tried.
 */
async function removeObjects(
  core: Core,
  definition: CustomResourceDefinition,
  cache: ResourceCache,
): Promise<void> {
  const resource = rawResource(core, definition, cache);
  const { name, uid } = definition.metadata;
  // A definition that was created again meanwhile has objects of its own. The caches change in the
  // order of the store, so objects and definition are of one moment here.
  if (core.services.reader.get(CUSTOM_RESOURCE_DEFINITIONS, '', name)?.metadata.uid !== uid) return;
  const left = cache.index
    .view()
    .collect('')
    .filter((entry) => entry.object().metadata.deletionTimestamp === undefined);
  const errors: unknown[] = [];
  await inParallel(left, DELETION_WORKERS, (entry) => {
    const request = localRequest(core, resource, 'delete', entry.namespace, entry.name);
    const own = entry.object().metadata.uid;
    const options = own ? { preconditions: { uid: own } } : {};
    return deleteObject(request, entry.name, options, 'nothing').catch((error: unknown) => {
      if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) errors.push(error);
    });
  });
  if (errors.length) throw errors[0];
}

export interface CustomResourcesOptions {
  readonly core: Core;
  readonly registration: FolderRegistration;
  /**
   * The served versions of an established definition. They keep no schema, but read it at first
   * use by `current`: parsed definitions are large. Throws for a broken definition.
   */
  readonly define: (
    definition: CustomResourceDefinition,
    current: () => CustomResourceDefinition | undefined,
    convert: Convert,
  ) => ResourceDefinition[];
  /** The converters' client. */
  readonly webhooks: Pick<WebhookClient, 'post'>;
  readonly signal: AbortSignal;
}

export interface CustomResources {
  /** Resolves when this server serves all that was established before the call. Throws 504. */
  settle(): Promise<void>;
}

interface Waiting extends Claim {
  readonly name: string;
  readonly created: string;
  /** The revision of a definition that is not decided yet; Infinity for the others. */
  readonly revision: number;
}

/**
 * Whether `a` gets a name before `b`: all servers have to agree, or two of them give one name to
 * two definitions. The older definition comes first, of one second that which waits already.
 */
function comesBefore(a: Waiting, b: Waiting): boolean {
  if (a.revision < Infinity && b.revision < Infinity) return a.revision < b.revision;
  if (a.created !== b.created) return a.created < b.created;
  return a.revision === b.revision ? a.name < b.name : a.revision === Infinity;
}

/** The state of one definition on this server. */
interface Followed {
  group: string;
  names: CustomResourceDefinitionNames | undefined;
  /** Of a definition that waits for names: a new, a refused or a renamed one. */
  claim: Waiting | undefined;
  /** Another definition has a name that this one wants. */
  isConflicted: boolean;
  /** The resources that should be served, as a text that changes with them; '' for none. */
  wanted: string;
  served: string;
  /** As `served`, for changes that end the watches. */
  shape: string;
  cache: ResourceCache | undefined;
  unobserve: () => void;
  running: Promise<void> | undefined;
  /** The definition changed during the present look. */
  again: boolean;
  readonly backoff: Backoff;
}

export const folderOf = ({ spec }: CustomResourceDefinition): string =>
  `${spec.group}/${spec.names.plural}`;

/** Follows the definitions until `signal` aborts. Resolves when the present ones are served. */
export async function followCustomResources(
  options: CustomResourcesOptions,
): Promise<CustomResources> {
  const { core, signal } = options;
  const { reader } = core.services;
  const followed = new Map<string, Followed>();
  const membersOf = (group: string) => [...followed].filter(([, one]) => one.group === group);
  const used = ({ group, claim }: Followed) => {
    const members = membersOf(group).map(([, one]) => one);
    const before = members.flatMap((one) =>
      one.claim && (!claim || comesBefore(one.claim, claim)) ? one.claim : [],
    );
    return usedNames(
      members.map(({ names }) => names),
      before.sort((a, b) => (comesBefore(a, b) ? -1 : 1)),
    );
  };
  /** Nothing is decided before all definitions are known: each may hold the names of another. */
  let isComplete = false;
  const kick = (name: string): void => {
    const one = followed.get(name);
    if (!one || !isComplete || signal.aborted) return;
    if (one.running) one.again = true;
    else one.running = run(name, one);
  };
  const run = async (name: string, one: Followed): Promise<void> => {
    try {
      do {
        one.again = false;
        await look(options, name, one, used, kick);
        one.backoff.reset();
      } while (one.again && !signal.aborted);
      if (!reader.get(CUSTOM_RESOURCE_DEFINITIONS, '', name)) followed.delete(name);
    } catch (error) {
      if (!signal.aborted) {
        core.env.log.warn('custom resource definition not followed', { name, error });
        core.env.clock.after(one.backoff.next(), () => kick(name));
      }
    } finally {
      one.running = undefined;
    }
  };
  const changed = (change: CacheChange<CustomResourceDefinition>): void => {
    const definition = change.object();
    const one = getOrInsert(followed, change.name, () => newcomer(core, definition.spec.group));
    const names = change.deleted ? undefined : definition.status?.acceptedNames;
    const accepted = findCondition(definition.status?.conditions ?? [], 'NamesAccepted');
    const { metadata, spec } = definition;
    const { creationTimestamp: created = '', resourceVersion } = metadata;
    const isContent = accepted?.status === 'True' && equalJson(spec.names, names);
    const claim: Waiting | undefined =
      change.deleted || metadata.deletionTimestamp || isContent
        ? undefined
        : {
            name: change.name,
            created,
            revision: accepted ? Infinity : Number(resourceVersion),
            wanted: spec.names,
            held: names,
          };
    const gaveUp = !equalJson(names ?? null, one.names ?? null) || (one.claim && !claim);
    Object.assign(one, { names, claim });
    one.wanted = change.deleted ? '' : wantedOf(definition);
    one.isConflicted = !change.deleted && accepted?.status === 'False';
    kick(change.name);
    if (!gaveUp) return;
    for (const [name, other] of membersOf(one.group)) if (other.isConflicted) kick(name);
  };
  signal.addEventListener('abort', reader.observe(CUSTOM_RESOURCE_DEFINITIONS, changed), {
    once: true,
  });
  isComplete = true;
  for (const name of followed.keys()) kick(name);
  const settled = async (): Promise<void> => {
    const behind = [...followed.values()].filter(({ wanted, served }) => wanted !== served);
    await Promise.all(behind.flatMap(({ running }) => running ?? []));
  };
  await settled();
  return {
    async settle() {
      await core.cacher.fresh();
      await settled();
    },
  };
}

const newcomer = ({ env }: Core, group: string): Followed => ({
  group,
  names: undefined,
  claim: undefined,
  isConflicted: false,
  wanted: '',
  served: '',
  shape: '',
  cache: undefined,
  unobserve: () => {},
  running: undefined,
  again: false,
  backoff: new Backoff(CUSTOM_RESOURCE_RETRY_MS, env.random),
});

const shapeOf = ({ metadata, status }: CustomResourceDefinition): string =>
  `${metadata.uid} ${metadata.generation} ${JSON.stringify(status?.acceptedNames)}`;

const wantedOf = (definition: CustomResourceDefinition): string =>
  isTrue(definition, 'Established')
    ? `${shapeOf(definition)} ${isTrue(definition, 'Terminating')}`
    : '';

/** Brings the server in line with the definition's present state, and its status up to date. */
async function look(
  options: CustomResourcesOptions,
  name: string,
  one: Followed,
  used: (one: Followed) => UsedNames,
  kick: (name: string) => void,
): Promise<void> {
  const { core, registration } = options;
  const definition = core.services.reader.get(CUSTOM_RESOURCE_DEFINITIONS, '', name);
  if (!definition) return withdraw(registration, one);
  if (one.wanted !== one.served) await serve(options, definition, one, () => kick(name));
  const { deletionTimestamp, finalizers = [] } = definition.metadata;
  if (!deletionTimestamp) {
    const status = plannedStatus(definition, () => used(one), core.env.clock.now());
    if (status) await writeStatus(core, { ...definition, status });
  } else if (finalizers.includes(CLEANUP_FINALIZER)) await cleanUp(core, definition, one);
}

function withdraw(registration: FolderRegistration, one: Followed): void {
  if (!one.cache) return;
  one.unobserve();
  registration.withdraw(one.cache.folder);
  Object.assign(one, { cache: undefined, served: '', shape: '', unobserve: () => {} });
}

async function serve(
  { core, registration, define, webhooks }: CustomResourcesOptions,
  definition: CustomResourceDefinition,
  one: Followed,
  kick: () => void,
): Promise<void> {
  const { name } = definition.metadata;
  const storage = folderOf(definition);
  const namespaced = definition.spec.scope === 'Namespaced';
  const cache = await registration.join({ storage, namespaced });
  const { reader } = core.services;
  const current = () => reader.get(CUSTOM_RESOURCE_DEFINITIONS, '', name);
  registration.replace(
    storage,
    cache,
    define(definition, current, createConverter(webhooks, core.env)),
  );
  const shape = shapeOf(definition);
  // Clients of the former shape list and watch again.
  if (one.shape && one.shape !== shape) cache.endWatchers();
  if (one.cache !== cache) {
    one.unobserve();
    one.unobserve = cache.observe(({ entry }) => {
      if (!entry && cache.index.size === 0) kick();
    });
  }
  Object.assign(one, { served: wantedOf(definition), shape, cache });
}

/** Another server's write in between is no failure: its event causes another look. */
async function writeStatus(core: Core, next: CustomResourceDefinition): Promise<void> {
  await core.services.local
    .updateStatus(CUSTOM_RESOURCE_DEFINITIONS, next)
    .catch(ignoring('Conflict', 'NotFound'));
}

/** Removes the objects of a deleted definition, then its finalizer. */
async function cleanUp(
  core: Core,
  definition: CustomResourceDefinition,
  one: Followed,
): Promise<void> {
  const now = core.env.clock.now();
  const terminating = (status: 'True' | 'False', reason: string, message: string) => ({
    ...definition,
    status: withStatusCondition(
      definition.status as CustomResourceDefinitionStatus,
      { type: 'Terminating', status, reason, message },
      now,
    ),
  });
  const finish = (reason: string, message: string): Promise<void> => {
    const done = terminating('False', reason, message);
    const { finalizers = [] } = definition.metadata;
    const left = finalizers.filter((finalizer) => finalizer !== CLEANUP_FINALIZER);
    return writeStatus(core, { ...done, metadata: { ...done.metadata, finalizers: left } });
  };
  if (!isTrue(definition, 'Established') || !one.cache)
    return finish('NeverEstablished', 'resource was never established');
  const reason = findCondition(definition.status?.conditions ?? [], 'Terminating')?.reason;
  if (reason === 'InstanceDeletionPending')
    await writeStatus(
      core,
      terminating('True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress'),
    );
  await core.cacher.fresh();
  await removeObjects(core, definition, one.cache).catch(async (failed: unknown) => {
    const text = `could not issue all deletes: ${errorText(failed)}`;
    await writeStatus(core, terminating('True', 'InstanceDeletionFailed', text));
    throw failed;
  });
  await core.cacher.fresh();
  // The cache is as new as the store, so an empty folder is empty.
  if (one.cache.index.size === 0)
    await finish('InstanceDeletionCompleted', 'removed all instances');
}
