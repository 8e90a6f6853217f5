// Which cluster of this machine has which ranges and ports, across checkouts: one file a cluster, beside the folders of
// /run/wheelhouse, from the decision until hack/down. Decisions are made one at a time, under a lock that the kernel
// drops when its holder dies: a name in the host's table of abstract sockets.
//
// A claim whose record is gone (its checkout was deleted) counts no more.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { layoutOf } from './layout.js';
import type { ClusterRecord, HostUse } from './record.js';
import { until } from './wait.js';

export const CLAIMS_FOLDER = '/run/wheelhouse';
export const CLAIM = '.claim';
const LOCK = 'wheelhouse-decision';
/** A decision takes a fraction of a second. */
const LOCK_MS = 60_000;

interface Claim {
  /** Path of the cluster's record, which tells checkouts apart. */
  record: string;
  index: number;
  networks: string[];
  ports: number[];
}

const fileOf = (name: string, folder: string): string => join(folder, `${name}${CLAIM}`);

function tryLock(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(`\0${name}`, () => resolve(server));
  });
}

/** Runs `decide` while no other process of the machine decides. */
export async function decideAlone<T>(decide: () => Promise<T>, name = LOCK): Promise<T> {
  let lock: Server | undefined;
  await until(
    async () => (lock = await tryLock(name)) !== undefined,
    LOCK_MS,
    () => 'another hack/up has been deciding on its addresses for a minute',
  );
  try {
    return await decide();
  } finally {
    await new Promise((resolve) => lock!.close(resolve));
  }
}

function readClaim(file: string): Claim | undefined {
  try {
    const claim = JSON.parse(readFileSync(file, 'utf8')) as Claim;
    const { index } = JSON.parse(readFileSync(claim.record, 'utf8')) as ClusterRecord;
    return index === claim.index ? claim : undefined;
  } catch {
    return undefined;
  }
}

function claims(folder: string): Claim[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(CLAIM))
      .map((name) => readClaim(join(folder, name)))
      .filter((claim) => claim !== undefined);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** What the machine uses with what its clusters, started or not, have been given. */
export function withClaims(use: HostUse, folder = CLAIMS_FOLDER): HostUse {
  const all = claims(folder);
  const ports = new Set(all.flatMap((claim) => claim.ports));
  return {
    indexes: new Set([...use.indexes, ...all.map(({ index }) => index)]),
    networks: [...use.networks, ...all.flatMap(({ networks }) => networks)],
    portIsFree: (port) => (ports.has(port) ? Promise.resolve(false) : use.portIsFree(port)),
  };
}

/** Throws when a cluster of another checkout has that name, or what a stopped cluster of ours had before. */
export function checkClaim(
  name: string,
  index?: number,
  record = layoutOf(name).record,
  folder = CLAIMS_FOLDER,
): void {
  const other = readClaim(fileOf(name, folder));
  const heir = claims(folder).find((claim) => claim.index === index && claim.record !== record);
  if (heir)
    throw new Error(
      `the addresses of cluster "${name}" have gone to a cluster of another checkout (${heir.record}) while it was stopped; stop that one, or start anew after hack/down --name ${name}`,
    );
  if (other && other.record !== record)
    throw new Error(
      `a cluster "${name}" of another checkout is on this machine (${other.record}); choose another --name`,
    );
}

/** To be called after the record is written. */
export function writeClaim(
  cluster: ClusterRecord,
  record = layoutOf(cluster.name).record,
  folder = CLAIMS_FOLDER,
): void {
  const { index, underlay, podNetwork, serviceRange, six } = cluster;
  const networks = [
    underlay,
    podNetwork,
    serviceRange,
    ...(six ? [six.underlay, six.podNetwork, six.serviceRange] : []),
  ];
  const claim: Claim = { record, index, networks, ports: Object.values(cluster.ports) };
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(cluster.name, folder), JSON.stringify(claim));
}

/** Leaves the claim of another checkout's cluster alone. */
export function removeClaim(
  name: string,
  record = layoutOf(name).record,
  folder = CLAIMS_FOLDER,
): void {
  const other = readClaim(fileOf(name, folder));
  if (!other || other.record === record) rmSync(fileOf(name, folder), { force: true });
}
