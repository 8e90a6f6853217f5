import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { ask, decodeReply, encodeCommand } from '../../../examples/guestbook-frontend/resp.js';
import { answer, hostsFrom, type Ask } from '../../../examples/guestbook-frontend/server.js';

const url = (path: string) => new URL(path, 'http://frontend');
const hosts = { master: 'redis-master', slave: 'redis-slave' };

describe('guestbook front end', () => {
  it('writes to the master and reads from a slave, in the shape of the example', async () => {
    const asked: string[] = [];
    const redis: Ask = (host, port, words) => {
      asked.push(`${host}:${port} ${words.join(' ')}`);
      return Promise.resolve(words[0] === 'GET' ? 'hi' : 'OK');
    };
    assert.equal(
      (await answer(url('/index.php?cmd=set&key=messages&value=hi'), hosts, redis)).body,
      '{"message": "Updated"}',
    );
    assert.equal(
      (await answer(url('/index.php?cmd=get&key=messages'), hosts, redis)).body,
      '{"data": "hi"}',
    );
    assert.deepEqual(asked, ['redis-master:6379 SET messages hi', 'redis-slave:6379 GET messages']);
  });

  it('answers for a missing key, a page, and its errors', async () => {
    const nothing: Ask = () => Promise.resolve(null);
    assert.equal(
      (await answer(url('/index.php?cmd=get&key=none'), hosts, nothing)).body,
      '{"data": ""}',
    );
    assert.match((await answer(url('/'), hosts, nothing)).body, /<title>Guestbook/);
    assert.equal((await answer(url('/nowhere'), hosts, nothing)).status, 404);
    assert.equal((await answer(url('/index.php?cmd=drop'), hosts, nothing)).status, 400);
    const broken: Ask = () => Promise.reject(new Error('redis is away'));
    assert.deepEqual(await answer(url('/index.php?cmd=get&key=a'), hosts, broken), {
      status: 502,
      type: 'application/json',
      body: '{"message": "redis is away"}',
    });
  });

  it('takes hosts from variables on request', () => {
    const env = { REDIS_MASTER_SERVICE_HOST: '10.0.0.1', REDIS_SLAVE_SERVICE_HOST: '10.0.0.2' };
    assert.deepEqual(hostsFrom(env), hosts);
    assert.deepEqual(hostsFrom({ ...env, GET_HOSTS_FROM: 'env' }), {
      master: '10.0.0.1',
      slave: '10.0.0.2',
    });
  });

  it('speaks RESP', () => {
    assert.equal(
      encodeCommand(['SET', 'k', 'ä']).toString(),
      '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\nä\r\n',
    );
    assert.deepEqual(decodeReply(Buffer.from('+OK\r\n')), { value: 'OK' });
    assert.deepEqual(decodeReply(Buffer.from('$-1\r\n')), { value: null });
    assert.deepEqual(decodeReply(Buffer.from('$4\r\na\r\nb\r\n')), { value: 'a\r\nb' });
    for (const part of ['', '$4', '$4\r\na\r', '$4\r\na\r\nb\r'])
      assert.equal(decodeReply(Buffer.from(part)), undefined);
    assert.throws(() => decodeReply(Buffer.from('-READONLY no writes\r\n')), /READONLY no writes/);
  });

  it('parses a reply that arrives in parts', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => {
        socket.write('$5\r\nhe');
        setImmediate(() => socket.end('llo\r\n'));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      assert.equal(
        await ask('127.0.0.1', (server.address() as AddressInfo).port, ['GET', 'x']),
        'hello',
      );
    } finally {
      server.close();
    }
  });
});
