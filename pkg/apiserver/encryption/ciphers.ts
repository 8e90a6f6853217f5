// The ciphers of values at rest, byte for byte as upstream lays them out
// (apiserver/pkg/storage/value/encrypt).
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { Transformer } from './transformer.js';

const GCM_NONCE_BYTES = 12;
const GCM_TAG_BYTES = 16;
const BLOCK_BYTES = 16;
const SECRETBOX_NONCE_BYTES = 24;
const SECRETBOX_OVERHEAD_BYTES = 16;
/** Bytes of the random text from which a key of one value is derived. */
const INFO_BYTES = 32;

const TOO_SHORT = 'the stored data was shorter than the required size';

type GcmName = 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm';

const gcmName = (key: Buffer) => `aes-${key.length * 8}-gcm` as GcmName;

/** The nonce, the encrypted bytes, the tag. */
function gcmSeal(key: Buffer, data: Uint8Array, authenticated: string): Buffer {
  const nonce = randomBytes(GCM_NONCE_BYTES);
  const cipher = createCipheriv(gcmName(key), key, nonce).setAAD(Buffer.from(authenticated));
  const body = cipher.update(data);
  return Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()]);
}

function gcmOpen(key: Buffer, data: Buffer, authenticated: string): Buffer {
  if (data.length < GCM_NONCE_BYTES) throw new Error(TOO_SHORT);
  const end = data.length - GCM_TAG_BYTES;
  if (end < GCM_NONCE_BYTES) throw new Error('cipher: message authentication failed');
  const decipher = createDecipheriv(gcmName(key), key, data.subarray(0, GCM_NONCE_BYTES), {
    authTagLength: GCM_TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(authenticated)).setAuthTag(data.subarray(end));
  const body = decipher.update(data.subarray(GCM_NONCE_BYTES, end));
  try {
    return Buffer.concat([body, decipher.final()]);
  } catch {
    throw new Error('cipher: message authentication failed');
  }
}

/** AES-GCM with a random nonce; the key lasts for 2^32 writes. */
export const aesGcm = (key: Buffer): Transformer => ({
  fromStorage: async (data, at) => ({ data: gcmOpen(key, data, at), stale: false }),
  toStorage: async (data, at) => gcmSeal(key, data, at),
});

/**
 * AES-GCM with a key for each write, which HKDF (RFC 5869, expansion only) derives from the seed
 * and from random bytes before the value; the seed does not wear out.
 */
export function extendedNonceGcm(seed: Buffer): Transformer {
  const derive = (info: Buffer) =>
    createHmac('sha256', seed).update(info).update(Uint8Array.of(1)).digest();
  return {
    async fromStorage(data, at) {
      if (data.length < INFO_BYTES) throw new Error(TOO_SHORT);
      const key = derive(data.subarray(0, INFO_BYTES));
      return { data: gcmOpen(key, data.subarray(INFO_BYTES), at), stale: false };
    },
    async toStorage(data, at) {
      const info = randomBytes(INFO_BYTES);
      return Buffer.concat([info, gcmSeal(derive(info), data, at)]);
    },
  };
}

/** The data without its padding (PKCS #7). */
function unpadded(data: Buffer): Buffer {
  const size = data[data.length - 1] ?? 0;
  if (size === 0 || size > data.length) throw new Error('invalid PKCS7 data (empty or not padded)');
  const end = data.length - size;
  for (let at = end; at < data.length; at++)
    if (data[at] !== size) throw new Error('invalid padding on input');
  return data.subarray(0, end);
}

/** AES-CBC with a random vector. It authenticates nothing, as upstream's documentation warns. */
export function aesCbc(key: Buffer): Transformer {
  const algorithm = `aes-${key.length * 8}-cbc`;
  return {
    async fromStorage(data) {
      if (data.length < BLOCK_BYTES) throw new Error(TOO_SHORT);
      if (data.length % BLOCK_BYTES)
        throw new Error('the stored data is not a multiple of the block size');
      const vector = data.subarray(0, BLOCK_BYTES);
      const decipher = createDecipheriv(algorithm, key, vector).setAutoPadding(false);
      const body = decipher.update(data.subarray(BLOCK_BYTES));
      return { data: unpadded(Buffer.concat([body, decipher.final()])), stale: false };
    },
    async toStorage(data) {
      const vector = randomBytes(BLOCK_BYTES);
      const cipher = createCipheriv(algorithm, key, vector);
      return Buffer.concat([vector, cipher.update(data), cipher.final()]);
    },
  };
}

/** NaCl's secretbox: XSalsa20 and Poly1305, which OpenSSL does not have. Loaded at first use. */
export function secretbox(key: Buffer): Transformer {
  const load = async () => (await import('@noble/ciphers/salsa.js')).xsalsa20poly1305;
  return {
    async fromStorage(data) {
      if (data.length < SECRETBOX_NONCE_BYTES + SECRETBOX_OVERHEAD_BYTES)
        throw new Error(TOO_SHORT);
      const cipher = await load();
      try {
        const nonce = data.subarray(0, SECRETBOX_NONCE_BYTES);
        const plain = cipher(key, nonce).decrypt(data.subarray(SECRETBOX_NONCE_BYTES));
        return { data: Buffer.from(plain.buffer, plain.byteOffset, plain.length), stale: false };
      } catch {
        throw new Error('output array was not large enough for encryption');
      }
    },
    async toStorage(data) {
      const cipher = await load();
      const nonce = randomBytes(SECRETBOX_NONCE_BYTES);
      return Buffer.concat([nonce, cipher(key, nonce).encrypt(data)]);
    },
  };
}
