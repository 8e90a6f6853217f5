// JSON patch (RFC 6902) with the tolerance of the Go library behind upstream
// (gopkg.in/evanphx/json-patch.v4 4.12): negative indexes count from the end, `replace` adds a
// member that is absent, and a test of an absent member against null succeeds.
import { jsonTypeOf, stringifyJson } from '../codec/json.js';
import { badRequest, statusError } from '../errors/status-error.js';
import { MAX_JSON_DEPTH, MAX_JSON_PATCH_COPIES, MAX_JSON_PATCH_OPERATIONS } from '../limits.js';
import { cloneJson, equalJson, isDeeperThan, isJsonObject, setMember } from '../meta/clone.js';
import { unprocessablePatch } from './patch-errors.js';

export interface JsonPatchOperation {
  op?: unknown;
  path?: unknown;
  from?: unknown;
  value?: unknown;
}

/**
 * A new document; neither argument changes and the result shares nothing with them.
 * @throws StatusError 400 for what is no patch, 413 for too many operations, 422 when one
 * does not apply; the cause of that error says why.
 */
export function applyJsonPatch(original: unknown, patch: unknown): unknown {
  const operations = checkPatch(patch);
  const root = { document: cloneJson(original), copied: 0 };
  for (const operation of operations) {
    try {
      applyOperation(root, operation);
    } catch (error) {
      throw error instanceof Refusal ? unprocessablePatch(error.message) : error;
    }
  }
  return root.document;
}

