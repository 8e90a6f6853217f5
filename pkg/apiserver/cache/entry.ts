// One object at one revision in the cache: immutable bytes, and the object parsed from them at
// first use. The parsed object is held weakly: it is shared while in use and costs no memory when
// idle.
import { parseTrustedJson } from '../../apimachinery/codec/json.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import {
  labelsOf,
  metadataRange,
  replaceRevision,
  spliceRevision,
  type ServedBytes,
} from '../codec/object-bytes.js';

const NO_LABELS: Readonly<Record<string, string>> = Object.freeze({});

export class Entry implements ServedBytes {
  readonly bytes: Buffer;
  readonly revisionAt: number;
  private parsed: WeakRef<ApiObject> | undefined;
  private labelSet: Readonly<Record<string, string>> | undefined;
  private memos: WeakMap<object, unknown> | undefined;
  private partial: Buffer | undefined;

  constructor(
    /** Below the resource's folder: 'namespace/name' or 'name'. */
    readonly key: string,
    readonly namespace: string,
    readonly name: string,
    readonly revision: number,
    /** Lease id of an object that expires. */
    readonly lease: string | undefined,
    served: ServedBytes,
  ) {
    this.bytes = served.bytes;
    this.revisionAt = served.revisionAt;
  }

  /** The shared object, which must not be changed; `parse` makes a copy. */
  object<T = ApiObject>(): T {
    const held = this.parsed?.deref();
    if (held) return held as T;
    const object = this.parse();
    this.parsed = new WeakRef(object);
    return object as T;
  }

  parse(): ApiObject {
    return parseTrustedJson(this.bytes.toString('utf8')) as ApiObject;
  }

  get labels(): Readonly<Record<string, string>> {
    return (this.labelSet ??=
      (this.parsed?.deref()?.metadata.labels ?? labelsOf(this.bytes)) || NO_LABELS);
  }

  /** The result of `make` for this entry, memoised per `key` (a view, a reader). */
  memo<T>(key: object, make: (entry: Entry) => T): T {
    const kept = (this.memos ??= new WeakMap<object, unknown>());
    let value = kept.get(key) as T | undefined;
    if (value === undefined) {
      value = make(this);
      kept.set(key, value);
    }
    return value;
  }

  /** Whether `memo` has a value for `key`. */
  has(key: object): boolean {
    return this.memos?.has(key) ?? false;
  }

  /** The same object at the same revision in other bytes. */
  shaped(served: ServedBytes): Entry {
    return new Entry(this.key, this.namespace, this.name, this.revision, this.lease, served);
  }

  /** `{"kind":"PartialObjectMetadata",...}` */
  get partialBytes(): Buffer {
    if (this.partial) return this.partial;
    const range = metadataRange(this.bytes)!;
    const metadata = this.bytes.subarray(range.start, range.end);
    return (this.partial = Buffer.concat([PARTIAL_HEAD, metadata, CLOSE]));
  }

  /**
   * The object as a DELETED event at `revision` reports it (a deletion, or leaving a selection).
   */
  at(revision: number): Entry {
    return new Entry(this.key, this.namespace, this.name, revision, this.lease, {
      bytes: replaceRevision(this, revision),
      revisionAt: this.revisionAt,
    });
  }
}

const PARTIAL_HEAD = Buffer.from(
  '{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":',
);
const CLOSE = Buffer.from('}');

/** `key` is relative to the resource's folder. */
export function entryOf(
  key: string,
  namespaced: boolean,
  stored: Uint8Array,
  revision: number,
  lease?: string,
): Entry {
  const slash = namespaced ? key.indexOf('/') : -1;
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  return new Entry(
    key,
    slash < 0 ? '' : key.slice(0, slash),
    key.slice(slash + 1),
    revision,
    lease,
    spliceRevision(bytes, revision),
  );
}
