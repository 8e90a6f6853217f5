// Pod templates as revisions see them: when two are equal, and the hash that names the revision
// (upstream: ComputeHash of pkg/controller/controller_utils.go, EqualIgnoreHash of
// pkg/controller/deployment/util). Pure.
import { jsonText } from '../../util/json/json-text.js';
import type { PodTemplateSpec } from '../../apis/core/v1/types.js';
import { fnv32a } from '../../util/hash/fnv.js';
import { equalJson } from '../../apimachinery/meta/clone.js';

/** On replica sets of deployments, their selectors and pods. */
export const TEMPLATE_HASH_LABEL = 'pod-template-hash';

/** Of rand.SafeEncodeString: no vowels and no digits that could spell words. */
const SAFE_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * Equal in meaning, as Go's Semantic.DeepEqual has it: null (upstream writes `creationTimestamp:
 * null`) and empty lists are absent. Empty objects are values of their own: `emptyDir: {}`.
 */
export const equalTemplates = (
  a: PodTemplateSpec | undefined,
  b: PodTemplateSpec | undefined,
): boolean => equalJson(withoutAbsent(a), withoutAbsent(b));

function withoutAbsent(value: unknown): unknown {
  if (Array.isArray(value)) return value.length ? value.map(withoutAbsent) : undefined;
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, withoutAbsent(v)]));
}

/** True when the templates differ at most in the label that a deployment adds. */
export const equalIgnoringHash = (
  a: PodTemplateSpec | undefined,
  b: PodTemplateSpec | undefined,
): boolean => equalTemplates(withoutHash(a), withoutHash(b));

function withoutHash(template: PodTemplateSpec | undefined): PodTemplateSpec {
  const { [TEMPLATE_HASH_LABEL]: _hash, ...labels } = template?.metadata?.labels ?? {};
  const metadata = { ...template?.metadata, labels } as NonNullable<PodTemplateSpec['metadata']>;
  return { ...template, metadata };
}

/**
 * FNV-1a, 32 bits, over the template's canonical JSON and the collision count, in the alphabet of
 * generated names. Upstream hashes a print of its Go structs, so that hashes differ; a hash needs
 * to be stable, not equal to upstream's.
 */
export function templateHash(template: PodTemplateSpec, collisionCount: number): string {
  const text = canonicalJson(template) + (collisionCount ? `#${collisionCount}` : '');
  return safeEncode(String(fnv32a(text)));
}

const safeEncode = (text: string): string =>
  text.replace(/./g, (c) => SAFE_ALPHABET[c.charCodeAt(0) % SAFE_ALPHABET.length]!);

/** Keys sorted, absent and null fields left out. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return jsonText(value) ?? 'null';
  const entries = Object.entries(value).filter(([, v]) => v !== undefined && v !== null);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`)
    .join(',')}}`;
}
