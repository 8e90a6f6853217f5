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
import { configError } from '../types/sync-error.js';
import { expand } from './expansion.js';
import { fieldValue, resourceValue, type DownwardContext } from './field-ref.js';
import { serviceEnv, servicesFor } from './service-env.js';

export interface EnvSources extends DownwardContext {
  services: readonly Service[];
  /** `undefined`: the config map does not exist. */
  configMap(name: string): Promise<ConfigMap | undefined>;
  secret(name: string): Promise<Secret | undefined>;
}

/** A byte order mark is part of the value. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const decode = (base64: string) =>
  decoder.decode(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));

interface Reference {
  name?: string;
  optional?: boolean;
}

/** The texts of the object that a variable names; undefined: it may be missing, and is. */
async function textsOf(
  sources: EnvSources,
  configMap: Reference | undefined,
  secret: Reference | undefined,
): Promise<Record<string, string> | undefined> {
  const { name, optional } = configMap ?? secret ?? {};
  if (!name) return undefined;
  const found = await (configMap ? sources.configMap(name) : sources.secret(name));
  if (!found && !optional)
    throw configError(`${configMap ? 'configmap' : 'secret'} "${name}" not found`);
  const data = found && (found.data ?? {});
  if (!data || configMap) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, decode(value)]));
}

async function addEnvFrom(
  out: Map<string, string>,
  container: Container,
  sources: EnvSources,
): Promise<void> {
  for (const from of container.envFrom ?? []) {
    const texts = await textsOf(sources, from.configMapRef, from.secretRef);
    for (const [key, value] of Object.entries(texts ?? {}))
      out.set(`${from.prefix ?? ''}${key}`, value);
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
  const { configMapKeyRef, secretKeyRef } = from;
  const texts = await textsOf(sources, configMapKeyRef, secretKeyRef);
  if (!texts) return undefined;
  const { key, name, optional } = (configMapKeyRef ?? secretKeyRef)!;
  const value = texts[key];
  if (value === undefined && !optional) {
    const place = `${pod.metadata.namespace ?? 'default'}/${name}`;
    const kind = configMapKeyRef ? 'ConfigMap' : 'Secret';
    throw configError(`couldn't find key ${key} in ${kind} ${place}`);
  }
  return value;
}

export async function environment(
  pod: Pod,
  container: Container,
  sources: EnvSources,
): Promise<Map<string, string>> {
  const { namespace = 'default' } = pod.metadata;
  const links = servicesFor(namespace, pod.spec.enableServiceLinks !== false, sources.services);
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
