// Config maps of kube-system in which the server says how it authenticates: the authorities of
// client certificates, for servers behind it (upstream
// controlplane/controller/clusterauthenticationtrust), and the day since which uses of legacy
// tokens are recorded (legacytokentracking).
import { ignoring } from '../../apimachinery/errors/status-error.js';
import type { ConfigMap } from '../../apis/core/v1/types.js';
import { CONFIG_MAPS } from '../../apis/resource-types.js';
import { timestamp } from '../../util/env/env.js';
import type { PostStartHook } from '../extension/hooks.js';
import type { ServerServices } from '../extension/services.js';
import { ensureNamespace } from './system-namespaces.js';

const NAMESPACE = 'kube-system';
const AUTHENTICATION = 'extension-apiserver-authentication';
const LEGACY_TRACKING = 'kube-apiserver-legacy-service-account-token-tracking';
const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

type Data = Record<string, string>;

/** Every certificate of both texts once: servers with different authorities publish the union. */
export function joinAuthorities(present: string, own: string): string {
  const certificates = new Set([...(present.match(PEM) ?? []), ...(own.match(PEM) ?? [])]);
  return [...certificates].map((certificate) => `${certificate}\n`).join('');
}

/** Writes what `next` makes of the present data. Rejects when another server writes meanwhile. */
async function publish(
  { reader, local }: ServerServices,
  name: string,
  next: (data: Data) => Data,
): Promise<void> {
  const present = reader.get(CONFIG_MAPS, NAMESPACE, name);
  const before = present?.data ?? {};
  const data = next(before);
  if (!present)
    await local.create(CONFIG_MAPS, {
      metadata: { name, namespace: NAMESPACE },
      data,
    } as ConfigMap);
  else if (Object.entries(data).some(([key, value]) => before[key] !== value))
    await local.update(CONFIG_MAPS, { ...present, data });
}

const isDay = (text: string | undefined): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text ?? '') && !Number.isNaN(Date.parse(text!));

/** How servers behind this one recognise its requests. */
export interface RequestHeaderTrust {
  /** PEM of --requestheader-client-ca-file. */
  ca?: string;
  /** Common names; none: every certificate of the authority. */
  allowedNames?: readonly string[];
}

const list = (...values: readonly string[]): string => JSON.stringify(values);

function requestHeaderData(data: Data, { ca = '', allowedNames = [] }: RequestHeaderTrust): Data {
  const key = 'requestheader-client-ca-file';
  return {
    [key]: joinAuthorities(data[key] ?? '', ca),
    'requestheader-allowed-names': list(...allowedNames),
    'requestheader-username-headers': list('X-Remote-User'),
    'requestheader-group-headers': list('X-Remote-Group'),
    'requestheader-extra-headers-prefix': list('X-Remote-Extra-'),
  };
}

/** `clientCa` is the PEM of --client-ca-file. */
export const publishedConfigHook = (
  clientCa: string | undefined,
  trust: RequestHeaderTrust = {},
): PostStartHook => ({
  name: 'start-cluster-authentication-info-controller',
  async run(services) {
    await ensureNamespace(services, NAMESPACE);
    const today = timestamp(services.env.clock.now()).slice(0, 10);
    const writes: [string, (data: Data) => Data][] = [
      [LEGACY_TRACKING, (data) => (isDay(data['since']) ? data : { ...data, since: today })],
    ];
    if (clientCa || trust.ca)
      writes.push([
        AUTHENTICATION,
        (data) => ({
          ...data,
          ...(clientCa && {
            'client-ca-file': joinAuthorities(data['client-ca-file'] ?? '', clientCa),
          }),
          ...(trust.ca && requestHeaderData(data, trust)),
        }),
      ]);
    // The server that was first wrote the same; a conflict is tried again by the caller.
    for (const [name, next] of writes)
      await publish(services, name, next).catch(ignoring('AlreadyExists'));
  },
});
