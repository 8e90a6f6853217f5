import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { checkClaim, decideAlone, removeClaim, withClaims, writeClaim } from './claims.js';
import { decide, type ClusterRecord } from './record.js';

const EMPTY = { indexes: new Set<number>(), networks: [], portIsFree: () => Promise.resolve(true) };

describe('claims of clusters', () => {
  const folder = mkdtempSync(join(tmpdir(), 'claims-'));
  const claimsFolder = join(folder, 'run');
  const lock = `wheelhouse-test-${process.pid}`;
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(() => rmSync(claimsFolder, { recursive: true, force: true }));

  const recordOf = (checkout: string, name: string) => join(folder, checkout, name, 'cluster.json');
  /** What hack/up does first, in a checkout of its own that sees no other's records. */
  const up = (checkout: string, name: string): Promise<ClusterRecord> =>
    decideAlone(async () => {
      const file = recordOf(checkout, name);
      checkClaim(name, undefined, file, claimsFolder);
      await turn();
      const record = await decide(
        { name, nodes: 3, backend: 'vxlan', separate: false, dualStack: true },
        withClaims(EMPTY, claimsFolder),
      );
      await turn();
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(record));
      writeClaim(record, file, claimsFolder);
      return record;
    }, lock);

  it('keep apart what is decided at the same time in different checkouts', async () => {
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
    removeClaim('local', recordOf('two', 'local'), claimsFolder);
    await assert.rejects(
      up('two', 'local'),
      /of another checkout/,
      'another checkout cannot release it',
    );
    removeClaim('local', recordOf('one', 'local'), claimsFolder);
    assert.equal((await up('two', 'local')).index, 0);
    removeClaim('local', recordOf('two', 'local'), claimsFolder);
    assert.deepEqual(readdirSync(claimsFolder), []);
  });

  it('refuse to start a stopped cluster whose addresses are in use', async () => {
    const { index } = await up('one', 'a');
    removeClaim('a', recordOf('one', 'a'), claimsFolder);
    const check = () => checkClaim('a', index, recordOf('one', 'a'), claimsFolder);
    check();
    await up('two', 'b');
    assert.throws(check, /the addresses of cluster "a" have gone to a cluster of another checkout/);
  });

  it('end with the checkout that made them', async () => {
    assert.equal((await up('gone', 'local')).index, 0);
    assert.equal(withClaims(EMPTY, claimsFolder).indexes.size, 1);
    rmSync(join(folder, 'gone'), { recursive: true });
    assert.equal(withClaims(EMPTY, claimsFolder).indexes.size, 0);
    assert.equal((await up('here', 'local')).index, 0);
  });

  it('let go of the lock when a decision fails', async () => {
    await assert.rejects(
      decideAlone(() => Promise.reject(new Error('no')), lock),
      /no/,
    );
    assert.equal(await decideAlone(() => Promise.resolve(1), lock), 1);
  });
});
