// EncryptionConfiguration of apiserver.config.k8s.io/v1: decoding and validation, in upstream's
// words (apiserver/pkg/apis/apiserver/validation/validation_encryption.go).
import { fieldErrors, type FieldError } from '../../apimachinery/errors/status-error.js';
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

type Fields = Record<string, unknown>;

const PROVIDERS = ['kms', 'aesgcm', 'aescbc', 'secretbox', 'identity'] as const;
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

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

class Reader {
  readonly errors: FieldError[] = [];
  private readonly kmsNames = new Set<string>();

  /** The object at `path`, which has no fields but these. */
  fields(value: unknown, path: string, known: readonly string[]): Fields {
    if (!isObject(value)) throw new Error(`${path || 'the document'} is not an object`);
    const unknown = Object.keys(value).find((name) => !known.includes(name));
    if (unknown !== undefined) {
      const at = path ? `${path}.${unknown}` : unknown;
      throw new Error(`strict decoding error: unknown field ${JSON.stringify(at)}`);
    }
    return value;
  }

  list(value: unknown, path: string): unknown[] {
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw new Error(`${path} is not a list`);
    return value;
  }

  text(value: unknown, path: string): string {
    if (value === undefined || value === null) return '';
    if (typeof value !== 'string') throw new Error(`${path} is not a string`);
    return value;
  }

  entry(value: unknown, path: string): ResourceConfig {
    const entry = this.fields(value, path, ['resources', 'providers']);
    const [at, providersAt] = [`${path}.resources`, `${path}.providers`];
    const resources = this.list(entry['resources'], at).map((one, i) =>
      this.text(one, `${at}[${i}]`),
    );
    if (!resources.length)
      this.errors.push(fieldErrors.required(at, `at least one ${at} is required`));
    this.errors.push(...overlaps(resources, at));
    resources.forEach((resource, i) => {
      const why = refusedResource(resource);
      if (why) this.errors.push(fieldErrors.invalid(`${at}[${i}]`, resource, why));
    });
    const list = this.list(entry['providers'], providersAt);
    if (!list.length)
      this.errors.push(
        fieldErrors.required(providersAt, `at least one ${providersAt} is required`),
      );
    const providers = list.flatMap((one, i) => this.provider(one, `${providersAt}[${i}]`));
    return { resources, providers };
  }

  private provider(value: unknown, path: string): ProviderConfig[] {
    const provider = this.fields(value, path, PROVIDERS);
    const given = PROVIDERS.filter(
      (name) => provider[name] !== undefined && provider[name] !== null,
    );
    const [kind] = given;
    if (kind === undefined || given.length > 1) {
      const why = kind
        ? 'more than one provider specified in a single element, should split into different list elements'
        : 'provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox, Identity';
      this.errors.push({ ...fieldErrors.invalid(path, 'REDACTED', why) });
      return [];
    }
    const at = `${path}.${kind}`;
    if (kind === 'identity') {
      this.fields(provider[kind], at, []);
      return [{ kind }];
    }
    if (kind === 'kms') return [this.kms(provider[kind], at)];
    const { keys } = this.fields(provider[kind], at, ['keys']);
    return [{ kind, keys: this.keys(keys, `${at}.keys`, KEY_BYTES[kind]) }];
  }

  private keys(value: unknown, path: string, sizes: readonly number[]): CipherKey[] {
    const list = this.list(value, path);
    if (!list.length) this.errors.push(fieldErrors.required(path, 'at least one keys is required'));
    return list.map((one, i) => {
      const at = `${path}[${i}]`;
      const key = this.fields(one, at, ['name', 'secret']);
      const name = this.text(key['name'], `${at}.name`);
      const encoded = this.text(key['secret'], `${at}.secret`);
      if (!name)
        this.errors.push(fieldErrors.required(`${at}.name`, 'name is a mandatory field for a key'));
      const secret = Buffer.from(encoded, 'base64');
      this.errors.push(...refusedSecret(encoded, secret, `${at}.secret`, sizes));
      return { name, secret };
    });
  }

  private kms(value: unknown, path: string): ProviderConfig {
    const known = ['apiVersion', 'name', 'endpoint', 'timeout', 'cachesize'];
    const kms = this.fields(value, path, known);
    const text = (field: string) => this.text(kms[field], `${path}.${field}`);
    const add = (field: string, shown: unknown, why: string) =>
      this.errors.push(fieldErrors.invalid(`${path}.${field}`, shown, why));
    const version = text('apiVersion') || 'v1';
    const [name, endpoint] = [text('name'), text('endpoint')];
    const timeoutMs = parseDuration(text('timeout') || KMS_TIMEOUT);
    if (!name)
      this.errors.push(
        fieldErrors.required(`${path}.name`, 'name is a mandatory field for a provider'),
      );
    else if (name.includes(':'))
      add('name', name, `invalid KMS provider name ${name}, must not contain ':'`);
    else if (this.kmsNames.has(name))
      add('name', name, `duplicate KMS provider name ${name}, names must be unique`);
    this.kmsNames.add(name);
    if (timeoutMs <= 0) add('timeout', text('timeout'), 'timeout should be a positive value');
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(endpoint)?.[1] ?? '';
    if (!endpoint) add('endpoint', '', 'endpoint is a mandatory field for a kms');
    else if (scheme !== 'unix')
      add(
        'endpoint',
        endpoint,
        `unsupported scheme ${JSON.stringify(scheme)} for KMS provider, only unix is supported`,
      );
    if (version === 'v1') add('apiVersion', version, KMS_V1);
    else if (version !== 'v2')
      add(
        'apiVersion',
        version,
        'unsupported apiVersion apiVersion for KMS provider, only v1 and v2 are supported',
      );
    else if (kms['cachesize'] !== undefined)
      add('cachesize', kms['cachesize'], 'cachesize is not supported in v2');
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
    ...(new Set(keys).size < keys.length
      ? [fieldErrors.invalid(at, resources, 'the same resource cannot be specified multiple times')]
      : []),
    ...(parsed.some(isMasked)
      ? [
          fieldErrors.invalid(
            at,
            resources,
            "using overlapping resources such as 'secrets' and '*.' in the same resource list is not allowed as they will be masked",
          ),
        ]
      : []),
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
  if (!isObject(document)) throw new Error('the document is not an object');
  const { kind, apiVersion } = document;
  if (apiVersion !== 'apiserver.config.k8s.io/v1' || kind !== 'EncryptionConfiguration')
    throw new Error(`no kind "${String(kind)}" is registered for version "${String(apiVersion)}"`);
  const reader = new Reader();
  const { resources } = reader.fields(document, '', ['kind', 'apiVersion', 'resources']);
  const list = reader.list(resources, 'resources');
  if (!list.length)
    reader.errors.push(fieldErrors.required('resources', 'at least one resources is required'));
  const entries = list.map((entry, i) => reader.entry(entry, `resources[${i}]`));
  const texts = [...new Set(reader.errors.map(({ field, message }) => `${field}: ${message}`))];
  if (texts.length) throw new Error(texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`);
  return entries;
}
