// The files of configMap, secret, downwardAPI and projected volumes (upstream:
// pkg/volume/configmap, secret, downwardapi, projected). Pure apart from the lookups.
import type {
  ConfigMap,
  DownwardAPIVolumeFile,
  KeyToPath,
  Pod,
  Secret,
  ServiceAccountTokenProjection,
  Volume,
  VolumeProjection,
} from '../../apis/core/v1/types.js';
import { templateContainers } from '../../component-helpers/pods.js';
import { fieldValue, resourceValue, type DownwardContext } from '../container/field-ref.js';
import type { FileProjection } from './atomic-writer.js';

export interface PayloadSources extends DownwardContext {
  configMap(name: string): Promise<ConfigMap | undefined>;
  secret(name: string): Promise<Secret | undefined>;
  token(pod: Pod, projection: ServiceAccountTokenProjection): Promise<string>;
}

const encoder = new TextEncoder();
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

interface KeyedOptions {
  items?: KeyToPath[] | undefined;
  optional?: boolean | undefined;
  defaultMode: number;
  /** Part of upstream's error messages. */
  kind: 'configmap' | 'secret';
  name: string;
}

type Files = Map<string, FileProjection>;

function addKeys(
  out: Files,
  data: Record<string, Uint8Array> | undefined,
  options: KeyedOptions,
): void {
  if (!data) {
    if (options.optional) return;
    throw new Error(`${options.kind} "${options.name}" not found`);
  }
  if (!options.items?.length) {
    for (const [key, bytes] of Object.entries(data))
      out.set(key, { data: bytes, mode: options.defaultMode });
    return;
  }
  for (const item of options.items) {
    const bytes = data[item.key];
    if (bytes) out.set(item.path, { data: bytes, mode: item.mode ?? options.defaultMode });
    else if (!options.optional)
      throw new Error(
        options.kind === 'configmap'
          ? `configmap references non-existent config key: ${item.key}`
          : `references non-existent secret key: ${item.key}`,
      );
  }
}

function decoded(
  data: Record<string, string> | undefined,
  decode: (text: string) => Uint8Array,
): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(data ?? {}).map(([key, text]) => [key, decode(text)]));
}

const configMapBytes = (map: ConfigMap) => ({
  ...decoded(map.data, (text) => encoder.encode(text)),
  ...decoded(map.binaryData, fromBase64),
});

function addDownward(
  out: Files,
  pod: Pod,
  items: DownwardAPIVolumeFile[] | undefined,
  defaultMode: number,
  sources: PayloadSources,
): void {
  for (const item of items ?? []) {
    const text = item.fieldRef
      ? fieldValue(pod, item.fieldRef.fieldPath, sources)
      : item.resourceFieldRef
        ? resourceValue(pod, undefined, item.resourceFieldRef, sources)
        : '';
    out.set(item.path, { data: encoder.encode(text), mode: item.mode ?? defaultMode });
  }
}

/** Owner and mode of a token file: readable by the pod's user, or by its fsGroup if it has one. */
function tokenFile(pod: Pod, token: string, defaultMode: number): FileProjection {
  const data = encoder.encode(token);
  const fsGroup = pod.spec.securityContext?.fsGroup;
  if (fsGroup !== undefined) return { data, mode: 0o640 & (defaultMode | 0o040), gid: fsGroup };
  const users = new Set(
    templateContainers(pod.spec).map(
      (c) => c.securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser,
    ),
  );
  const [user] = users;
  if (users.size === 1 && user !== undefined) return { data, mode: 0o600, uid: user };
  return { data, mode: defaultMode };
}

async function addProjection(
  out: Files,
  pod: Pod,
  source: VolumeProjection,
  defaultMode: number,
  sources: PayloadSources,
): Promise<void> {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source;
  if (configMap) {
    const { name = '' } = configMap;
    const map = await sources.configMap(name);
    const options = { ...configMap, defaultMode, kind: 'configmap', name } as const;
    addKeys(out, map && configMapBytes(map), options);
  } else if (secret) {
    const { name = '' } = secret;
    const found = await sources.secret(name);
    const options = { ...secret, defaultMode, kind: 'secret', name } as const;
    addKeys(out, found && decoded(found.data, fromBase64), options);
  } else if (downwardAPI) addDownward(out, pod, downwardAPI.items, defaultMode, sources);
  else if (serviceAccountToken)
    out.set(
      serviceAccountToken.path,
      tokenFile(pod, await sources.token(pod, serviceAccountToken), defaultMode),
    );
}

/**
 * `undefined`: not a volume of these types. Throws upstream's message for a missing object or key.
 */
export async function payloadOf(
  pod: Pod,
  volume: Volume,
  sources: PayloadSources,
): Promise<Files | undefined> {
  const { configMap, secret, downwardAPI, projected } = volume;
  const out: Files = new Map();
  const add = (source: VolumeProjection, mode = 0o644) =>
    addProjection(out, pod, source, mode, sources);
  if (configMap) await add({ configMap }, configMap.defaultMode);
  else if (secret) {
    const { secretName: name = '', ...rest } = secret;
    await add({ secret: { ...rest, name } }, secret.defaultMode);
  } else if (downwardAPI) await add({ downwardAPI }, downwardAPI.defaultMode);
  else if (projected)
    for (const source of projected.sources ?? []) await add(source, projected.defaultMode);
  else return undefined;
  return out;
}
