// The transformer of each resource, from the configuration (upstream
// server/options/encryptionconfig/config.go).
import type { Env } from '../../util/env/env.js';
import { aesCbc, aesGcm, secretbox } from './ciphers.js';
import {
  splitResource,
  type CipherName,
  type ProviderConfig,
  type ResourceConfig,
} from './config.js';
import { openKms } from './kms-client.js';
import { kmsProvider, type KmsProvider } from './kms.js';
import {
  identity,
  meterOf,
  prefixed,
  type PrefixTransformer,
  type Transformer,
} from './transformer.js';

export interface Providers {
  /** Undefined for a resource that is stored as it is. */
  of(group: string, resource: string): Transformer | undefined;
  kms: readonly KmsProvider[];
  close(): void;
}

const CIPHERS: Readonly<Record<CipherName, { label: string; make: (key: Buffer) => Transformer }>> =
  {
    aesgcm: { label: 'AES', make: aesGcm },
    aescbc: { label: 'AES', make: aesCbc },
    secretbox: { label: 'Secretbox', make: secretbox },
  };

/** Throws for an entry that an earlier one hides. Nothing is asked of KMS plugins yet. */
export function createProviders(
  entries: readonly ResourceConfig[],
  env: Pick<Env, 'clock' | 'log' | 'metrics' | 'random'>,
): Providers {
  const meter = meterOf(env);
  const kms: KmsProvider[] = [];
  const member = (provider: ProviderConfig): PrefixTransformer => {
    if (provider.kind === 'identity') return { prefix: '', transformer: identity };
    if (provider.kind === 'kms') {
      const { name, endpoint, timeoutMs } = provider;
      const made = kmsProvider(name, openKms(endpoint, timeoutMs, env), env);
      kms.push(made);
      return { prefix: `k8s:enc:kms:v2:${name}:`, transformer: made.transformer };
    }
    const { label, make } = CIPHERS[provider.kind];
    const keys = provider.keys.map(({ name, secret }) => ({
      prefix: `${name}:`,
      transformer: make(secret),
    }));
    const noKey = `no matching key was found for the provided ${label} transformer`;
    return { prefix: `k8s:enc:${provider.kind}:v1:`, transformer: prefixed(noKey, keys, meter) };
  };
  const members = new Map<string, PrefixTransformer[]>();
  for (const { resources, providers } of entries) {
    const list = providers.map(member);
    for (const text of resources) {
      const { group, resource } = splitResource(text);
      const earlier = [`*.${group}`, '*.*'].find((rule) => members.has(rule));
      if (earlier !== undefined)
        throw new Error(
          `resource ${JSON.stringify(text)} is masked by earlier rule ${JSON.stringify(earlier)}`,
        );
      const key = `${resource}.${group}`;
      members.set(key, [...(members.get(key) ?? []), ...list]);
    }
  }
  const transformers = new Map(
    [...members].map(([key, list]) => [key, prefixed('no matching prefix found', list, meter)]),
  );
  return {
    of: (group, resource) =>
      transformers.get(`${resource}.${group}`) ??
      transformers.get(`*.${group}`) ??
      transformers.get('*.*'),
    kms,
    close: () => {
      for (const provider of kms) provider.close();
    },
  };
}
