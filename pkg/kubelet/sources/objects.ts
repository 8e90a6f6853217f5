// Config maps and secrets that this node's pods use. Each object is watched by name, the only watch
// that the Node authorizer allows, while at least one pod refers to it. A change triggers these
// pods at once. No Node API.
import type { ConfigMap, Secret } from '../../apis/core/v1/types.js';
import { CONFIG_MAPS, SECRETS } from '../../apis/resource-types.js';
import type { ApiObject, ResourceType } from '../../apimachinery/meta/object.js';
import type { Client } from '../../client/client.js';
import type { Informer } from '../../client/informer.js';
import { createInformer } from '../../client/informer-factory.js';
import type { Env } from '../../util/env/env.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';

interface Watched {
  informer: Informer<ApiObject>;
  stop: AbortController;
  users: Set<string>;
}

export class ReferencedObjects {
  private readonly watched = new Map<string, Watched>();

  constructor(
    private readonly env: Env,
    private readonly client: Client | undefined,
    private readonly changed: (podUid: string) => void,
    private readonly signal: AbortSignal,
  ) {}

  configMap(podUid: string, namespace: string, name: string): Promise<ConfigMap | undefined> {
    return this.get(podUid, CONFIG_MAPS, namespace, name);
  }

  secret(podUid: string, namespace: string, name: string): Promise<Secret | undefined> {
    return this.get(podUid, SECRETS, namespace, name);
  }

  /** Starts watches for the objects that a pod refers to. */
  expect(
    podUid: string,
    namespace: string,
    references: { configMaps: Iterable<string>; secrets: Iterable<string> },
  ): void {
    if (!this.client) return;
    for (const name of references.configMaps) this.watch(podUid, CONFIG_MAPS, namespace, name);
    for (const name of references.secrets) this.watch(podUid, SECRETS, namespace, name);
  }

  /** Stops the watches that only this pod needed. */
  release(podUid: string): void {
    for (const [key, watched] of this.watched) {
      if (!watched.users.delete(podUid) || watched.users.size) continue;
      watched.stop.abort(new Error('no pod uses the object anymore'));
      this.watched.delete(key);
    }
  }

  private async get<T extends ApiObject>(
    podUid: string,
    type: ResourceType<T>,
    namespace: string,
    name: string,
  ): Promise<T | undefined> {
    if (!this.client) return undefined;
    const { informer } = this.watch(podUid, type, namespace, name);
    if (!informer.synced) await informer.waitForSync(this.signal);
    return informer.store.get(`${namespace}/${name}`) as T | undefined;
  }

  private watch<T extends ApiObject>(
    podUid: string,
    type: ResourceType<T>,
    namespace: string,
    name: string,
  ): Watched {
    const key = `${type.resource}/${namespace}/${name}`;
    const watched = getOrInsert(this.watched, key, () => {
      const informer = createInformer<ApiObject>(
        this.env,
        this.client!,
        type as unknown as ResourceType<ApiObject>,
        { namespace, fieldSelector: `metadata.name=${name}` },
      );
      const [users, stop] = [new Set<string>(), new AbortController()];
      const wake = () => {
        if (informer.synced) for (const uid of users) this.changed(uid);
      };
      informer.addHandler({ added: wake, updated: wake, deleted: wake });
      const ended = AbortSignal.any([stop.signal, this.signal]);
      informer.run(ended).catch((error: unknown) => {
        if (!ended.aborted) this.env.log.warn('object watch ended', { key, error });
      });
      return { informer, stop, users };
    });
    watched.users.add(podUid);
    return watched;
  }
}
