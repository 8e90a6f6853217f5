// Asks a remote server whether it is available, and for the resources of its group version.
import type { APIServiceSpec } from '../../apis/apiregistration/v1/types.js';
import type { APIResource } from '../../apimachinery/meta/types.js';
import { isJsonObject } from '../../apimachinery/meta/clone.js';
import { errorText } from '../../util/errors/error-text.js';
import type { UserInfo } from '../auth/authenticator.js';
import { callText } from '../dial/go-errors.js';
import type { RemoteVersion } from '../discovery/remote.js';
import type { Headers } from '../extension/handler.js';
import { groupVersionPath } from '../openapi/group-version.js';
import { exchange, readText, type Backend } from '../streaming/upgrade.js';
import { MAX_DISCOVERY_BYTES, REMOTE_DISCOVERY_MS } from '../limits.js';
import { FAILED_CHECK, type Unavailable } from './backend.js';
import { withRemoteUser } from './remote-user.js';

const PROBER = { name: 'system:kube-aggregator', groups: ['system:masters'] };

const isResource = (value: unknown): value is APIResource =>
  isJsonObject(value) && typeof value['name'] === 'string' && typeof value['kind'] === 'string';

export interface Answer {
  url: string;
  code: number;
  text: string;
  etag: string | undefined;
}

/** A GET of the aggregator itself. Rejects with the words of net/http. */
export async function ask(
  backend: Backend,
  path: string,
  user: UserInfo,
  limit: number,
  more: Headers = {},
): Promise<Answer> {
  const host = backend.host.includes(':') ? `[${backend.host}]` : backend.host;
  const url = `https://${host}:${backend.port}${path}`;
  const deadline = AbortSignal.timeout(REMOTE_DISCOVERY_MS);
  try {
    const headers = withRemoteUser(
      { accept: 'application/json', host: `${host}:${backend.port}`, ...more },
      user,
    );
    const answer = await exchange(backend, { method: 'GET', path, headers }, undefined, deadline);
    const text = await readText(answer, limit);
    return { url, code: answer.statusCode ?? 0, text, etag: answer.headers.etag };
  } catch (error) {
    const { cause } = error as Error;
    const why = deadline.aborted
      ? 'context deadline exceeded'
      : cause instanceof Error
        ? callText(cause, backend)
        : errorText(error);
    throw new Error(`failing or missing response from ${url}: Get ${JSON.stringify(url)}: ${why}`, {
      cause: error,
    });
  }
}

const isSuccess = ({ code }: Answer): boolean => code >= 200 && code <= 299;

const versionPath = ({ group = '', version = '' }: APIServiceSpec): string =>
  `/${groupVersionPath({ group, version })}`;

/**
 * Whether the server answers. As upstream's controller, this look accepts any certificate: it
 * carries no data of a user.
 */
export async function probe(
  spec: APIServiceSpec,
  backend: Backend,
): Promise<Unavailable | undefined> {
  try {
    const trusting = { ...backend, tls: { ...backend.tls, rejectUnauthorized: false } };
    const answer = await ask(trusting, versionPath(spec), PROBER, MAX_DISCOVERY_BYTES);
    const { url, code } = answer;
    if (isSuccess(answer)) return undefined;
    throw new Error(`failing or missing response from ${url}: bad status from ${url}: ${code}`);
  } catch (error) {
    return { reason: FAILED_CHECK, message: errorText(error) };
  }
}

/** The resources of a group version. Rejects when the server or its answer cannot be trusted. */
export async function fetchVersion(spec: APIServiceSpec, backend: Backend): Promise<RemoteVersion> {
  const { group = '', version = '' } = spec;
  const answer = await ask(backend, versionPath(spec), PROBER, MAX_DISCOVERY_BYTES);
  if (!isSuccess(answer)) throw new Error(`bad status from ${answer.url}: ${answer.code}`);
  const list = JSON.parse(answer.text) as { resources?: unknown } | null;
  return {
    group,
    version,
    priorities: { group: spec.groupPriorityMinimum, version: spec.versionPriority },
    resources: Array.isArray(list?.resources) ? list.resources.filter(isResource) : [],
    isStale: false,
  };
}
