// Registers the ranges and ports of each cluster for all checkouts of this machine: one file per
// cluster in /run/wheelhouse, from the choice of addresses until hack/down. One hack/up at a time
// chooses, and one command at a time changes a cluster, under locks that the kernel releases when
// their holder dies: names in the host's table of abstract sockets.
//
// A reservation does not count once its record is gone, because its checkout was deleted.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { layoutOf } from './layout.js';
import type { ClusterRecord, HostUse } from './record.js';
import { tolerating } from './tolerate.js';
import { until } from './wait.js';

export const RESERVATIONS_FOLDER = '/run/wheelhouse';
export const RESERVATION = '.reservation';
const LOCK = 'wheelhouse-decision';
/** Choosing addresses takes a fraction of a second. */
const LOCK_MS = 60_000;
const ANSWER_MS = 2000;
const MAX_ANSWER = 200;

interface Reservation {
  /** Path of the cluster's record; it tells checkouts apart. */
  record: string;
  index: number;
  networks: string[];
  ports: number[];
}

const fileOf = (name: string, folder: string): string => join(folder, `${name}${RESERVATION}`);

/** `says` is the answer to everybody who connects to the lock. */
function tryLock(name: string, says = ''): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.on('error', () => {}).end(says));
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(`\0${name}`, () => resolve(server));
  });
}

/**
 * The words of a lock's holder; empty when the holder has gone or says nothing in time. Any program
 * may hold the name, so its words reach the terminal without control characters.
 */
function holderOf(name: string): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(`\0${name}`).setTimeout(ANSWER_MS);
    socket.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(0, MAX_ANSWER)));
    socket.on('timeout', () => socket.destroy());
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => resolve(said.replace(/[^\x20-\x7e]/g, '')));
  });
}

/**
 * Runs `work` while no other command changes the cluster. Throws an error that names the holder
 * when one does.
 */
export async function withClusterLock<T>(
  cluster: string,
  command: string,
  work: () => Promise<T>,
): Promise<T> {
  const name = `wheelhouse-cluster-${cluster}`;
  const since = new Date().toTimeString().slice(0, 8);
  const lock = await tryLock(name, `${command}, process ${process.pid}, since ${since}`);
  if (!lock) {
    const holder = (await holderOf(name)) || 'another command';
    throw new Error(
      `cluster "${cluster}" is being changed: ${holder}. Wait for its end, or stop it.`,
    );
  }
  try {
    return await work();
  } finally {
    lock.close();
  }
}

/** Runs `decide` while no other process on the machine runs it. */
export async function withDecisionLock<T>(decide: () => Promise<T>, name = LOCK): Promise<T> {
  let lock: Server | undefined;
  const isLocked = async () => (lock = await tryLock(name)) !== undefined;
  await until(isLocked, LOCK_MS, 'another hack/up has held the lock for a minute');
  try {
    return await decide();
  } finally {
    await new Promise((resolve) => lock!.close(resolve));
  }
}

function readReservation(file: string): Reservation | undefined {
  try {
    const reservation = JSON.parse(readFileSync(file, 'utf8')) as Reservation;
    const { index } = JSON.parse(readFileSync(reservation.record, 'utf8')) as ClusterRecord;
    return index === reservation.index ? reservation : undefined;
  } catch {
    return undefined;
  }
}

function reservations(folder: string): Reservation[] {
  const names = tolerating(['ENOENT'], () => readdirSync(folder)) ?? [];
  return names
    .filter((name) => name.endsWith(RESERVATION))
    .flatMap((name) => readReservation(join(folder, name)) ?? []);
}

/** The records of other checkouts' clusters, and their files. */
export function foreignRecords(
  folder = RESERVATIONS_FOLDER,
): { file: string; record: ClusterRecord }[] {
  const records = reservations(folder).map(({ record: file }) => ({
    file,
    record: JSON.parse(readFileSync(file, 'utf8')) as ClusterRecord,
  }));
  return records.filter(({ file, record }) => file !== layoutOf(record.name).record);
}

/** Adds the reservations of all clusters, running or not, to `use`. */
export function withReservations(use: HostUse, folder = RESERVATIONS_FOLDER): HostUse {
  const all = reservations(folder);
  const ports = new Set(all.flatMap((reservation) => reservation.ports));
  return {
    indexes: new Set([...use.indexes, ...all.map(({ index }) => index)]),
    networks: [...use.networks, ...all.flatMap(({ networks }) => networks)],
    portIsFree: (port) => (ports.has(port) ? Promise.resolve(false) : use.portIsFree(port)),
  };
}

/**
 * Throws when another checkout has a cluster of this name, or took the addresses of our stopped
 * cluster.
 */
export function checkReservation(
  name: string,
  index?: number,
  record = layoutOf(name).record,
  folder = RESERVATIONS_FOLDER,
): void {
  const other = readReservation(fileOf(name, folder));
  const successor = reservations(folder).find(
    (reservation) => reservation.index === index && reservation.record !== record,
  );
  if (successor)
    throw new Error(
      `the addresses of cluster "${name}" have gone to a cluster of another checkout (${successor.record}) while it was stopped; stop that one, or start anew after hack/down --name ${name}`,
    );
  if (other && other.record !== record)
    throw new Error(
      `a cluster "${name}" of another checkout is on this machine (${other.record}); choose another --name`,
    );
}

/** Call it after the record is written. */
export function writeReservation(
  cluster: ClusterRecord,
  record = layoutOf(cluster.name).record,
  folder = RESERVATIONS_FOLDER,
): void {
  const { index, underlay, podNetwork, serviceRange, six } = cluster;
  const networks = [
    underlay,
    podNetwork,
    serviceRange,
    ...(six ? [six.underlay, six.podNetwork, six.serviceRange] : []),
  ];
  const reservation: Reservation = { record, index, networks, ports: Object.values(cluster.ports) };
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(cluster.name, folder), JSON.stringify(reservation));
}

/** Removes the reservation, unless it belongs to a cluster of another checkout. */
export function removeReservation(
  name: string,
  record = layoutOf(name).record,
  folder = RESERVATIONS_FOLDER,
): void {
  const other = readReservation(fileOf(name, folder));
  if (!other || other.record === record) rmSync(fileOf(name, folder), { force: true });
}
