// The README's table of served resources, made from the discovery of an API server. `node
// build/test/repo/resource-table.js` writes it into README.md between its markers;
// test/repo/docs.test.ts compares them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startApiServer } from '../../cmd/kube-apiserver/start.js';
import { RESOURCES } from '../../pkg/apis/facts/resources.js';
import { loadKubeconfig } from '../../pkg/client/kubeconfig.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { realEnv } from '../../pkg/system/env.js';

const BEGIN = '<!-- resources: written by test/repo/resource-table.ts -->';
const END = '<!-- end of resources -->';

interface GroupVersion {
  /** '' for core. */
  group: string;
  version: string;
  /** As discovery lists them: 'pods', 'pods/status'. */
  names: string[];
}

/** Everything that a server without flags serves, in the order of discovery. */
async function discovered(): Promise<GroupVersion[]> {
  const server = await startApiServer({ storage: 'memory' });
  const client = createClient(
    await loadKubeconfig(server.kubeconfig),
    realEnv('resource-table', 'error'),
  );
  const get = async <T>(path: string): Promise<T> => {
    const { status, body } = await client.raw('GET', path);
    const text = new TextDecoder().decode(body);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${text}`);
    return JSON.parse(text) as T;
  };
  try {
    const { groups } = await get<{ groups: { versions: { groupVersion: string }[] }[] }>('/apis');
    const paths = groups.flatMap(({ versions }) =>
      versions.map(({ groupVersion }) => `/apis/${groupVersion}`),
    );
    return await Promise.all(
      ['/api/v1', ...paths].map(async (path) => {
        const { resources } = await get<{ resources: { name: string }[] }>(path);
        const [version, group = ''] = path.split('/').slice(2).reverse();
        return { group, version: version!, names: resources.map(({ name }) => name) };
      }),
    );
  } finally {
    await client.close();
    await server.stop();
  }
}

/** `pods (attach, binding, ...)` for each resource of a group version. */
function row({ group, version, names }: GroupVersion): string {
  const resources = names.filter((name) => !name.includes('/'));
  const shown = resources.map((resource) => {
    const subresources = names
      .filter((name) => name.startsWith(`${resource}/`))
      .map((name) => name.slice(resource.length + 1));
    return subresources.length ? `${resource} (${subresources.sort().join(', ')})` : resource;
  });
  return `| ${group || 'core'}/${version} | ${shown.join(', ')} |`;
}

/**
 * Resources and subresources of Kubernetes v1.32 (the fact tables) that discovery does not list.
 */
function missing(served: readonly GroupVersion[]): string {
  const has = new Set(
    served.flatMap(({ group, version, names }) =>
      names.map((name) => `${group}/${version}/${name}`),
    ),
  );
  const names = RESOURCES.flatMap(({ group, version, resource, subresources = [] }) => {
    const prefix = `${group}/${version}/`;
    const suffix = group ? `.${version}.${group}` : '';
    if (!has.has(prefix + resource)) return [resource + suffix];
    return subresources
      .map(({ name }) => `${resource}/${name}`)
      .filter((name) => !has.has(prefix + name))
      .map((name) => name + suffix);
  });
  return names.join(', ') || 'none';
}

/** The README's text with the table brought up to date. */
export async function withTable(readme: string): Promise<string> {
  const [head, rest] = readme.split(BEGIN);
  const tail = rest?.split(END)[1];
  if (head === undefined || tail === undefined)
    throw new Error('README.md has lost the markers of its resource table');
  const served = await discovered();
  const table = [
    '| group/version | resources (with subresources) |',
    '|---|---|',
    ...served.map(row),
    '',
    `Missing of v1.32: ${missing(served)}.`,
  ].join('\n');
  return `${head}${BEGIN}\n${table}\n${END}${tail}`;
}

if (process.argv[1]?.endsWith('resource-table.js')) {
  const file = join(process.cwd(), 'README.md');
  writeFileSync(file, await withTable(readFileSync(file, 'utf8')));
}
