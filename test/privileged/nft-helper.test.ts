// Transactions through nft-helper in a namespace, checked with the nft tool.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findNativeDir } from '../../pkg/system/native/native-dir.js';
import { createNetns, deleteNetns, type Netns } from '../../pkg/system/netns/netns.js';
import { tryExec } from '../../pkg/system/exec.js';
import { NftError, openNft, type Nft } from '../../pkg/system/nftables/nftables.js';
import { needNetworks, eventually } from './overlay-lab.js';

describe('nft-helper', function () {
  this.timeout(60_000);
  const nativeDir = findNativeDir(process.argv[1], process.env);
  let netns: Netns;
  let nft: Nft;
  let plain: Nft;
  const stop = new AbortController();

  before(async function () {
    needNetworks(this, [join(nativeDir, 'nft-helper')]);
    netns = await createNetns(`wh${randomBytes(2).toString('hex')}-h`);
    nft = openNft({ netns: netns.path, nativeDir });
    plain = openNft({ netns: netns.path });
  });
  after(async () => {
    stop.abort();
    if (netns) await deleteNetns(netns.name);
  });

  const pids = async () =>
    (await tryExec(['ip', 'netns', 'pids', netns.name])).stdout
      .split('\n')
      .filter(Boolean)
      .map(Number);
  const elements = async () => {
    const objects = await plain.listTable('ip', 'h');
    return (
      objects?.flatMap(
        (object) => (object['set'] as { elem?: unknown[] } | undefined)?.elem ?? [],
      ) ?? []
    ).length;
  };

  it('runs many transactions in one process, in order', async () => {
    await nft.apply('add table ip h\nadd set ip h s { type ipv4_addr; }\n');
    const [first] = await pids();
    await Promise.all(
      Array.from({ length: 50 }, (_, at) => nft.apply(`add element ip h s { 10.0.0.${at} }\n`)),
    );
    assert.equal(await elements(), 50);
    assert.deepEqual(await pids(), [first]);
  });

  it("returns nft's error for an invalid transaction, applies nothing of it, and continues", async () => {
    const wrong = 'add element ip h s { 10.0.1.1 }\nadd element ip h nothing { 10.0.1.1 }\n';
    const message = (by: Nft) =>
      by.apply(wrong).then(
        () => '',
        (error: unknown) =>
          error instanceof NftError
            ? error.message.split('\n').map((line) => line.replace(/^\S+: Error/, 'Error'))[0]
            : String(error),
      );
    const [ours, tools] = [await message(nft), await message(plain)];
    assert.match(ours!, /No such file or directory/);
    assert.equal(ours!.replace(/^.*Error/, ''), tools!.replace(/^.*Error/, ''));
    assert.equal(await elements(), 50);
    await nft.apply('delete element ip h s { 10.0.0.1 }\n');
    assert.equal(await elements(), 49);
  });

  it('is restarted when it dies', async () => {
    const [pid] = await pids();
    process.kill(pid!, 'SIGKILL');
    await eventually('its end', async () => !(await pids()).includes(pid!));
    await eventually('a transaction', () =>
      nft.apply('delete element ip h s { 10.0.0.2 }\n').then(() => true),
    );
    assert.equal(await elements(), 48);
  });

  it('runs large transactions in a separate process', async () => {
    const many = Array.from({ length: 6000 }, (_, at) => `10.9.${at >> 8}.${at & 255}`);
    await nft.apply(`add element ip h s { ${many.join(', ')} }\n`);
    assert.equal(await elements(), 6048);
  });

  it('is not reported by the watcher as another program', async () => {
    let foreign = 0;
    const watching = nft.watchTable('ip', 'h', () => foreign++, stop.signal);
    await eventually('a foreign change to be told', async () => {
      await plain.apply('add element ip h s { 10.8.0.1 }\n');
      await plain.apply('delete element ip h s { 10.8.0.1 }\n');
      return foreign > 0;
    });
    await nft.apply('add element ip h s { 10.8.0.2 }\n');
    const before = foreign;
    for (let at = 0; at < 5; at++) await nft.apply(`add element ip h s { 10.8.1.${at} }\n`);
    await plain.apply('add element ip h s { 10.8.0.3 }\n');
    await eventually('the last change', async () => foreign > before);
    assert.equal(foreign, before + 1);
    stop.abort();
    await watching;
  });

  it('pauses the watcher during our own large load, and detects changes of other programs meanwhile', async () => {
    const signal = new AbortController();
    let [changes, ends] = [0, 0];
    const watch = () =>
      nft.watchTable('ip', 'h', () => changes++, signal.signal).then(() => ends++);
    const watching = watch();
    await eventually('a change to be told', async () => {
      await plain.apply('add element ip h s { 10.8.2.1 }\ndelete element ip h s { 10.8.2.1 }\n');
      return changes > 0;
    });
    const many = (net: number) =>
      `add element ip h s { ${Array.from({ length: 40_000 }, (_, at) => `10.${net}.${at >> 8}.${at & 255}`).join(', ')} }\n`;
    const before = changes;
    await Promise.all([
      nft.apply(many(20)),
      nft.apply(many(21)),
      nft.apply('add element ip h s { 10.8.2.2 }\n'),
    ]);
    await plain.apply('add element ip h s { 10.8.2.3 }\n');
    await eventually('the change after the load', async () => changes === before + 1);
    assert.equal(ends, 0, 'all changes were our own');
    const load = nft.apply(many(22));
    await eventually('the table to change', async () => {
      await plain.apply('add element ip h s { 10.8.2.4 }\n');
      return true;
    });
    await load;
    await eventually(
      'the end of the watch, or word of the change',
      async () => ends + changes > before + 1,
    );
    signal.abort();
    await watching;
  });

  it('watches several tables with one process during a large load, and exits with its parent', async () => {
    const counts = { h: 0, six: 0 };
    const signal = new AbortController();
    await plain.apply('add table ip6 h\n');
    const watches = [
      nft.watchTable('ip', 'h', () => counts.h++, signal.signal),
      nft.watchTable('ip6', 'h', () => counts.six++, signal.signal),
    ];
    const watcher = await eventually('the watcher', async () => {
      for (const pid of await pids())
        if ((await readFile(`/proc/${pid}/cmdline`, 'utf8')).endsWith('nft-helper\0watch\0'))
          return pid;
      return undefined;
    });
    await eventually('a change to be told', async () => {
      await plain.apply('add chain ip6 h c\n');
      return counts.six > 0;
    });
    assert.equal(counts.h, 0);
    const many = Array.from(
      { length: 60_000 },
      (_, at) => `10.${10 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`,
    );
    await nft.apply(`add element ip h s { ${many.join(', ')} }\n`);
    await plain.apply('add table ip other\n');
    await plain.apply('add element ip h s { 10.8.9.9 }\n');
    await eventually('the change after the load', async () => counts.h > 0);
    assert.equal(counts.h, 1, 'neither the load nor another table counts');
    process.kill(watcher, 'SIGKILL');
    await Promise.all(watches);
    signal.abort();
  });
});
