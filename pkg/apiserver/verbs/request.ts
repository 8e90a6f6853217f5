// The arguments of every verb: the request, its user, its resource, and the parts of the server.
import type { Env } from '../../util/env/env.js';
import type { Storage } from '../../storage/storage.js';
import type { AdmissionChain } from '../admission/chain.js';
import type { UserInfo } from '../auth/authenticator.js';
import type { Cacher } from '../cache/cacher.js';
import { fieldErrors, invalid } from '../../apimachinery/errors/status-error.js';
import type { SubresourceCreator } from '../extension/handler.js';
import type { ServerServices } from '../extension/services.js';
import type { RequestInfo } from '../request/request-info.js';
import type { RequestContext } from '../resource/definition.js';
import type { ServedResource, ServedResources } from '../served/served.js';
import type { Exchange } from '../http/exchange.js';
import type { ObjectStore } from '../store/object-store.js';

/** The parts of the server, made once. */
export interface Core {
  readonly env: Env;
  readonly storage: Storage;
  readonly cacher: Cacher;
  readonly store: ObjectStore;
  readonly resources: ServedResources;
  readonly admission: AdmissionChain;
  readonly creators: readonly SubresourceCreator[];
  /** Watches without timeoutSeconds last between once and twice this. */
  readonly minWatchSeconds: number;
  /** Available once the server has started. */
  readonly services: ServerServices;
}

export interface ApiRequest {
  readonly core: Core;
  readonly exchange: Exchange;
  readonly info: RequestInfo;
  readonly user: UserInfo;
  readonly query: URLSearchParams;
  readonly resource: ServedResource;
  readonly context: RequestContext;
}

/** Whether the query or the options in the body say dryRun=All. Throws 422 for other values. */
export function isDryRun(query: URLSearchParams, options?: { dryRun?: string[] }): boolean {
  const values = [...query.getAll('dryRun'), ...(options?.dryRun ?? [])].filter(Boolean);
  const wrong = values.find((value) => value !== 'All');
  if (wrong !== undefined)
    throw invalid({ group: 'meta.k8s.io', kind: 'UpdateOptions' }, '', [
      fieldErrors.notSupported('dryRun', wrong, ['All']),
    ]);
  return values.length > 0;
}

export function contextOf(env: Env, user: UserInfo, dryRun: boolean): RequestContext {
  return { now: env.clock.now(), user, dryRun, random: env.random };
}
