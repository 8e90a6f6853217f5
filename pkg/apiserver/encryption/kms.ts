// Envelope encryption with a KMS plugin, v2 (upstream storage/value/encrypt/envelope/kmsv2). A seed
// encrypts the values; the plugin encrypts the seed, and each value carries the encrypted seed. The
// seed changes when the plugin's key changes.
import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { WireReader, WireWriter } from '../../storage/etcd/wire.js';
import { StorageUnavailableError } from '../../storage/storage.js';
import type { Env } from '../../util/env/env.js';
import { every } from '../../util/wait/every.js';
import {
  KMS_ANNOTATIONS_BYTES,
  KMS_HEALTHY_MS,
  KMS_KEY_ID_BYTES,
  KMS_PROBE_MS,
  KMS_RETRY_MS,
  KMS_SEED_LIFE_MS,
  KMS_SEEDS,
  KMS_SOURCE_BYTES,
  KMS_UNHEALTHY_MS,
} from './limits.js';
import { aesGcm, extendedNonceGcm } from './ciphers.js';
import {
  readAnnotation,
  writeAnnotations,
  type KmsCiphertext,
  type KmsService,
} from './kms-client.js';
import type { Transformer } from './transformer.js';

/** EncryptedDEKSourceType of upstream's EncryptedObject; 0 is a plain AES-GCM key. */
const SEED = 1;
const SEED_BYTES = 32;

interface EncryptedObject extends KmsCiphertext {
  data: Buffer;
  type: number;
}

interface Current {
  transformer: Transformer;
  source: KmsCiphertext;
  /** Monotonic milliseconds: no write uses the seed after this time without word of the plugin. */
  expires: number;
}

function refuse(object: EncryptedObject): EncryptedObject {
  const { type, data, ciphertext, keyId, annotations } = object;
  const fail = (message: string): never => {
    throw new Error(message);
  };
  if (type !== 0 && type !== SEED) fail(`unknown encryptedDEKSourceType: ${type}`);
  if (!data.length) fail('encrypted data is empty');
  const source = 'failed to validate encrypted DEK source: encrypted DEK source is';
  if (!ciphertext.length) fail(`${source} empty`);
  if (ciphertext.length > KMS_SOURCE_BYTES)
    fail(`${source} ${ciphertext.length} bytes, which exceeds the max size of ${KMS_SOURCE_BYTES}`);
  if (!keyId) fail('failed to validate key id: keyID is empty');
  if (Buffer.byteLength(keyId) > KMS_KEY_ID_BYTES)
    fail(
      `failed to validate key id: keyID is ${Buffer.byteLength(keyId)} bytes, which exceeds the max size of ${KMS_KEY_ID_BYTES}`,
    );
  let size = 0;
  for (const [name, value] of annotations) size += Buffer.byteLength(name) + value.length;
  if (size > KMS_ANNOTATIONS_BYTES)
    fail(
      `failed to validate annotations: total size of annotations is ${size}, which exceeds the max size of ${KMS_ANNOTATIONS_BYTES}`,
    );
  return object;
}

function encode({ data, keyId, ciphertext, annotations, type }: EncryptedObject): Buffer {
  const writer = new WireWriter().bytes(1, data).text(2, keyId).bytes(3, ciphertext);
  writeAnnotations(writer, 4, annotations);
  if (type) writer.number(5, type);
  return writer.finish();
}

function decode(data: Buffer): EncryptedObject {
  const annotations = new Map<string, Buffer>();
  const none = Buffer.alloc(0);
  const object: EncryptedObject = { data: none, keyId: '', ciphertext: none, annotations, type: 0 };
  const reader = new WireReader(data);
  while (reader.next()) {
    if (reader.field === 1) object.data = reader.bytes();
    else if (reader.field === 2) object.keyId = reader.text();
    else if (reader.field === 3) object.ciphertext = reader.bytes();
    else if (reader.field === 4) readAnnotation(reader.message(), annotations);
    else if (reader.field === 5) object.type = reader.number();
  }
  return refuse(object);
}

function cacheKey({ type, ciphertext, keyId, annotations }: EncryptedObject): string {
  const notes = [...annotations].map(([name, value]) => `${name}=${value.toString('base64')}`);
  return JSON.stringify([type, keyId, ciphertext.toString('base64'), notes.toSorted()]);
}

export interface KmsProvider {
  transformer: Transformer;
  /** Asks the plugin, and takes a new seed for a new key. Rejects without a healthy plugin. */
  check(): Promise<void>;
  /** Checks until abort: often while the plugin is not healthy, else once a minute. */
  run(signal: AbortSignal): Promise<void>;
  close(): void;
}

