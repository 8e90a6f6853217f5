// EncryptionConfiguration of apiserver.config.k8s.io/v1: decoding and validation, in upstream's
// words (apiserver/pkg/apis/apiserver/validation/validation_encryption.go).
import { configured, type Shaped } from '../../apimachinery/codec/configuration.js';
import {
  fieldErrors,
  fieldErrorsText,
  type FieldError,
} from '../../apimachinery/errors/status-error.js';
import { parseDuration } from '../../util/duration/go-duration.js';

export interface CipherKey {
  name: string;
  secret: Buffer;
}

export type CipherName = 'aesgcm' | 'aescbc' | 'secretbox';

export type ProviderConfig =
  | { kind: CipherName; keys: CipherKey[] }
  | { kind: 'kms'; name: string; endpoint: string; timeoutMs: number }
  | { kind: 'identity' };

export interface ResourceConfig {
  resources: string[];
  providers: ProviderConfig[];
}

const API_VERSIONS = ['apiserver.config.k8s.io/v1'];
const KEYS = { keys: [{ name: 'text', secret: 'text' }] } as const;
const PROVIDER = {
  kms: { apiVersion: 'text', name: 'text', endpoint: 'text', timeout: 'text', cachesize: 'any' },
  aesgcm: KEYS,
  aescbc: KEYS,
  secretbox: KEYS,
  identity: {},
} as const;
const SHAPE = { resources: [{ resources: ['text'], providers: [PROVIDER] }] } as const;
const PROVIDERS = Object.keys(PROVIDER) as (keyof typeof PROVIDER)[];
const AES_BYTES = [16, 24, 32];
const KEY_BYTES: Readonly<Record<CipherName, readonly number[]>> = {
  aesgcm: AES_BYTES,
  aescbc: AES_BYTES,
  secretbox: [32],
};
const KMS_TIMEOUT = '3s';
/** Keys of the store that are no API objects. */
const NO_RESOURCES = ['apiserveripinfo', 'serviceipallocations', 'servicenodeportallocations'];
const KMS_V1 =
  'KMSv1 is deprecated and will only receive security updates going forward. Use KMSv2 instead: this server does not support apiVersion v1';

type Provider = Shaped<typeof PROVIDER>;

/** The entries of a configuration, and what is wrong with them. */
class Reader {
  readonly errors: FieldError[] = [];
  private readonly kmsNames = new Set<string>();

  required(path: string, why: string): void {
    this.errors.push(fieldErrors.required(path, why));
  }

  entry(entry: Shaped<typeof SHAPE.resources>[number], path: string): ResourceConfig {
    const { resources = [], providers = [] } = entry;
    const [at, providersAt] = [`${path}.resources`, `${path}.providers`];
    if (!resources.length) this.required(at, `at least one ${at} is required`);
    this.errors.push(...overlaps(resources, at));
    resources.forEach((resource, i) => {
      const why = refusedResource(resource);
      if (why) this.errors.push(fieldErrors.invalid(`${at}[${i}]`, resource, why));
    });
    if (!providers.length) this.required(providersAt, `at least one ${providersAt} is required`);
    return {
      resources,
      providers: providers.flatMap((one, i) => this.provider(one, `${providersAt}[${i}]`)),
    };
  }

  private provider(provider: Provider, path: string): ProviderConfig[] {
    const [kind, ...more] = PROVIDERS.filter((name) => provider[name] !== undefined);
    if (kind === undefined || more.length) {
      const why = kind
        ? 'more than one provider specified in a single element, should split into different list elements'
        : 'provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox, Identity';
      this.errors.push(fieldErrors.invalid(path, 'REDACTED', why));
      return [];
    }
    const at = `${path}.${kind}`;
    if (kind === 'identity') return [{ kind }];
    if (kind === 'kms') return [this.kms(provider.kms!, at)];
    const keys = provider[kind]!.keys ?? [];
    if (!keys.length) this.required(`${at}.keys`, 'at least one keys is required');
    return [{ kind, keys: keys.map((key, i) => this.key(key, `${at}.keys[${i}]`, kind)) }];
  }

  private key(
    { name = '', secret: encoded = '' }: Shaped<typeof KEYS.keys>[number],
    at: string,
    kind: CipherName,
  ): CipherKey {
    if (!name) this.required(`${at}.name`, 'name is a mandatory field for a key');
    const secret = Buffer.from(encoded, 'base64');
    this.errors.push(...refusedSecret(encoded, secret, `${at}.secret`, KEY_BYTES[kind]));
    return { name, secret };
  }

