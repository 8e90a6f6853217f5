// Values on their way to and from the store (upstream apiserver/pkg/storage/value). Each form at
// rest begins with the prefix of its provider and key, so stores move between upstream and this
// server.

import { aggregateText } from '../../apimachinery/errors/status-error.js';
import type { Env } from '../../util/env/env.js';

export interface Plain {
  data: Uint8Array;
  /** True when a write would choose another provider or key: the value is due to be written. */
  stale: boolean;
}

/** The store's key of a value is part of what is authenticated: a value cannot be moved. */
export interface Transformer {
  /** Rejects for a value that cannot be decrypted. */
  fromStorage(data: Buffer, key: string): Promise<Plain>;
  toStorage(data: Uint8Array, key: string): Promise<Uint8Array>;
}

export interface PrefixTransformer {
  /** '' is the provider of plain values. */
  prefix: string;
  transformer: Transformer;
}

/** The prefix of everything encrypted. */
const ENCRYPTED = Buffer.from('k8s:enc:');

const beginsWith = (data: Buffer, prefix: Buffer) =>
  data.length >= prefix.length && data.compare(prefix, 0, prefix.length, 0, prefix.length) === 0;

/** Plain values. Reads refuse encrypted ones, which another provider may know. */
export const identity: Transformer = {
  async fromStorage(data) {
    if (beginsWith(data, ENCRYPTED))
      throw new Error('identity transformer tried to read encrypted data');
    return { data, stale: false };
  },
  toStorage: async (data) => data,
};

/** Counts and times transformations; gives the function that ends one. */
export type Meter = (
  type: 'from_storage' | 'to_storage',
) => (prefix: string, error?: unknown) => void;

const UNMETERED: Meter = () => () => {};

/** Exponential from 5 µs, because a KMS plugin may take seconds. */
const BUCKETS = Array.from({ length: 25 }, (_, at) => 5e-6 * 2 ** at);

/** The meter of upstream's metrics (apiserver/pkg/storage/value/metrics.go). */
export function meterOf({ clock, metrics }: Pick<Env, 'clock' | 'metrics'>): Meter {
  const labels = ['transformation_type', 'transformer_prefix'];
  const total = metrics.counter(
    'apiserver_storage_transformation_operations_total',
    'Total number of transformations.',
    [...labels, 'status'],
  );
  const duration = metrics.histogram(
    'apiserver_storage_transformation_duration_seconds',
    'Latencies in seconds of value transformation operations.',
    BUCKETS,
    labels,
  );
  return (transformation_type) => {
    const began = clock.monotonic();
    return (transformer_prefix, error) => {
      const own = { transformation_type, transformer_prefix };
      total.inc({ ...own, status: error === undefined ? 'OK' : 'unknown-non-grpc' });
      if (error === undefined) duration.observe((clock.monotonic() - began) / 1000, own);
    };
  };
}

/**
 * Writes with the first member, reads with each one that has the value's prefix. `noMatch` is the
 * error when there is none.
 */
export function prefixed(
  noMatch: string,
  members: readonly PrefixTransformer[],
  meter: Meter = UNMETERED,
): Transformer {
  const list = members.map(({ prefix, transformer }) => ({
    prefix: Buffer.from(prefix),
    transformer,
  }));
  const first = list[0]!;
  return {
    async fromStorage(data, key) {
      const errors: string[] = [];
      const done = meter('from_storage');
      for (const member of list) {
        const { prefix, transformer } = member;
        if (!beginsWith(data, prefix)) continue;
        try {
          const plain = await transformer.fromStorage(data.subarray(prefix.length), key);
          done(prefix.toString() || 'identity');
          return member === first ? plain : { ...plain, stale: true };
        } catch (error) {
          if (prefix.length === 0) continue;
          done(prefix.toString(), error);
          errors.push((error as Error).message);
        }
      }
      if (!errors.length) done('unknown', noMatch);
      throw new Error(errors.length ? aggregateText(errors) : noMatch);
    },
    async toStorage(data, key) {
      const done = meter('to_storage');
      const prefix = first.prefix.toString();
      try {
        const body = await first.transformer.toStorage(data, key);
        done(prefix);
        return first.prefix.length ? Buffer.concat([first.prefix, body]) : body;
      } catch (error) {
        done(prefix, error);
        throw error;
      }
    },
  };
}
