// Converts the file of --config, a KubeletConfiguration (kubelet.config.k8s.io/v1beta1), to flags.
// Flags of the command line take precedence, as upstream. Unknown fields and unsupported values are
// refused.
import { parse } from 'yaml';
import { FlagError } from '../flags.js';

const GROUP_VERSION = 'kubelet.config.k8s.io/v1beta1';

type Kind = 'string' | 'number' | 'boolean' | 'strings' | 'map' | 'thresholds' | 'taints';

/** Flag and value type by field path. */
const FIELDS: Readonly<Record<string, readonly [flag: string, kind: Kind]>> = {
  address: ['address', 'string'],
  port: ['port', 'number'],
  readOnlyPort: ['read-only-port', 'number'],
  healthzBindAddress: ['healthz-bind-address', 'string'],
  healthzPort: ['healthz-port', 'number'],
  tlsCertFile: ['tls-cert-file', 'string'],
  tlsPrivateKeyFile: ['tls-private-key-file', 'string'],
  'authentication.x509.clientCAFile': ['client-ca-file', 'string'],
  'authentication.webhook.enabled': ['authentication-token-webhook', 'boolean'],
  containerRuntimeEndpoint: ['container-runtime-endpoint', 'string'],
  clusterDNS: ['cluster-dns', 'strings'],
  clusterDomain: ['cluster-domain', 'string'],
  resolvConf: ['resolv-conf', 'string'],
  staticPodPath: ['pod-manifest-path', 'string'],
  podLogsDir: ['pod-log-dir', 'string'],
  registerNode: ['register-node', 'boolean'],
  registerWithTaints: ['register-with-taints', 'taints'],
  maxPods: ['max-pods', 'number'],
  allowedUnsafeSysctls: ['allowed-unsafe-sysctls', 'strings'],
  cgroupRoot: ['cgroup-root', 'string'],
  cgroupDriver: ['cgroup-driver', 'string'],
  seccompDefault: ['seccomp-default', 'boolean'],
  podPidsLimit: ['pod-max-pids', 'number'],
  nodeStatusUpdateFrequency: ['node-status-update-frequency', 'string'],
  imageGCHighThresholdPercent: ['image-gc-high-threshold', 'number'],
  imageGCLowThresholdPercent: ['image-gc-low-threshold', 'number'],
  imageMinimumGCAge: ['minimum-image-ttl-duration', 'string'],
  evictionHard: ['eviction-hard', 'thresholds'],
  evictionSoft: ['eviction-soft', 'thresholds'],
  evictionSoftGracePeriod: ['eviction-soft-grace-period', 'map'],
  evictionMaxPodGracePeriod: ['eviction-max-pod-grace-period', 'number'],
  evictionPressureTransitionPeriod: ['eviction-pressure-transition-period', 'string'],
  containerLogMaxSize: ['container-log-max-size', 'string'],
  containerLogMaxFiles: ['container-log-max-files', 'number'],
};

/** Fields with a single supported value. */
const FIXED: Readonly<Record<string, unknown>> = {
  'authentication.anonymous.enabled': false,
  'authorization.mode': 'Webhook',
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';

/** The value as text of the flag; `undefined`: the value has another type. */
function render(kind: Kind, value: unknown): string | undefined {
  switch (kind) {
    case 'string':
      return isText(value) ? value : undefined;
    case 'number':
      return typeof value === 'number' ? String(value) : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : undefined;
    case 'strings':
      return Array.isArray(value) && value.every(isText) ? value.join(',') : undefined;
    case 'map':
    case 'thresholds':
      return isObject(value) && Object.values(value).every(isText)
        ? Object.entries(value)
            .map(([key, text]) => `${key}${kind === 'map' ? '=' : '<'}${String(text)}`)
            .join(',')
        : undefined;
    case 'taints':
      return Array.isArray(value) && value.every(isObject)
        ? value
            .map(
              ({ key, value: of = '', effect }) => `${String(key)}=${String(of)}:${String(effect)}`,
            )
            .join(',')
        : undefined;
    default:
      return kind satisfies never;
  }
}

/** Values by field path. An object is a value if its path is in FIELDS. */
function* leaves(object: Record<string, unknown>, prefix = ''): Generator<[string, unknown]> {
  for (const [name, value] of Object.entries(object)) {
    const path = `${prefix}${name}`;
    const holdsFields = [...Object.keys(FIELDS), ...Object.keys(FIXED)].some((field) =>
      field.startsWith(`${path}.`),
    );
    if (holdsFields && isObject(value)) yield* leaves(value, `${path}.`);
    else yield [path, value];
  }
}

/** @throws FlagError that names the file and the field. */
export function configFlags(path: string, text: string): Map<string, string> {
  const fail = (message: string): never => {
    throw new FlagError(
      `kubelet: failed to load kubelet config file, path: ${path}, error: ${message}`,
      2,
    );
  };
  let object: unknown;
  try {
    object = parse(text);
  } catch (error) {
    return fail((error as Error).message);
  }
  if (!isObject(object)) return fail('the document is not an object');
  const { apiVersion, kind, ...fields } = object;
  if (apiVersion !== GROUP_VERSION || kind !== 'KubeletConfiguration')
    fail(`no kind "${String(kind)}" is registered for version "${String(apiVersion)}"`);
  const flags = new Map<string, string>();
  for (const [field, value] of leaves(fields)) {
    if (value === null) continue;
    if (field in FIXED) {
      if (value !== FIXED[field]) fail(`${field}: only ${String(FIXED[field])} is supported`);
      continue;
    }
    const known = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined;
    if (!known) return fail(`strict decoding error: unknown field "${field}"`);
    flags.set(known[0], render(known[1], value) ?? fail(`${field}: wrong type`));
  }
  return flags;
}
