// Parses a YAML body to a JSON value with the semantics of sigs.k8s.io/yaml: YAML 1.1 (0644 is 420,
// yes is true) with merge keys, without timestamps, sets and binary values. One document only.
import { parseDocument, type ScalarTag, type Tags } from 'yaml';
import { MAX_YAML_ALIASES } from '../limits.js';
import type { ParsedJson } from './json.js';

const DROPPED_TAGS = new Set([
  'tag:yaml.org,2002:timestamp',
  'tag:yaml.org,2002:binary',
  'tag:yaml.org,2002:set',
  'tag:yaml.org,2002:omap',
  'tag:yaml.org,2002:pairs',
]);

/** Base-60 numbers (12:30:45) are strings. */
function isSexagesimal(tag: ScalarTag): boolean {
  return tag.format === 'TIME';
}

function jsonTags(tags: Tags): Tags {
  return tags.filter(
    (tag) =>
      typeof tag === 'string' || !(DROPPED_TAGS.has(tag.tag) || isSexagesimal(tag as ScalarTag)),
  );
}

/**
 * @throws Error 'yaml: line N: ...' for text that is not YAML. `yamlProblem` names the duplicate
 * keys, of which the last wins. An empty document is null.
 */
export function parseYaml(text: string): ParsedJson {
  const document = parseDocument(text, {
    version: '1.1',
    merge: true,
    customTags: jsonTags,
    intAsBigInt: true,
    logLevel: 'silent',
  });
  const doubled = document.errors.filter(({ code }) => code === 'DUPLICATE_KEY');
  const error = document.errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  if (error)
    throw new Error(
      `yaml: line ${error.linePos?.[0].line ?? 1}: ${error.message.split('\n')[0]!.replace(/ at line [0-9]+, column [0-9]+:?$/, '')}`,
    );
  const value = toJsonValue(document.toJS({ maxAliasCount: MAX_YAML_ALIASES }));
  if (!doubled.length) return { value, duplicates: [] };
  const lines = doubled.map(
    ({ pos, linePos }) =>
      `  line ${linePos?.[0].line ?? 1}: key ${JSON.stringify(keyAt(text, pos[0]))} already set in map`,
  );
  return { value, duplicates: [], yamlProblem: `yaml: unmarshal errors:\n${lines.join('\n')}` };
}

function keyAt(text: string, at: number): string {
  return /^["']?([^"':\s]+)/.exec(text.slice(at))?.[1] ?? '';
}

/** Safe integers become numbers; larger integers stay bigint, as in parseJson. */
function toJsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(toJsonValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, toJsonValue(member)]),
  );
}
