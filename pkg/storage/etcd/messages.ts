// The messages of etcd's rpc.proto and kv.proto (etcdserverpb, mvccpb; v3.4 and later) that the
// storage contract needs, with the field numbers of those files.
import { WireError } from '../../util/protobuf/wire-reader.js';
import type {
  Compare,
  KeyValue,
  ListResult,
  Operation,
  StorageEvent,
  TransactionResult,
} from '../storage.js';
import { WireReader, WireWriter } from './wire.js';

/** The end of the range of all keys with this prefix; '\0' stands for the end of the key space. */
export function rangeEnd(prefix: string): Buffer {
  const bytes = Buffer.from(prefix, 'utf8');
  for (let at = bytes.length - 1; at >= 0; at--) {
    if (bytes[at]! === 0xff) continue;
    const end = Buffer.from(bytes.subarray(0, at + 1));
    end[at] = end[at]! + 1;
    return end;
  }
  return Buffer.from([0]);
}

/** etcd refuses empty keys: the range from '\0' is the whole key space. */
export const rangeStart = (prefix: string): Buffer =>
  prefix === '' ? Buffer.from([0]) : Buffer.from(prefix, 'utf8');

export interface RangeOptions {
  end?: Buffer;
  limit?: number;
  revision?: number;
  keysOnly?: boolean;
  countOnly?: boolean;
}

export function rangeRequest(key: Buffer, options: RangeOptions): WireWriter {
  const writer = new WireWriter().bytes(1, key);
  if (options.end) writer.bytes(2, options.end);
  if (options.limit) writer.number(3, options.limit);
  if (options.revision) writer.number(4, options.revision);
  return writer.bool(8, options.keysOnly).bool(9, options.countOnly);
}

function headerRevision(reader: WireReader): number {
  let revision = 0;
  while (reader.next()) if (reader.field === 3) revision = reader.number();
  return revision;
}

export function readKeyValue(reader: WireReader): KeyValue {
  const kv: KeyValue = { key: '', value: Buffer.alloc(0), createRevision: 0, modRevision: 0 };
  while (reader.next()) {
    if (reader.field === 1) kv.key = reader.text();
    else if (reader.field === 2) kv.createRevision = reader.number();
    else if (reader.field === 3) kv.modRevision = reader.number();
    else if (reader.field === 5) kv.value = reader.bytes();
    else if (reader.field === 6) {
      const lease = reader.id();
      if (lease !== '0') kv.lease = lease;
    }
  }
  return kv;
}

export function readRangeResponse(reader: WireReader): ListResult {
  const response: ListResult = { kvs: [], revision: 0, more: false, count: 0 };
  while (reader.next()) {
    if (reader.field === 1) response.revision = headerRevision(reader.message());
    else if (reader.field === 2) response.kvs.push(readKeyValue(reader.message()));
    else if (reader.field === 3) response.more = reader.number() === 1;
    else if (reader.field === 4) response.count = reader.number();
  }
  return response;
}

function requestOperation(operation: Operation): WireWriter {
  const inner = new WireWriter().text(1, operation.key);
  if (operation.type === 'put')
    return new WireWriter().message(2, inner.bytes(2, operation.value).id(3, operation.lease));
  return new WireWriter().message(operation.type === 'delete' ? 3 : 1, inner);
}

const TARGET_CREATE = 1;
const TARGET_MOD = 2;

function compareMessage(compare: Compare): WireWriter {
  const [target, field, revision] =
    'modRevision' in compare
      ? [TARGET_MOD, 6, compare.modRevision]
      : [TARGET_CREATE, 5, compare.createRevision];
  return new WireWriter().number(2, target).text(3, compare.key).number(field, revision);
}

export function transactionRequest(
  compares: readonly Compare[],
  success: readonly Operation[],
  failure: readonly Operation[],
): WireWriter {
  const writer = new WireWriter();
  for (const compare of compares) writer.message(1, compareMessage(compare));
  for (const operation of success) writer.message(2, requestOperation(operation));
  for (const operation of failure) writer.message(3, requestOperation(operation));
  return writer;
}