export function kmsProvider(
  name: string,
  service: KmsService,
  env: Pick<Env, 'clock' | 'log'>,
): KmsProvider {
  const seeds = new LRUCache<string, Transformer>({ max: KMS_SEEDS });
  let current: Current | undefined;
  /** The last call that got no answer at all. */
  let absence: { error: Error; until: number } | undefined;

  const opened = async (object: EncryptedObject): Promise<Transformer> => {
    const key = cacheKey(object);
    const known = seeds.get(key);
    if (known) return known;
    if (absence && env.clock.monotonic() < absence.until) throw absence.error;
    const plain = await service.decrypt(object).catch((cause: unknown) => {
      const error = new Error(`failed to decrypt DEK, error: ${(cause as Error).message}`);
      // A thousand values must not wait for a thousand time-outs.
      if (cause instanceof StorageUnavailableError)
        absence = { error, until: env.clock.monotonic() + KMS_UNHEALTHY_MS };
      throw error;
    });
    if (object.type === SEED && plain.length < SEED_BYTES)
      throw new Error(`invalid seed length ${plain.length} used for key generation`);
    if (object.type !== SEED && ![16, 24, 32].includes(plain.length))
      throw new Error(`crypto/aes: invalid key size ${plain.length}`);
    const made = object.type === SEED ? extendedNonceGcm(plain) : aesGcm(plain);
    seeds.set(key, made);
    return made;
  };

  const transformer: Transformer = {
    async fromStorage(data, key) {
      const object = decode(data);
      const plain = await (await opened(object)).fromStorage(object.data, key);
      const isNewest = object.keyId === current?.source.keyId && object.type === SEED;
      return isNewest ? plain : { ...plain, stale: true };
    },
    async toStorage(data, key) {
      if (!current) throw new Error(`KMS provider ${name} has not answered yet`);
      if (env.clock.monotonic() > current.expires)
        throw new Error(
          `encryptedDEKSource of KMS provider ${name} expired: the plugin has not been healthy for ${KMS_SEED_LIFE_MS / 60_000} minutes`,
        );
      const sealed = (await current.transformer.toStorage(data, key)) as Buffer;
      return encode({ ...current.source, data: sealed, type: SEED });
    },
  };

  const newSeed = async (): Promise<Current> => {
    const seed = randomBytes(SEED_BYTES);
    const source = await service.encrypt(seed).catch((error: unknown) => {
      throw new Error(`failed to encrypt DEK, error: ${(error as Error).message}`);
    });
    const object = refuse({ ...source, data: Buffer.from([0]), type: SEED });
    const made = extendedNonceGcm(seed);
    seeds.set(cacheKey(object), made);
    return { transformer: made, source, expires: 0 };
  };

  const ask = async () => {
    const { version, healthz, keyId } = await service.status().catch((error: unknown) => {
      throw new Error(
        `failed to perform status section of the healthz check for KMS Provider ${name}, error: ${(error as Error).message}`,
      );
    });
    const errors = [
      ...(healthz === 'ok' ? [] : [`got unexpected healthz status: ${healthz}`]),
      ...(version === 'v2' || version === 'v2beta1'
        ? []
        : [`expected KMSv2 API version v2, got ${version}`]),
      ...(keyId ? [] : ['expected KMSv2 KeyID to be set, got ']),
    ];
    if (errors.length)
      throw new Error(`kmsv2 Provider ${name} is not healthy, error: ${errors.join(', ')}`);
    const asked = env.clock.monotonic();
    if (current?.source.keyId !== keyId) {
      current = await newSeed();
      env.log.info('took a new seed from the KMS plugin', { provider: name });
    }
    current.expires = asked + KMS_SEED_LIFE_MS;
  };

  let answer: { promise: Promise<void>; until: number } | undefined;
  /** Everybody who asks within a short time gets one answer, as health checks may come often. */
  const check = (): Promise<void> => {
    if (answer && env.clock.monotonic() < answer.until) return answer.promise;
    const mine = { promise: ask(), until: Infinity };
    answer = mine;
    const keepFor = (ms: number) => () => void (mine.until = env.clock.monotonic() + ms);
    mine.promise.then(keepFor(KMS_HEALTHY_MS), keepFor(KMS_UNHEALTHY_MS));
    return mine.promise;
  };

  return {
    transformer,
    check,
    run(signal) {
      let healthy = true;
      const periodMs = () => (healthy ? KMS_PROBE_MS : KMS_RETRY_MS);
      const failed = (error: unknown) => {
        healthy = false;
        env.log.warn('the KMS plugin is not healthy', { provider: name, error });
      };
      return every({ env, signal, periodMs, firstMs: 0, failed }, async () => {
        await check();
        healthy = true;
      });
    },
    close: () => service.close(),
  };
}
