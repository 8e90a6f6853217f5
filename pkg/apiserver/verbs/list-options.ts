// The rules of resourceVersion, resourceVersionMatch, limit and continue (after upstream's
// internalversion/validation and storage/continue.go).
import {
  badRequest,
  fieldErrors,
  invalid,
  statusError,
  type FieldError,
} from '../../apimachinery/errors/status-error.js';
import { parseJson } from '../../apimachinery/codec/json.js';
import { errorText } from '../../util/errors/error-text.js';
import { isTrue } from '../request/request-info.js';

export interface ListOptions {
  /**
   * Undefined: as new as the store; 0: any state; otherwise this revision or a newer one, or
   * exactly this.
   */
  revision: number | undefined;
  exact: boolean;
  /** 0: no limit. */
  limit: number;
  /** The position of a continued list; revision -1 stands for the present, inconsistent state. */
  continued: { revision: number; start: string } | undefined;
}

/** Parses a resourceVersion. Throws 400. */
export function parseRevision(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  const revision = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(revision))
    throw badRequest(
      `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  return revision;
}

function checkMatch(query: URLSearchParams, isWatch: boolean): FieldError[] {
  const match = query.get('resourceVersionMatch') ?? '';
  const revision = query.get('resourceVersion') ?? '';
  const sends = query.get('sendInitialEvents');
  const { complain, errors } = fieldErrors.below('resourceVersionMatch');
  const refuse = (why: string): void => complain.forbidden('', why);
  if (isWatch) {
    if (match && sends === null)
      refuse('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
    if (sends !== null && !match)
      refuse('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
    if (sends !== null && match && match !== 'NotOlderThan')
      complain.notSupported('', match, ['NotOlderThan']);
    return errors;
  }
  if (sends !== null)
    errors.push(
      fieldErrors.forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'),
    );
  if (!match) return errors;
  if (query.get('continue')) refuse('resourceVersionMatch is forbidden for continue');
  if (!revision) refuse('resourceVersionMatch is forbidden unless resourceVersion is provided');
  if (match !== 'Exact' && match !== 'NotOlderThan')
    complain.notSupported('', match, ['Exact', 'NotOlderThan', '']);
  if (match === 'Exact' && revision === '0')
    refuse('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  return errors;
}

/** Throws 422 for forbidden combinations. */
export function checkListOptions(query: URLSearchParams, isWatch: boolean): void {
  const errors = checkMatch(query, isWatch);
  if (errors.length) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
}

export function parseListOptions(query: URLSearchParams): ListOptions {
  checkListOptions(query, false);
  const token = query.get('continue');
  const limit = Number(query.get('limit') ?? 0);
  if (!Number.isSafeInteger(limit))
    throw badRequest(
      `strconv.ParseInt: parsing ${JSON.stringify(query.get('limit'))}: invalid syntax`,
    );
  const revision = parseRevision(query.get('resourceVersion'));
  if (token) {
    if (revision)
      throw badRequest('specifying resource version is not allowed when using continue');
    return {
      revision: undefined,
      exact: true,
      limit: Math.max(0, limit),
      continued: decodeContinue(token),
    };
  }
  const match = query.get('resourceVersionMatch') ?? '';
  const exact =
    match === 'Exact' || (match === '' && limit > 0 && revision !== undefined && revision > 0);
  // A list of any cached state is not paged, as in upstream's cache.
  return { revision, exact, limit: revision === 0 ? 0 : Math.max(0, limit), continued: undefined };
}

/** `start` is the key at which the next page begins, below the list's prefix. */
export const encodeContinue = (revision: number, start: string): string =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start })).toString('base64url');

function decodeContinue(token: string): { revision: number; start: string } {
  const broken = (why: string): Error =>
    badRequest(`invalid continue token: continue key is not valid: ${why}`);
  let parsed: { v?: unknown; rv?: unknown; start?: unknown } | null;
  try {
    parsed = parseJson(Buffer.from(token, 'base64url').toString('latin1')).value as typeof parsed;
  } catch (error) {
    throw broken(errorText(error));
  }
  const { v, rv, start } = parsed ?? {};
  if (v !== 'meta.k8s.io/v1') throw broken('server does not recognize this encoded version');
  if (typeof rv !== 'number' || !Number.isSafeInteger(rv) || rv === 0)
    throw broken('incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  if (typeof start !== 'string' || start === '' || start.startsWith('/') || start.includes('..'))
    throw broken('encoded start key empty or malformed (version meta.k8s.io/v1)');
  return { revision: rv, start };
}

const EXPIRED_CONTINUE =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/**
 * The 410 for a list at a compacted revision; a continued list gets a token for an inconsistent
 * rest.
 */
export function expiredList(options: ListOptions): Error {
  if (!options.continued)
    return statusError('Expired', 'The resourceVersion for the provided list is too old.');
  const error = statusError('Expired', EXPIRED_CONTINUE);
  error.status.metadata = { continue: encodeContinue(-1, options.continued.start) };
  return error;
}

export interface WatchOptions {
  /**
   * Events after this revision. Undefined: from the newest state; 0: from any state; both send
   * present objects first.
   */
  revision: number | undefined;
  sendInitialEvents: boolean | undefined;
  bookmarks: boolean;
  timeoutSeconds: number | undefined;
}

export function parseWatchOptions(query: URLSearchParams): WatchOptions {
  checkListOptions(query, true);
  const sends = query.get('sendInitialEvents');
  const timeout = Number(query.get('timeoutSeconds') ?? 0);
  if (!Number.isSafeInteger(timeout))
    throw badRequest(
      `timeoutSeconds: Invalid value: ${JSON.stringify(query.get('timeoutSeconds'))}`,
    );
  return {
    revision: parseRevision(query.get('resourceVersion')),
    sendInitialEvents: sends === null ? undefined : isTrue(sends),
    bookmarks: isTrue(query.get('allowWatchBookmarks')),
    timeoutSeconds: timeout > 0 ? timeout : undefined,
  };
}
