// JSON patch (RFC 6902) with the extensions of upstream's Go library: negative indexes count from
// the end, and a test of an absent member against null succeeds.
import { badRequest, statusError } from '../errors/status-error.js';
import { MAX_JSON_PATCH_OPERATIONS } from '../limits.js';
import { cloneJson, equalJson, isJsonObject, setMember } from '../meta/clone.js';
import { unprocessablePatch } from './patch-errors.js';

export interface JsonPatchOperation {
  op: string;
  path: string;
  from?: string;
  value?: unknown;
}

const MISSING = Symbol('missing');

/**
 * A new document; the arguments stay unchanged and share nothing with the result.
 * @throws StatusError 400 for a malformed patch, 413 for too many operations, 422 for an operation
 * that does not apply.
 */
export function applyJsonPatch(original: unknown, patch: unknown): unknown {
  const operations = checkPatch(patch);
  const root = { document: cloneJson(original) };
  for (const operation of operations) {
    const failure = applyOperation(root, operation);
    if (failure !== undefined) throw unprocessablePatch(failure);
  }
  return root.document;
}

function checkPatch(patch: unknown): JsonPatchOperation[] {
  if (!Array.isArray(patch))
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    );
  if (patch.length > MAX_JSON_PATCH_OPERATIONS) {
    throw statusError(
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${MAX_JSON_PATCH_OPERATIONS}, got ${patch.length}`,
    );
  }
  return patch.map((operation: unknown) => {
    if (!isJsonObject(operation))
      throw badRequest('error decoding patch: an operation is not an object');
    const { op, path, from } = operation;
    if (typeof op !== 'string') throw badRequest('error decoding patch: an operation has no op');
    if (typeof path !== 'string')
      throw badRequest('error decoding patch: an operation has no path');
    if (from !== undefined && typeof from !== 'string')
      throw badRequest('error decoding patch: from is not a string');
    return operation as unknown as JsonPatchOperation;
  });
}

/** The tokens of a JSON pointer; undefined for other texts. */
function tokensOf(pointer: string): string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

type Container = Record<string, unknown> | unknown[];

interface Root {
  document: unknown;
}

interface Place {
  container: Container;
  token: string;
}

/** The container that holds the last token; the root counts as a member '' of a wrapper. */
function locate(root: Root, pointer: string): Place | undefined {
  const tokens = tokensOf(pointer);
  if (!tokens) return undefined;
  let container: Container = root as unknown as Record<string, unknown>;
  let token = 'document';
  for (const next of tokens) {
    const value = read({ container, token });
    if (!Array.isArray(value) && !isJsonObject(value)) return undefined;
    container = value;
    token = next;
  }
  return { container, token };
}

/**
 * An index into a list of `length`, or undefined when out of range; `atEnd` allows one past the
 * end.
 */
function indexOf(token: string, length: number, atEnd: boolean): number | undefined {
  if (token === '-') return atEnd ? length : undefined;
  if (!/^-?(0|[1-9][0-9]*)$/.test(token)) return undefined;
  let index = Number(token);
  if (index < 0) index += length + (atEnd ? 1 : 0);
  return index >= 0 && index < length + (atEnd ? 1 : 0) ? index : undefined;
}

function read({ container, token }: Place): unknown {
  if (Array.isArray(container)) {
    const index = indexOf(token, container.length, false);
    return index === undefined ? MISSING : container[index];
  }
  return Object.hasOwn(container, token) ? container[token] : MISSING;
}

function add({ container, token }: Place, value: unknown): boolean {
  if (!Array.isArray(container)) {
    setMember(container, token, value);
    return true;
  }
  const index = indexOf(token, container.length, true);
  if (index === undefined) return false;
  container.splice(index, 0, value);
  return true;
}

function remove({ container, token }: Place): boolean {
  if (!Array.isArray(container)) return Object.hasOwn(container, token) && delete container[token];
  const index = indexOf(token, container.length, false);
  if (index === undefined) return false;
  container.splice(index, 1);
  return true;
}

function replace(place: Place, value: unknown): boolean {
  if (read(place) === MISSING) return false;
  const { container, token } = place;
  if (Array.isArray(container)) container[indexOf(token, container.length, false)!] = value;
  else setMember(container, token, value);
  return true;
}

/** The reason why the operation does not apply, or undefined. */
function applyOperation(root: Root, operation: JsonPatchOperation): string | undefined {
  const { op, path } = operation;
  const place = locate(root, path);
  // The texts, with their quotes, are those of upstream's library: clients match on them.
  const head = `${op} operation does not apply: doc is missing`;
  if (!place)
    return `${head} path: ${op === 'replace' ? path : JSON.stringify(path)}: missing value`;
  switch (op) {
    case 'add':
      return add(place, valueOf(operation))
        ? undefined
        : `error in add for path: '${path}': ${outside(place)}`;
    case 'remove':
      return remove(place)
        ? undefined
        : `error in remove for path: '${path}': ${Array.isArray(place.container) ? outside(place) : `unable to remove nonexistent key: ${place.token}: missing value`}`;
    case 'replace':
      return replace(place, valueOf(operation)) ? undefined : `${head} key: ${path}: missing value`;
    case 'test': {
      const found = read(place);
      const actual = found === MISSING ? null : found;
      return equalJson(actual, operation.value ?? null)
        ? undefined
        : `testing value ${path} failed: test failed`;
    }
    case 'move':
    case 'copy':
      return moveOrCopy(root, operation);
    default:
      return `Unexpected kind: ${op}`;
  }
}

function outside({ token }: Place): string {
  return `Unable to access invalid index: ${token}: invalid index referenced`;
}

function valueOf(operation: JsonPatchOperation): unknown {
  return operation.value === undefined ? null : cloneJson(operation.value);
}

function moveOrCopy(root: Root, { op, path, from = '' }: JsonPatchOperation): string | undefined {
  const source = locate(root, from);
  const value = source ? read(source) : MISSING;
  const missing = `${op} operation does not apply: doc is missing from path: ${JSON.stringify(from)}: missing value`;
  if (!source || value === MISSING) return missing;
  if (op === 'move') {
    if (path !== from && path.startsWith(`${from}/`))
      return `move operation does not apply: ${path} is inside of ${from}`;
    if (!remove(source)) return missing;
  }
  const target = locate(root, path);
  const done = target !== undefined && add(target, op === 'copy' ? cloneJson(value) : value);
  return done
    ? undefined
    : `${op} operation does not apply: doc is missing destination path: ${path}: missing value`;
}
