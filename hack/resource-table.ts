// The README's table of served resources, made from the registry. `node build/hack/resource-table.js`
// writes it into README.md between its markers; test/repo/docs.test.ts holds the README to it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRegistry } from '../pkg/registry/registry.js';
import { RESOURCES } from '../pkg/apis/facts/resources.js';
import type { ResourceDefinition } from '../pkg/apiserver/resource/definition.js';

const BEGIN = '<!-- resources: written by hack/resource-table.ts -->';
const END = '<!-- end of resources -->';

const groupName = (group: string): string => group || 'core';

export function resourceTable(): string {
  const served = createRegistry({
    serviceClusterIPRange: '10.100.0.0/16',
    nodePortRange: '30000-32767',
  });
  const rows = new Map<string, ResourceDefinition[]>();
  for (const definition of served) {
    const key = `${groupName(definition.facts.group)}/${definition.facts.version}`;
    rows.set(key, [...(rows.get(key) ?? []), definition]);
  }
  const lines = [...rows].map(([key, list]) => `| ${key} | ${list.map(show).join(', ')} |`);
  return [
    '| group/version | resources (with subresources) |',
    '|---|---|',
    ...lines,
    '',
    `Missing of v1.32: ${missing(served)}.`,
  ].join('\n');
}

function show({ facts }: ResourceDefinition): string {
  const subresources = (facts.subresources ?? []).map((s) => s.name);
  return subresources.length ? `${facts.resource} (${subresources.join(', ')})` : facts.resource;
}

/** GA resources with storage that are not in the registry; reviews and bindings are answered elsewhere. */
function missing(served: readonly ResourceDefinition[]): string {
  const has = new Set(
    served.map(({ facts }) => `${facts.group}/${facts.version}/${facts.resource}`),
  );
  const absent = RESOURCES.filter(
    (r) => r.verbs.includes('list') && !has.has(`${r.group}/${r.version}/${r.resource}`),
  );
  return absent.length
    ? absent.map((r) => (r.group ? `${r.resource}.${r.version}.${r.group}` : r.resource)).join(', ')
    : 'none';
}

/** The README's text with the table brought up to date. */
export function withTable(readme: string): string {
  const [head, rest] = readme.split(BEGIN);
  const tail = rest?.split(END)[1];
  if (head === undefined || tail === undefined)
    throw new Error('README.md has lost the markers of its resource table');
  return `${head}${BEGIN}\n${resourceTable()}\n${END}${tail}`;
}

if (process.argv[1]?.endsWith('resource-table.js')) {
  const file = join(process.cwd(), 'README.md');
  writeFileSync(file, withTable(readFileSync(file, 'utf8')));
}