  private kms(kms: NonNullable<Provider['kms']>, path: string): ProviderConfig {
    const { apiVersion: version = '', name = '', endpoint = '', timeout = '', cachesize } = kms;
    const { complain } = fieldErrors.below(path, this.errors);
    const timeoutMs = parseDuration(timeout || KMS_TIMEOUT);
    if (!name) complain.required('name', 'name is a mandatory field for a provider');
    else if (name.includes(':'))
      complain.invalid('name', name, `invalid KMS provider name ${name}, must not contain ':'`);
    else if (this.kmsNames.has(name))
      complain.invalid('name', name, `duplicate KMS provider name ${name}, names must be unique`);
    this.kmsNames.add(name);
    if (timeoutMs <= 0) complain.invalid('timeout', timeout, 'timeout should be a positive value');
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(endpoint)?.[1] ?? '';
    if (!endpoint) complain.invalid('endpoint', '', 'endpoint is a mandatory field for a kms');
    else if (scheme !== 'unix')
      complain.invalid(
        'endpoint',
        endpoint,
        `unsupported scheme ${JSON.stringify(scheme)} for KMS provider, only unix is supported`,
      );
    if ((version || 'v1') === 'v1') complain.invalid('apiVersion', 'v1', KMS_V1);
    else if (version !== 'v2')
      complain.invalid(
        'apiVersion',
        version,
        'unsupported apiVersion apiVersion for KMS provider, only v1 and v2 are supported',
      );
    else if (cachesize !== undefined)
      complain.invalid('cachesize', cachesize, 'cachesize is not supported in v2');
    return { kind: 'kms', name, endpoint, timeoutMs };
  }
}

/** Group and resource of 'deployments.apps'; '*.' is every resource of the core group. */
export function splitResource(text: string): { group: string; resource: string } {
  const dot = text.indexOf('.');
  if (dot < 0) return { group: '', resource: text };
  return { group: text.slice(dot + 1), resource: text.slice(0, dot) };
}

function refusedResource(text: string): string | undefined {
  if (text.toLowerCase() !== text) return 'resource name should not contain capital letters';
  if (text === '*')
    return "use '*.' to encrypt all the resources from core API group or *.* to encrypt all resources";
  if (NO_RESOURCES.includes(text))
    return 'resources which do not have REST API/s cannot be encrypted';
  const { group, resource } = splitResource(text);
  if (group === 'events.k8s.io')
    return "'*.events.k8s.io' objects are stored using the 'events' API group in etcd. Use 'events' instead in the config file";
  if (group === 'extensions')
    return "'extensions' group has been removed and cannot be used for encryption";
  if (group === '*' && resource !== '*')
    return 'encrypting the same resource across groups is not supported';
  return undefined;
}

function overlaps(resources: readonly string[], at: string): FieldError[] {
  const parsed = resources.map(splitResource);
  const keys = parsed.map(({ group, resource }) => `${resource}.${group}`);
  const groups = new Map<string, number>();
  for (const { group } of new Map(keys.map((key, i) => [key, parsed[i]!])).values())
    groups.set(group, (groups.get(group) ?? 0) + 1);
  const isMasked = ({ group, resource }: { group: string; resource: string }) =>
    resource === '*' && (group === '*' ? groups.size > 1 : groups.get(group)! > 1);
  return [
    ...fieldErrors
      .when(new Set(keys).size < keys.length)
      .invalid(at, resources, 'the same resource cannot be specified multiple times'),
    ...fieldErrors
      .when(parsed.some(isMasked))
      .invalid(
        at,
        resources,
        "using overlapping resources such as 'secrets' and '*.' in the same resource list is not allowed as they will be masked",
      ),
  ];
}

function refusedSecret(
  encoded: string,
  secret: Buffer,
  at: string,
  sizes: readonly number[],
): FieldError[] {
  if (!encoded) return [fieldErrors.required(at, 'secret is a mandatory field for a key')];
  if (secret.toString('base64') !== encoded.replace(/[\r\n]/g, ''))
    return [fieldErrors.invalid(at, 'REDACTED', 'secrets must be base64 encoded')];
  if (sizes.includes(secret.length)) return [];
  const why = `secret is not of the expected length, got ${secret.length}, expected one of [${sizes.join(' ')}]`;
  return [fieldErrors.invalid(at, 'REDACTED', why)];
}

/** The entries of a configuration that was parsed from YAML or JSON. Throws for an invalid one. */
export function readEncryptionConfig(document: unknown): ResourceConfig[] {
  const { resources = [] } = configured(document, 'EncryptionConfiguration', API_VERSIONS, SHAPE);
  const reader = new Reader();
  if (!resources.length) reader.required('resources', 'at least one resources is required');
  const entries = resources.map((entry, i) => reader.entry(entry, `resources[${i}]`));
  if (reader.errors.length) throw new Error(fieldErrorsText(reader.errors));
  return entries;
}
