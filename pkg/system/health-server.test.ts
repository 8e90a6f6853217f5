import { strict as assert } from 'node:assert';
import { get } from 'node:http';
import { networkInterfaces } from 'node:os';
import { realEnv } from './env.js';
import { serveHealth, type HealthServerOptions } from './health-server.js';
import { countPeers } from './peer-count.js';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

function ask(host: string, port: number, localAddress: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ host, port, path: '/metrics', localAddress, agent: false }, (response) =>
      response.resume().on('end', () => resolve(response.statusCode!)),
    ).on('error', reject);
  });
}

describe('health server', () => {
  const stop = new AbortController();
  after(() => stop.abort(new Error('over')));

  const serve = (metrics: HealthServerOptions['metrics']) =>
    serveHealth(realEnv('test', 'error'), { address: '0.0.0.0', port: 0, metrics }, stop.signal);

  it('shows metrics to clients of this machine, and to nobody with a token in clear text', async () => {
    const judged: string[] = [];
    const port = await serve(async (token) => {
      judged.push(token);
      return 200;
    });
    assert.equal(await ask('127.0.0.1', port, '127.0.0.1'), 200);
    const own = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
    // The kernel lets an address of this machine speak to another one: a client from elsewhere.
    if (own) assert.equal(await ask('127.0.0.1', port, own), 401);
    assert.deepEqual(judged, []);
    assert.equal(await ask('127.0.0.1', await serve('nobody'), '127.0.0.1'), 404);
  });
});

describe('bound of connections per client', () => {
  const socket = (remoteAddress: string) =>
    Object.assign(new EventEmitter(), { remoteAddress, destroy: () => {} }) as unknown as Socket;

  it('counts a /64 of IPv6 as one client and an IPv4 address as another', () => {
    for (const [first, second, same] of [
      ['10.0.0.1', '10.0.0.1', true],
      ['10.0.0.1', '10.0.0.2', false],
      ['::ffff:10.0.0.1', '::ffff:10.0.0.2', false],
      ['2001:db8::1', '2001:db8::2', true],
      ['2001:db8:0:1::1', '2001:db8:0:1:5:6:7:8', true],
      ['2001:db8:0:1::1', '2001:db8:0:2::1', false],
      ['2001:db8::1:2:3:4:5', '2001:db8:0:1:9::', true],
      ['fe80::1%eth0', 'fe80::2%eth1', true],
    ] as const) {
      const admits = countPeers(1);
      assert.equal(admits(socket(first)), true);
      assert.equal(admits(socket(second)), !same, `${first} ${second}`);
    }
  });
});
