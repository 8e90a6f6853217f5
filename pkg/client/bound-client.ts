// A client for work that ends with a signal, so that no request needs to name the signal.
import type { Client } from './client.js';

/** Every request ends with `signal`, unless the request carries a signal of its own. */
export function boundTo(client: Client, signal: AbortSignal): Client {
  return {
    get: (type, key, options) => client.get(type, key, { signal, ...options }),
    list: (type, options) => client.list(type, { signal, ...options }),
    watch: (type, options) => client.watch(type, options),
    create: (type, object, options) => client.create(type, object, { signal, ...options }),
    update: (type, object, options) => client.update(type, object, { signal, ...options }),
    patch: (type, key, body, options) => client.patch(type, key, body, { signal, ...options }),
    delete: (type, key, options) => client.delete(type, key, { signal, ...options }),
    deleteCollection: (type, list, options) =>
      client.deleteCollection(type, list, { signal, ...options }),
    createSubresource: (type, key, subresource, body, options) =>
      client.createSubresource(type, key, subresource, body, { signal, ...options }),
    raw: (method, path, body, options) => client.raw(method, path, body, { signal, ...options }),
    close: () => client.close(),
  };
}
