import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import {
  checkReservation,
  withClusterLock,
  withDecisionLock,
  removeReservation,
  withReservations,
  writeReservation,
} from './reservations.js';
import { decide, type ClusterRecord } from './record.js';

const EMPTY = { indexes: new Set<number>(), networks: [], portIsFree: () => Promise.resolve(true) };

describe('reservations of clusters', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reservations-'));
  const reserved = join(folder, 'run');
  const lock = `wheelhouse-test-${process.pid}`;
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(() => rmSync(reserved, { recursive: true, force: true }));

  const recordOf = (checkout: string, name: string) => join(folder, checkout, name, 'cluster.json');
  /** The first steps of hack/up, in a checkout that sees no records of other checkouts. */
  const up = (checkout: string, name: string): Promise<ClusterRecord> =>
    withDecisionLock(async () => {
      const file = recordOf(checkout, name);
      checkReservation(name, undefined, file, reserved);
      await turn();
      const record = await decide(
        { name, nodes: 3, backend: 'vxlan', separate: false, dualStack: true },
        withReservations(EMPTY, reserved),
      );
      await turn();
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(record));
      writeReservation(record, file, reserved);
      return record;
    }, lock);

  it('differ when checkouts choose at the same time', async () => {
    const records = await Promise.all([0, 1, 2, 3].map((at) => up(`checkout-${at}`, `c${at}`)));
    const distinct = (what: (record: ClusterRecord) => unknown) => new Set(records.map(what)).size;
    assert.deepEqual(
      [
        distinct((r) => r.index),
        distinct((r) => r.underlay),
        distinct((r) => r.podNetwork),
        distinct((r) => r.bridge),
      ],
      [4, 4, 4, 4],
    );
    const ports = records.flatMap((record) => Object.values(record.ports));
    assert.equal(new Set(ports).size, ports.length);
  });

  it('refuse a name that another checkout uses', async () => {
    await up('one', 'local');
    await assert.rejects(
      up('two', 'local'),
      /a cluster "local" of another checkout is on this machine .*; choose another --name/,
    );
    removeReservation('local', recordOf('two', 'local'), reserved);
    await assert.rejects(
      up('two', 'local'),
      /of another checkout/,
      'another checkout cannot release it',
    );
    removeReservation('local', recordOf('one', 'local'), reserved);
    assert.equal((await up('two', 'local')).index, 0);
    removeReservation('local', recordOf('two', 'local'), reserved);
    assert.deepEqual(readdirSync(reserved), []);
  });

  it('refuse to start a stopped cluster whose addresses are in use', async () => {
    const { index } = await up('one', 'a');
    removeReservation('a', recordOf('one', 'a'), reserved);
    const check = () => checkReservation('a', index, recordOf('one', 'a'), reserved);
    check();
    await up('two', 'b');
    assert.throws(check, /the addresses of cluster "a" have gone to a cluster of another checkout/);
  });

  it('end with the checkout of their cluster', async () => {
    assert.equal((await up('gone', 'local')).index, 0);
    assert.equal(withReservations(EMPTY, reserved).indexes.size, 1);
    rmSync(join(folder, 'gone'), { recursive: true });
    assert.equal(withReservations(EMPTY, reserved).indexes.size, 0);
    assert.equal((await up('here', 'local')).index, 0);
  });

  it('release the lock when a choice fails', async () => {
    await assert.rejects(
      withDecisionLock(() => Promise.reject(new Error('no')), lock),
      /no/,
    );
    assert.equal(await withDecisionLock(() => Promise.resolve(1), lock), 1);
  });

  it('show no control characters of a program that holds the name', async () => {
    const name = `foreign-${process.pid}`;
    const foreign = createServer((socket) => socket.end('\u001b[2Jme\r\n\u0007\u202e'));
    await new Promise<void>((resolve) => foreign.listen(`\0wheelhouse-cluster-${name}`, resolve));
    try {
      const work = withClusterLock(name, 'hack/up', () => Promise.resolve());
      await assert.rejects(work, (error: Error) => {
        assert.equal(
          error.message,
          `cluster "${name}" is being changed: [2Jme. Wait for its end, or stop it.`,
        );
        return true;
      });
    } finally {
      foreign.close();
    }
  });

  it('let one command at a time change a cluster, and name the one that does', async () => {
    const name = `lock-${process.pid}`;
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const first = withClusterLock(name, 'hack/up', () => held);
    await turn();
    let ran = false;
    const second = () => withClusterLock(name, 'hack/down', () => Promise.resolve((ran = true)));
    await assert.rejects(
      second(),
      new RegExp(
        `cluster "${name}" is being changed: hack/up, process ${process.pid}, since \\d\\d:\\d\\d:\\d\\d\\. Wait`,
      ),
    );
    assert.ok(!ran);
    await withClusterLock(`${name}-b`, 'hack/up', () => Promise.resolve());
    release();
    await first;
    await second();
    assert.ok(ran);
    await assert.rejects(
      withClusterLock(name, 'hack/up', () => Promise.reject(new Error('broken'))),
      /^Error: broken$/,
    );
    await second();
  });
});
