// Values on their way to and from the store (upstream apiserver/pkg/storage/value). Each form at
// rest begins with the prefix of its provider and key, so stores move between upstream and this
// server.

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
  async toStorage(data) {
    return data;
  },
};

function reduced(errors: readonly string[]): string {
  const all = [...new Set(errors)];
  return all.length === 1 ? all[0]! : `[${all.join(', ')}]`;
}

/**
 * Writes with the first member, reads with each one that has the value's prefix. `noMatch` is the
 * error when there is none.
 */
export function prefixed(noMatch: string, members: readonly PrefixTransformer[]): Transformer {
  const list = members.map(({ prefix, transformer }) => ({
    prefix: Buffer.from(prefix),
    transformer,
  }));
  const first = list[0]!;
  return {
    async fromStorage(data, key) {
      const errors: string[] = [];
      for (const member of list) {
        const { prefix, transformer } = member;
        if (!beginsWith(data, prefix)) continue;
        try {
          const plain = await transformer.fromStorage(data.subarray(prefix.length), key);
          return member === first ? plain : { ...plain, stale: true };
        } catch (error) {
          if (prefix.length > 0) errors.push((error as Error).message);
        }
      }
      throw new Error(errors.length ? reduced(errors) : noMatch);
    },
    async toStorage(data, key) {
      const body = await first.transformer.toStorage(data, key);
      return first.prefix.length ? Buffer.concat([first.prefix, body]) : body;
    },
  };
}
