// Encryption at rest from the file of --encryption-provider-config, which may be followed
// (upstream server/options/encryptionconfig and its controller).
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { readEncryptionConfig } from '../../pkg/apiserver/encryption/config.js';
import {
  encryptedStorage,
  resourceAt,
  type EncryptedStorage,
} from '../../pkg/apiserver/encryption/encrypted-storage.js';
import { createProviders, type Providers } from '../../pkg/apiserver/encryption/providers.js';
import type { Storage } from '../../pkg/storage/storage.js';
import type { Env } from '../../pkg/util/env/env.js';
import { FlagError } from '../flags.js';
import { followFiles } from '../follow-files.js';
import { ENCRYPTION_METRICS } from './metrics.generated.js';
import { registered } from '../../pkg/util/metrics/registered.js';

/** Requests that began with the old providers may still use them for so long. */
const CLOSE_AFTER_MS = 60_000;

interface Loaded {
  text: string;
  providers: Providers;
}

export interface Encryption {
  /** The store with its values encrypted; `folders` as in resourceAt. */
  wrap(
    storage: Storage,
    root: string,
    folders: ReadonlyMap<string, { group: string; resource: string }>,
  ): Storage;
  checks: Readonly<Record<string, () => Promise<void>>>;
  /** Keeps the seeds of KMS plugins, and follows the file, until abort. */
  run(signal: AbortSignal): Promise<void>;
}

async function load(path: string, env: Env): Promise<Loaded> {
  const text = await readFile(path, 'utf8');
  if (!text) throw new Error(`encryption provider configuration file "${path}" is empty`);
  let document: unknown;
  try {
    document = parse(text);
  } catch {
    // The parser's message shows the line, and with it a key.
    throw new Error('the file is not valid YAML');
  }
  return { text, providers: createProviders(readEncryptionConfig(document), env) };
}

const checkAll = async (providers: Providers) => {
  for (const provider of providers.kms) await provider.check();
};

/** Throws FlagError for a file that cannot be used. */
export async function openEncryption(path: string, reload: boolean, env: Env): Promise<Encryption> {
  let loaded = await load(path, env).catch((error: unknown) => {
    const why = (error as Error).message;
    throw new FlagError(
      `kube-apiserver: error while parsing encryption provider configuration file "${path}": ${why}`,
    );
  });
  // Plugins that answer now have their seed before the first write; the others are asked again.
  await checkAll(loaded.providers).catch((error: unknown) =>
    env.log.warn('a KMS plugin is not healthy yet', { error }),
  );
  let generation = new AbortController();
  let store: EncryptedStorage | undefined;
  const { reloads } = registered(env.metrics, ENCRYPTION_METRICS);
  const keepSeeds = (signal: AbortSignal) => {
    const both = AbortSignal.any([signal, generation.signal]);
    return Promise.all(loaded.providers.kms.map((provider) => provider.run(both)));
  };
  const look = async (signal: AbortSignal) => {
    const text = await readFile(path, 'utf8');
    if (text === loaded.text) return;
    let next: Loaded | undefined;
    try {
      next = await load(path, env);
      await checkAll(next.providers);
    } catch (error) {
      next?.providers.close();
      reloads.inc({ status: 'failure' });
      throw error;
    }
    const old = loaded.providers;
    loaded = next;
    generation.abort(new Error('the encryption configuration was replaced'));
    generation = new AbortController();
    void keepSeeds(signal);
    env.clock.after(CLOSE_AFTER_MS, () => old.close());
    reloads.inc({ status: 'success' });
    env.log.info('loaded the new encryption configuration', { path });
    await store?.again();
  };
  const failed = 'the new encryption configuration cannot be used, keeping the old one';
  const follow = (signal: AbortSignal) =>
    followFiles([path], { env, failed }, () => look(signal), signal);

  return {
    wrap(storage, root, folders) {
      const resourceOf = resourceAt(root, folders);
      store = encryptedStorage(storage, (key) => {
        const at = resourceOf(key);
        return at && loaded.providers.of(at.group, at.resource);
      });
      return store;
    },
    checks: reload
      ? { 'kms-providers': () => checkAll(loaded.providers) }
      : Object.fromEntries(
          loaded.providers.kms.map((provider, i) => [`kms-provider-${i}`, () => provider.check()]),
        ),
    async run(signal) {
      await Promise.all([
        keepSeeds(signal),
        store?.run(env, signal),
        ...(reload ? [follow(signal)] : []),
      ]);
      loaded.providers.close();
    },
  };
}