/** The operations of a patch. Throws StatusError 400 and 413. */
function checkPatch(patch: unknown): JsonPatchOperation[] {
  if (patch === null) return [];
  if (!Array.isArray(patch)) throw badRequest(unmarshalError(patch, 'Patch'));
  if (patch.length > MAX_JSON_PATCH_OPERATIONS)
    throw statusError(
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${MAX_JSON_PATCH_OPERATIONS}, got ${patch.length}`,
    );
  return patch.map((operation: unknown) => {
    if (operation !== null && !isJsonObject(operation))
      throw badRequest(unmarshalError(operation, 'Operation'));
    return (operation ?? {}) as JsonPatchOperation;
  });
}

const unmarshalError = (value: unknown, type: string): string =>
  `json: cannot unmarshal ${jsonTypeOf(value)} into Go value of type jsonpatch.${type}`;

/** Why an operation does not apply, in the words of upstream's library: clients look for them. */
class Refusal extends Error {}

const MISSING = 'missing value';
const LACK = 'does not apply: doc is missing';

function refuse(what: string, why: string = MISSING): never {
  throw new Refusal(`${what}: ${why}`);
}

type Container = Record<string, unknown> | unknown[];

interface Place {
  container: Container;
  token: string;
  /** Levels above the place; the document itself is level 0. */
  level: number;
}

interface Root {
  document: unknown;
  /** Characters of JSON that operations `copy` have added. */
  copied: number;
}

/**
 * The container that holds the last token of a pointer; undefined when the way to it is missing.
 */
function locate({ document }: Root, pointer: string): Place | undefined {
  const tokens = pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = tokens.pop();
  if (last === undefined) return undefined;
  let container = document;
  for (const token of tokens) {
    if (!isContainer(container)) return undefined;
    try {
      container = read({ container, token, level: 0 });
    } catch {
      return undefined;
    }
  }
  return isContainer(container) ? { container, token: last, level: tokens.length + 1 } : undefined;
}

/** As locate, where `lack` says what is missing. */
const placeAt = (root: Root, pointer: string, lack: string): Place =>
  locate(root, pointer) ?? refuse(lack);

const isContainer = (value: unknown): value is Container =>
  Array.isArray(value) || isJsonObject(value);

/** An index below `end`; negative indexes count from `end`. */
function indexOf(token: string, end: number): number {
  if (!/^[-+]?[0-9]+$/.test(token))
    return refuse(`strconv.Atoi: parsing ${JSON.stringify(token)}`, 'invalid syntax');
  const index = Number(token);
  if (index >= end || index < -end)
    return refuse(`Unable to access invalid index: ${index}`, 'invalid index referenced');
  return index < 0 ? index + end : index;
}

/**
 * The value at a place. A missing member of an object reads as undefined; a bad index is refused.
 */
function read({ container, token }: Place): unknown {
  if (Array.isArray(container)) return container[indexOf(token, container.length)];
  return Object.hasOwn(container, token) ? container[token] : undefined;
}

/** Operations put values below each other, and so could nest deeper than any body. */
function checkDepth(level: number, value: unknown): void {
  if (isDeeperThan(value, MAX_JSON_DEPTH - level)) throw new Refusal('exceeded max depth');
}

function add({ container, token, level }: Place, value: unknown): void {
  checkDepth(level, value);
  if (!Array.isArray(container)) setMember(container, token, value);
  else if (token === '-') container.push(value);
  else {
    const index = /^[-+]?[0-9]+$/.test(token)
      ? indexOf(token, container.length + 1)
      : within(`value was not a proper array index: '${token}'`, () => indexOf(token, 0));
    container.splice(index, 0, value);
  }
}

function remove({ container, token }: Place): void {
  if (Array.isArray(container)) container.splice(indexOf(token, container.length), 1);
  else if (Object.hasOwn(container, token)) delete container[token];
  else refuse(`Unable to remove nonexistent key: ${token}`);
}

/** Runs a step and puts `head` before its refusal. */
function within<T>(head: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(`${head}: ${error.message}`) : error;
  }
}

/** The pointer in a member of the operation. */
function pointerIn(operation: JsonPatchOperation, member: 'path' | 'from'): string {
  const pointer = operation[member];
  if (typeof pointer === 'string') return pointer;
  const op = operation.op as string;
  const bare = member === 'path' && (op === 'add' || op === 'remove' || op === 'copy');
  const missing =
    member === 'path' ? 'operation missing path field' : 'operation, missing from field';
  return refuse(`${op} operation failed to decode ${member}${bare ? '' : `: ${missing}`}`);
}

const valueOf = ({ value }: JsonPatchOperation): unknown =>
  value === undefined ? null : cloneJson(value);

/** Each operation of RFC 6902 with the tolerance and the texts of the library. */
const OPERATIONS: Readonly<Record<string, (root: Root, operation: JsonPatchOperation) => void>> = {
  add(root, operation) {
    const path = pointerIn(operation, 'path');
    const place = placeAt(root, path, `add operation ${LACK} path: "${path}"`);
    within(`error in add for path: '${path}'`, () => add(place, valueOf(operation)));
  },
  remove(root, operation) {
    const path = pointerIn(operation, 'path');
    const place = placeAt(root, path, `remove operation ${LACK} path: "${path}"`);
    within(`error in remove for path: '${path}'`, () => remove(place));
  },
  // A missing member of an object is added: the library looks only at indexes of lists.
  replace(root, operation) {
    const path = pointerIn(operation, 'path');
    const value = valueOf(operation);
    if (path === '') {
      if (!isContainer(value)) throw new Refusal('replace operation value must be object or array');
      root.document = value;
      return;
    }
    const head = `replace operation ${LACK}`;
    const { container, level, token } = placeAt(root, path, `${head} path: ${path}`);
    checkDepth(level, value);
    if (!Array.isArray(container)) return setMember(container, token, value);
    try {
      container[indexOf(token, container.length)] = value;
    } catch {
      refuse(`${head} key: ${path}`);
    }
  },
  test(root, operation) {
    const path = pointerIn(operation, 'path');
    const place =
      path === ''
        ? { container: { '': root.document }, token: '', level: 0 }
        : placeAt(root, path, `test operation does not apply: is missing path: ${path}`);
    const found = within(`error in test for path: '${path}'`, () => read(place)) ?? null;
    if (!equalJson(found, operation.value ?? null))
      refuse(`testing value ${path} failed`, 'test failed');
  },
  move(root, operation) {
    const from = pointerIn(operation, 'from');
    const source = placeAt(root, from, `move operation ${LACK} from path: ${from}`);
    const value = within(`error in move for path: '${source.token}'`, () => {
      const found = read(source);
      remove(source);
      return found;
    });
    const path = pointerIn(operation, 'path');
    const target = placeAt(root, path, `move operation ${LACK} destination path: ${path}`);
    within(`error in move for path: '${path}'`, () => add(target, value));
  },
  // A missing member of an object is copied as null, as the library does.
  copy(root, operation) {
    const from = pointerIn(operation, 'from');
    const source = placeAt(root, from, `copy operation ${LACK} from path: ${from}`);
    const value = within(`error in copy for from: '${from}'`, () => read(source)) ?? null;
    const path = pointerIn(operation, 'path');
    const target = placeAt(root, path, `copy operation ${LACK} destination path: ${path}`);
    root.copied += stringifyJson(value).length;
    if (root.copied > MAX_JSON_PATCH_COPIES)
      throw new Refusal(
        `Unable to complete the copy, the accumulated size increase of copy is ${root.copied}, exceeding the limit ${MAX_JSON_PATCH_COPIES}`,
      );
    within('error while adding value during copy', () => add(target, cloneJson(value)));
  },
};

function applyOperation(root: Root, operation: JsonPatchOperation): void {
  const { op } = operation;
  const kind = typeof op === 'string' ? op : 'unknown';
  if (!Object.hasOwn(OPERATIONS, kind)) throw new Refusal(`Unexpected kind: ${kind}`);
  OPERATIONS[kind]!(root, operation);
}