export interface TransactionResponse extends TransactionResult {
  /** The number of keys that all delete operations removed. */
  deleted: number;
}

export function readTransactionResponse(reader: WireReader): TransactionResponse {
  const response: TransactionResponse = { succeeded: false, revision: 0, results: [], deleted: 0 };
  while (reader.next()) {
    if (reader.field === 1) response.revision = headerRevision(reader.message());
    else if (reader.field === 2) response.succeeded = reader.number() === 1;
    else if (reader.field === 3) readOperationResponse(reader.message(), response);
  }
  return response;
}

function readOperationResponse(reader: WireReader, into: TransactionResponse): void {
  let result: KeyValue | undefined;
  while (reader.next()) {
    if (reader.field === 1) result = readRangeResponse(reader.message()).kvs[0];
    else if (reader.field === 3) {
      const inner = reader.message();
      while (inner.next()) if (inner.field === 2) into.deleted += inner.number();
    }
  }
  into.results.push(result);
}

export interface WatchResponse {
  revision: number;
  created: boolean;
  canceled: boolean;
  compactRevision: number;
  cancelReason: string;
  /** A further fragment of the same revisions follows. */
  fragment: boolean;
  events: StorageEvent[];
}

export function watchCreateRequest(
  prefix: string,
  startRevision: number,
  previous: boolean,
): WireWriter {
  const create = new WireWriter()
    .bytes(1, rangeStart(prefix))
    .bytes(2, rangeEnd(prefix))
    .number(3, startRevision);
  create.bool(6, previous).bool(8, true);
  return new WireWriter().message(1, create);
}

export const watchProgressRequest = (): WireWriter => new WireWriter().message(3, new WireWriter());

export function readWatchResponse(reader: WireReader): WatchResponse {
  const response: WatchResponse = {
    revision: 0,
    created: false,
    canceled: false,
    compactRevision: 0,
    cancelReason: '',
    fragment: false,
    events: [],
  };
  while (reader.next()) {
    if (reader.field === 1) response.revision = headerRevision(reader.message());
    else if (reader.field === 3) response.created = reader.number() === 1;
    else if (reader.field === 4) response.canceled = reader.number() === 1;
    else if (reader.field === 5) response.compactRevision = reader.number();
    else if (reader.field === 6) response.cancelReason = reader.text();
    else if (reader.field === 7) response.fragment = reader.number() === 1;
    else if (reader.field === 11) response.events.push(readEvent(reader.message()));
  }
  return response;
}

function readEvent(reader: WireReader): StorageEvent {
  let isDelete = false;
  let kv: KeyValue | undefined;
  let previous: KeyValue | undefined;
  while (reader.next()) {
    if (reader.field === 1) isDelete = reader.number() === 1;
    else if (reader.field === 2) kv = readKeyValue(reader.message());
    else if (reader.field === 3) previous = readKeyValue(reader.message());
  }
  if (!kv) throw new WireError('etcd sent an event without a key');
  return { type: isDelete ? 'delete' : 'put', kv, ...(previous && { previous }) };
}

export const leaseGrantRequest = (ttlSeconds: number): WireWriter =>
  new WireWriter().number(1, ttlSeconds);

export const leaseRequest = (lease: string): WireWriter => new WireWriter().id(1, lease);

/** Of LeaseGrant and LeaseKeepAlive. */
export function readLeaseResponse(reader: WireReader): { lease: string; ttlSeconds: number } {
  const response = { lease: '', ttlSeconds: 0 };
  while (reader.next()) {
    if (reader.field === 2) response.lease = reader.id();
    else if (reader.field === 3) response.ttlSeconds = reader.number();
  }
  return response;
}

export const compactRequest = (revision: number): WireWriter =>
  new WireWriter().number(1, revision);
