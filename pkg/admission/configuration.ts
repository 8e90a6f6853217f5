// Reading the configuration of a plugin (upstream's AdmissionConfiguration gives it as an object):
// every member is of the wanted type, or the server does not start.
import { isJsonObject } from '../apimachinery/meta/clone.js';

export type Members = Record<string, unknown>;

/** Throws unless `value` is of that kind, in one of the versions. */
export function configOf(
  value: unknown,
  kind: string,
  group: string,
  versions: readonly string[],
): Members {
  if (!isJsonObject(value)) throw new Error(`${kind}: the configuration is no object`);
  const apiVersions = versions.map((version) => `${group}/${version}`);
  if (value['kind'] !== kind || !apiVersions.includes(String(value['apiVersion'])))
    throw new Error(
      `no kind ${JSON.stringify(value['kind'] ?? '')} is registered for version ${JSON.stringify(value['apiVersion'] ?? '')}; expected ${kind} of ${apiVersions.join(' or ')}`,
    );
  const { kind: _kind, apiVersion: _apiVersion, ...members } = value;
  return members;
}

/** The members of an object field; an absent object is empty. Throws for unknown members. */
export function membersOf(value: unknown, at: string, known: readonly string[]): Members {
  if (value === undefined || value === null) return {};
  if (!isJsonObject(value)) throw new Error(`${at}: wrong type`);
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(`strict decoding error: unknown field "${at ? `${at}.` : ''}${unknown}"`);
  return value;
}

/** Throws unless the value is a list of texts; an absent list is empty. */
export function textsOf(value: unknown, at: string): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string'))
    throw new Error(`${at}: wrong type`);
  return value as string[];
}
