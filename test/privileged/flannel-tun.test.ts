// flannel-tun between two nodes, in every pair of modes: packets arrive intact with all sizes,
// MTUs, offloads and network faults; errors are reported as flannel's proxy does.
import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { exec } from '../../pkg/system/exec.js';
import { needRoot } from '../support/skip.js';
import { eventually, needNetworks } from './overlay-lab.js';
import { BULK, HELPER, statsOf, SUBNETS, TunPair } from './tun-pair.js';

const PAIRS = [
  ['auto', 'auto'],
  ['auto', 'simple'],
  ['simple', 'auto'],
  ['simple', 'simple'],
] as const;
const RELAY = resolve(import.meta.dirname, 'lossy-relay.js');
const RELAY_IP = '172.30.7.1';
const SOURCES = resolve(import.meta.dirname, '../../../pkg/system/native/flannel-tun');
/** Percentages of lost, reordered and duplicated datagrams. */
const BAD_NETWORK = ['1', '10', '2'];

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

describe('flannel-tun', function () {
  this.timeout(60_000);
  let pair: TunPair;

  before(async function () {
    needNetworks(this, [HELPER]);
    pair = await TunPair.create();
  });
  after(() => pair?.close());
  afterEach(() => pair?.stopHelpers());

  for (const [a, b] of PAIRS) {
    for (const mtu of [1472, 576, 1401]) {
      it(`forwards streams and datagrams intact from ${a} to ${b} at MTU ${mtu}`, async () => {
        await pair.startHelper(0, { mode: a, mtu });
        await pair.startHelper(1, { mode: b, mtu });
        for (const bytes of [1, 1000, 8_000_000]) {
          assert.equal(
            await pair.bulk(0, 'send', SUBNETS[1], '7000', String(bytes)),
            'same',
            `${bytes} bytes`,
          );
          assert.equal(
            await pair.bulk(1, 'send', SUBNETS[0], '7000', String(bytes)),
            'same',
            `${bytes} bytes back`,
          );
        }
        const sizes = [0, 1, 2, 7, 100, 511, mtu - 29, mtu - 28, mtu - 27, 3000, 9001].join();
        assert.equal(await pair.bulk(0, 'udp', SUBNETS[1], '7000', sizes), sizes);
        for (const node of pair.lab.nodes)
          assert.deepEqual(await pair.checksumErrors(node), [0, 0], node.name);
        for (const [at, mode] of [a, b].entries()) {
          const stats = await statsOf(pair.helpers[at]!);
          assert.deepEqual(
            [stats['tx_errors'], stats['rx_malformed'], stats['rx_bad_source']],
            [0, 0, 0],
          );
          if (mode === 'auto')
            assert.ok(stats['tx_sends']! < stats['tx_packets']! / 2, 'sends hold many packets');
        }
      });
    }
  }

  for (const mtu of [128, 296, 1006, 1280, 1372, 1472]) {
    it(`forwards datagrams of every size at MTU ${mtu}`, async () => {
      await pair.startHelper(0, { mode: 'auto', mtu });
      await pair.startHelper(1, { mode: 'simple', mtu });
      // Every size beyond the first fragment, then sizes around each further fragment boundary.
      const sizes = [
        ...range(0, mtu + 40),
        ...range(2, 6).flatMap((n) => range(n * (mtu - 20) - 30, n * (mtu - 20) + 5)),
      ]
        .filter((size, at, all) => all.indexOf(size) === at)
        .join();
      assert.equal(await pair.bulk(0, 'udp', SUBNETS[1], '7000', sizes), sizes);
      assert.equal(await pair.bulk(0, 'send', SUBNETS[1], '7000', '300000'), 'same');
      for (const node of pair.lab.nodes)
        assert.deepEqual(await pair.checksumErrors(node), [0, 0], node.name);
    });
  }

  describe('over a network with loss, reordering and duplication', () => {
    before(() =>
      pair.run(
        pair.lab.underlay.path,
        RELAY,
        RELAY_IP,
        '8285',
        ...pair.lab.nodes.map((node) => node.ip),
        ...BAD_NETWORK,
      ),
    );

    async function hold(): Promise<void> {
      assert.equal(await pair.bulk(0, 'send', SUBNETS[1], '7000', '1500000'), 'same');
      assert.equal(await pair.bulk(1, 'send', SUBNETS[0], '7000', '300000'), 'same');
      // Each size has three attempts of a third of a second: nearly all return, and all of them
      // intact.
      const sizes = [0, 1, 99, 200, 500, 1000, 1300, 2500];
      const back = (await pair.bulk(0, 'udp', SUBNETS[1], '7000', sizes.join()))
        .split(',')
        .filter(Boolean)
        .map(Number);
      assert.ok(back.length >= sizes.length - 1, `back: ${back.join()}`);
      for (const node of pair.lab.nodes)
        assert.deepEqual(await pair.checksumErrors(node), [0, 0], node.name);
      for (const helper of pair.helpers) assert.equal((await statsOf(helper))['rx_malformed'], 0);
    }

    for (const [a, b] of PAIRS) {
      it(`forwards streams intact from ${a} to ${b}`, async () => {
        await pair.startHelper(0, { mode: a, mtu: 1401, by: RELAY_IP });
        await pair.startHelper(1, { mode: b, mtu: 1401, by: RELAY_IP });
        await hold();
      });
    }

    it('forwards streams intact and takes over when built with sanitizers', async function () {
      needRoot(this, ['/usr/bin/gcc']);
      const file = join(pair.lab.dir, 'flannel-tun-sanitized');
      await exec(
        [
          'sh',
          '-c',
          `gcc -O1 -g -Wall -Wextra -Werror -fsanitize=address,undefined -fno-sanitize-recover=all -pthread ${SOURCES}/*.c -o ${file}`,
        ],
        { timeoutMs: 60_000 },
      );
      for (const at of [0, 1] as const)
        await pair.startHelper(at, { mode: 'auto', mtu: 1401, by: RELAY_IP, file });
      await hold();
      assert.equal(await pair.replaceHelper(0, { mode: 'auto', mtu: 1401, file }), 0);
      assert.equal(await pair.bulk(0, 'send', SUBNETS[1], '7000', '300000'), 'same');
      const refused = await pair.helpers[0]!.control.call('set 10.244.1.0').catch(
        (error: Error) => error.message,
      );
      assert.match(String(refused), /needs a network/);
      assert.deepEqual(await pair.stopHelpers(), [0, 0], 'no report of a sanitizer');
    });
  });

  it('sends ICMP errors for unknown subnets and drops packets from unknown senders', async () => {
    for (const at of [0, 1] as const) await pair.startHelper(at, { mode: 'auto', mtu: 1472 });
    const { lab, helpers } = pair;
    await assert.rejects(
      exec([
        ...lab.nodes[0]!.netns.enter,
        'timeout',
        '30',
        'bash',
        '-c',
        'exec 3<>/dev/tcp/10.244.77.1/80',
      ]),
      /unreachable/,
    );
    assert.ok((await statsOf(helpers[0]!))['tx_no_route']! > 0);

    // A datagram with a valid packet inside, from an address without a subnet.
    const stranger = (hex: string) =>
      exec([...lab.underlay.enter, process.execPath, BULK, 'raw', lab.nodes[0]!.ip, '8285', hex]);
    await stranger('4500001c0001000040110000' + '0af402010af40100' + '0007000700080000');
    await stranger('6e6f6e73656e7365');
    await eventually('both dropped', async () => {
      const stats = await statsOf(helpers[0]!);
      return stats['rx_bad_source'] === 1 && stats['rx_malformed'] === 1;
    });
  });

  it('replaces its routes atomically and rejects invalid ones', async () => {
    const { control } = await pair.startHelper(0, { mode: 'auto', mtu: 1472 });
    await assert.rejects(control.call('set nonsense'), /network/);
    await assert.rejects(control.call('set 10.244.1.0/33 1.2.3.4'), /network/);
    await assert.rejects(control.call('jump'), /unknown/);
    await assert.rejects(control.call('go'), /unknown/);
    await control.call(
      'begin',
      ...Array.from({ length: 1000 }, (_, n) => `set 10.244.${n % 250}.0/24 172.30.7.12`),
      'commit',
    );
  });
});
