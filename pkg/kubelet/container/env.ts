// A container's environment: service links, then envFrom, then env. Later variables override
// earlier ones and may refer to them (upstream: kubelet_pods.go makeEnvironmentVariables). Pure
// apart from the lookups.
import type {
  ConfigMap,
  Container,
  EnvVar,
  Pod,
  Secret,
  Service,
} from '../../apis/core/v1/types.js';
import { SyncError } from '../types/sync-error.js';
import { expand } from './expansion.js';
import { fieldValue, resourceValue, type DownwardContext } from './field-ref.js';
import { serviceEnv, servicesFor } from './service-env.js';

export interface EnvSources extends DownwardContext {
  services: readonly Service[];
  /** `undefined`: the config map does not exist. */
  configMap(name: string): Promise<ConfigMap | undefined>;
  secret(name: string): Promise<Secret | undefined>;
}

const configError = (message: string) => new SyncError('CreateContainerConfigError', message);
/** A byte order mark is part of the value. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const decode = (base64: string) =>
  decoder.decode(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));

/** The entries of a config map as text, `binaryData` included. */
export function configMapTexts(map: ConfigMap): Record<string, string> {
  return { ...map.data };
}

function secretTexts(secret: Secret): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secret.data ?? {}).map(([key, value]) => [key, decode(value)]),
  );
}

async function addEnvFrom(
  out: Map<string, string>,
  container: Container,
  sources: EnvSources,
): Promise<void> {
  for (const from of container.envFrom ?? []) {
    const ref = from.configMapRef ?? from.secretRef;
    if (!ref?.name) continue;
    const kind = from.configMapRef ? 'configmap' : 'secret';
    const texts = from.configMapRef
      ? await sources.configMap(ref.name).then((m) => m && configMapTexts(m))
      : await sources.secret(ref.name).then((s) => s && secretTexts(s));
    if (!texts) {
      if (ref.optional) continue;
      throw configError(`${kind} "${ref.name}" not found`);
    }
    for (const [key, value] of Object.entries(texts)) out.set(`${from.prefix ?? ''}${key}`, value);
  }
}

/** `undefined`: the reference is optional and its target does not exist. */
async function valueFrom(
  pod: Pod,
  container: Container,
  variable: EnvVar,
  sources: EnvSources,
): Promise<string | undefined> {
  const from = variable.valueFrom!;
  if (from.fieldRef) return fieldValue(pod, from.fieldRef.fieldPath, sources);
  if (from.resourceFieldRef) return resourceValue(pod, container, from.resourceFieldRef, sources);
  const [ref, kind] = from.configMapKeyRef
    ? ([from.configMapKeyRef, 'configmap'] as const)
    : ([from.secretKeyRef, 'secret'] as const);
  if (!ref?.name) return undefined;
  const texts = from.configMapKeyRef
    ? await sources.configMap(ref.name).then((m) => m && configMapTexts(m))
    : await sources.secret(ref.name).then((s) => s && secretTexts(s));
  if (!texts) {
    if (ref.optional) return undefined;
    throw configError(`${kind} "${ref.name}" not found`);
  }
  const value = texts[ref.key];
  if (value === undefined && !ref.optional) {
    const title = kind === 'configmap' ? 'ConfigMap' : 'Secret';
    throw configError(
      `couldn't find key ${ref.key} in ${title} ${pod.metadata.namespace ?? 'default'}/${ref.name}`,
    );
  }
  return value;
}

export async function environment(
  pod: Pod,
  container: Container,
  sources: EnvSources,
): Promise<Map<string, string>> {
  const links = servicesFor(
    pod.metadata.namespace ?? 'default',
    pod.spec.enableServiceLinks !== false,
    sources.services,
  );
  const service = new Map(serviceEnv(links));
  const out = new Map<string, string>();
  await addEnvFrom(out, container, sources);
  for (const variable of container.env ?? []) {
    const value = variable.valueFrom
      ? await valueFrom(pod, container, variable, sources)
      : expand(variable.value ?? '', (name) => out.get(name) ?? service.get(name));
    if (value !== undefined) out.set(variable.name, value);
  }
  for (const [name, value] of service) if (!out.has(name)) out.set(name, value);
  return out;
}
