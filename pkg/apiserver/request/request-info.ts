// Request info: verb, resource and name of a method and path (upstream
// endpoints/request/requestinfo.go). The path is parsed once per request; authorization, admission,
// audit and routing read only the result. Parsing is pure syntax: the router finds out whether the
// resource exists.
import { parseFieldSelector } from '../../apimachinery/fields/selector.js';
import { METHOD_VERBS } from './facts.generated.js';

export interface RequestInfo {
  isResource: boolean;
  /**
   * get, list, watch, create, update, patch, delete, deletecollection; else the lower-case method.
   */
  verb: string;
  /** The decoded path without query. */
  path: string;
  group: string;
  version: string;
  namespace: string;
  resource: string;
  subresource: string;
  name: string;
  /**
   * The path behind the subresource with its leading slash, which is a proxy request's target; or
   * ''.
   */
  rest: string;
  /** The equality terms of a collection request's field selector, which authorization reads. */
  fields?: Readonly<Record<string, string>>;
  /** The selectors of a collection request as they are written. */
  fieldSelector?: string;
  labelSelector?: string;
}

/**
 * Subresources of namespaces; any other third segment after a namespace is a resource in that
 * namespace.
 */
const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize']);

function decode(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const nonResource = (method: string, path: string): RequestInfo => ({
  isResource: false,
  verb: method.toLowerCase(),
  path,
  group: '',
  version: '',
  namespace: '',
  resource: '',
  subresource: '',
  name: '',
  rest: '',
});

/**
 * `path` is the request target without query, still percent-encoded. /api/v1/watch/... gives the
 * verb watch. /api/v1/proxy/... is the subresource proxy, so that the old path opens to nobody what
 * the new one does not. `query` decides between get, list and watch; writes ignore the query.
 */
export function parseRequestInfo(
  method: string,
  path: string,
  query: URLSearchParams | undefined,
): RequestInfo {
  const segments = path.split('/');
  const root = segments[1];
  if ((root !== 'api' && root !== 'apis') || segments.length < (root === 'api' ? 4 : 5))
    return nonResource(method, path);
  let at = 2;
  const group = root === 'apis' ? decode(segments[at++]!) : '';
  const version = decode(segments[at++]!);
  let parts = segments.slice(at).map(decode);
  while (parts.length && parts[parts.length - 1] === '') parts.pop();
  if (!parts.length) return nonResource(method, path);
  let verb = METHOD_VERBS[method] ?? method.toLowerCase();
  const legacy = parts[0] === 'watch' || parts[0] === 'proxy' ? parts[0] : '';
  if (legacy) {
    if (parts.length < 2) return nonResource(method, path);
    if (legacy === 'watch') verb = legacy;
    parts = parts.slice(1);
  }
  let namespace = '';
  if (parts[0] === 'namespaces' && parts.length > 1) {
    namespace = parts[1]!;
    if (parts.length > 2 && !NAMESPACE_SUBRESOURCES.has(parts[2]!)) parts = parts.slice(2);
  }
  const resource = parts[0] ?? '';
  const name = parts[1] ?? '';
  if (legacy === 'proxy' && !name) return nonResource(method, path);
  const subresource = legacy === 'proxy' ? legacy : (parts[2] ?? '');
  const restFrom = legacy === 'proxy' ? 2 : 3;
  const rest =
    parts.length > restFrom
      ? `/${segments.slice(segments.length - trailing(segments, parts.length - restFrom)).join('/')}`
      : trailingSlash(path, subresource === 'proxy');
  if (!name && !legacy) {
    if (verb === 'get') verb = isTrue(query?.get('watch')) ? 'watch' : 'list';
    else if (verb === 'delete') verb = 'deletecollection';
  } else if (verb === 'get' && name && !subresource && isTrue(query?.get('watch'))) {
    verb = 'watch'; // upstream allows ?watch on a named object, as a watch by metadata.name
  }
  const info: RequestInfo = {
    isResource: true,
    verb,
    path,
    group,
    version,
    namespace,
    resource,
    subresource,
    name,
    rest,
  };
  if (!query || !COLLECTION_VERBS.has(verb)) return info;
  const [fields, labels] = [query.get('fieldSelector'), query.get('labelSelector')];
  if (fields) info.fields = exactFields((info.fieldSelector = fields));
  if (labels) info.labelSelector = labels;
  return info;
}

const COLLECTION_VERBS = new Set(['list', 'watch', 'deletecollection']);

/** A malformed selector gives no terms, so it grants nothing; the verb refuses it later. */
export function exactFields(selector: string): Record<string, string> {
  try {
    const exact = parseFieldSelector(selector).requirements.filter(
      ({ operator }) => operator !== '!=',
    );
    return Object.fromEntries(exact.map(({ field, value }) => [field, value]));
  } catch {
    return {};
  }
}

/** The number of raw segments at the end that hold `count` parts, with trailing empty segments. */
function trailing(segments: string[], count: number): number {
  let empty = 0;
  while (empty < segments.length && segments[segments.length - 1 - empty] === '') empty++;
  return count + empty;
}

const trailingSlash = (path: string, isProxy: boolean): string =>
  isProxy && path.endsWith('/') ? '/' : '';

/**
 * Go's strconv.ParseBool as query parameters use it: an absent value, '0' and 'false' are false; ''
 * is true.
 */
export const isTrue = (value: string | null | undefined): boolean =>
  value !== null && value !== undefined && value !== '0' && value.toLowerCase() !== 'false';
