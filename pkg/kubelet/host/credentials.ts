// Registry credentials from imagePullSecrets (upstream: pkg/credentialprovider). Pure.
import type { Secret } from '../../apis/core/v1/types.js';
import type { ImageAuth } from '../runtime/runtime.js';

interface DockerAuth {
  username?: string;
  password?: string;
  auth?: string;
  identitytoken?: string;
}

const text = (base64: string | undefined) =>
  base64 ? new TextDecoder().decode(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))) : '';

/** The registry of an image: 'busybox' -> 'index.docker.io', 'reg:5000/a/b:c' -> 'reg:5000'. */
export function registryOf(image: string): string {
  const slash = image.indexOf('/');
  const first = slash < 0 ? '' : image.slice(0, slash);
  return /[.:]|^localhost$/.test(first) && first !== 'docker.io' ? first : 'index.docker.io';
}

const hostOf = (server: string) =>
  server
    .replace(/^https?:\/\//, '')
    .replace(/\/(v[12]\/?)?$/, '')
    .split('/')[0]!;

function entries(secret: Secret): [string, DockerAuth][] {
  const modern = text(secret.data?.['.dockerconfigjson']);
  const legacy = text(secret.data?.['.dockercfg']);
  try {
    const all = modern
      ? (JSON.parse(modern) as { auths?: Record<string, DockerAuth> }).auths
      : (JSON.parse(legacy || '{}') as Record<string, DockerAuth>);
    return Object.entries(all ?? {});
  } catch {
    return [];
  }
}

export function credentialsFor(image: string, secrets: readonly Secret[]): ImageAuth[] {
  const registry = registryOf(image);
  return secrets
    .flatMap(entries)
    .filter(([server]) => hostOf(server) === registry)
    .map(([, auth]) => {
      const [user = '', ...rest] = text(auth.auth).split(':');
      const username = auth.username ?? user;
      const password = auth.password ?? rest.join(':');
      return {
        username,
        password,
        ...(auth.identitytoken && { identityToken: auth.identitytoken }),
      };
    });
}
