// The server's own client: the verbs without a connection, as a member of system:masters.
import { Readable, type Writable } from 'node:stream';
import { ignoring } from '../../apimachinery/errors/status-error.js';
import { cloneJson } from '../../apimachinery/meta/clone.js';
import { apiVersionOf, type ApiObject, type ResourceType } from '../../apimachinery/meta/object.js';
import type { UserInfo } from '../auth/authenticator.js';
import type { WatchSink } from '../http/watch-sink.js';
import type { LocalClient } from '../extension/services.js';
import { Exchange } from '../http/exchange.js';
import type { ServedResource } from '../served/served.js';
import { createObject } from './create.js';
import { deleteObject } from './delete.js';
import { contextOf, type ApiRequest, type Core } from './request.js';
import { updateObject } from './update.js';

const SELF: UserInfo = {
  name: 'system:apiserver',
  groups: ['system:masters', 'system:authenticated'],
};

/** A request without a connection; its answer is discarded. */
class LocalExchange extends Exchange {
  readonly method = 'POST';
  readonly url = '';
  readonly headers = { 'user-agent': 'kube-apiserver' };
  readonly remoteAddress = '';
  readonly certificate = undefined;
  readonly http2 = false;

  get body(): Readable {
    return Readable.from([]);
  }
  respond(): void {}
  stream(): Writable {
    throw new Error('a local request has no stream');
  }
  watchSink(): WatchSink {
    throw new Error('a local request has no stream');
  }
  abort(): void {}
  onClose(): void {}
  readonly unsent = 0;
  protected refuseBody(): void {}
}

/** A request of the server itself, which is authorized already. */
export function localRequest(
  core: Core,
  resource: ServedResource,
  verb: string,
  namespace: string,
  name: string,
): ApiRequest {
  const { group, version } = resource;
  return {
    core,
    exchange: new LocalExchange(),
    info: {
      isResource: true,
      verb,
      path: '',
      group,
      version,
      namespace,
      resource: resource.resource,
      subresource: '',
      name,
      rest: '',
    },
    user: SELF,
    query: new URLSearchParams(),
    resource,
    context: contextOf(core.env, SELF, false),
  };
}

export function createLocalClient(core: () => Core): LocalClient {
  const request = (
    type: ResourceType<unknown>,
    verb: string,
    namespace: string,
    name: string,
  ): ApiRequest => {
    const parts = core();
    const resource = parts.resources.find(type.group, type.version, type.resource);
    if (!resource) throw new Error(`${type.resource}.${type.group} is not served`);
    return localRequest(parts, resource, verb, namespace, name);
  };
  /** A copy with kind and apiVersion. */
  const prepared = (type: ResourceType<unknown>, object: unknown): ApiObject => ({
    ...(cloneJson(object) as ApiObject),
    kind: type.kind,
    apiVersion: apiVersionOf(type),
  });
  const write = async <T>(type: ResourceType<T>, object: T, subresource: string): Promise<void> => {
    const copy = prepared(type, object);
    const made = request(type, 'update', copy.metadata.namespace ?? '', copy.metadata.name);
    made.info.subresource = subresource;
    await updateObject(made, {
      subresource,
      checkPreconditions: true,
      edit: () => cloneJson(copy),
    });
  };
  return {
    async get<T>(type: ResourceType<T>, namespace: string, name: string) {
      const { resource, core: parts } = request(type, 'get', namespace, name);
      await parts.cacher.fresh();
      const entry = resource.cache.index.get(resource.keyOf(namespace, name));
      return entry && (resource.parse(entry) as T);
    },
    async create<T>(type: ResourceType<T>, object: T, status?: object) {
      const copy = prepared(type, object);
      const made = request(type, 'create', copy.metadata.namespace ?? '', '');
      await createObject(made, copy, status && { status });
    },
    update: (type, object) => write(type, object, ''),
    updateStatus: (type, object) => write(type, object, 'status'),
    async delete(type, namespace, name) {
      await deleteObject(request(type, 'delete', namespace, name), name, {}).catch(
        ignoring('NotFound'),
      );
    },
  };
}
