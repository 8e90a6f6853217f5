import assert from 'node:assert/strict';
import { realEnv } from '../../system/env.js';
import { aesCbc, aesGcm, extendedNonceGcm, secretbox } from './ciphers.js';
import { identity, meterOf, prefixed, type Transformer } from './transformer.js';

const KEY = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
const AT = '/registry/secrets/default/a';
const PLAIN = '{"kind":"Secret"}';

/** Written by other programs: Python's cryptography, and NaCl's own test. */
const FOREIGN: Readonly<Record<string, [Transformer, string]>> = {
  aesgcm: [aesGcm(KEY), 'ZGVmZ2hpamtsbW5vMzm1DxeNdKQcMTqLqAAe3z9jRkynrAu/tIM+EVnTcK8U'],
  aescbc: [aesCbc(KEY), 'MjM0NTY3ODk6Ozw9Pj9AQf4njSEl0dxfpl6qhGl2MUuqsm0lS/XbQ+UDrRpY8mb+'],
  seed: [
    extendedNonceGcm(KEY),
    'yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4OHi4+Tl5udkZWZnaGlqa2xtbm9Y0qCH6noLcU7KFJb9nDzitOFeZM9xiuRBzDEner82hu8=',
  ],
};

const opened = async (transformer: Transformer, data: Buffer, at = AT) =>
  Buffer.from((await transformer.fromStorage(data, at)).data).toString();

describe('ciphers at rest', () => {
  for (const [name, [transformer, text]] of Object.entries(FOREIGN))
    it(`${name} reads what other programs wrote, and its own`, async () => {
      assert.equal(await opened(transformer, Buffer.from(text, 'base64')), PLAIN);
      for (const plain of ['', 'a', PLAIN, 'x'.repeat(16), 'y'.repeat(100_000)]) {
        const sealed = Buffer.from(await transformer.toStorage(Buffer.from(plain), AT));
        assert.equal(await opened(transformer, sealed), plain);
        assert.notDeepEqual(await transformer.toStorage(Buffer.from(plain), AT), sealed);
      }
    });

  it("secretbox reads NaCl's own test", async () => {
    const key = Buffer.from(
      '1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389',
      'hex',
    );
    const nonce = '69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37';
    const sealed =
      'f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5';
    const box = secretbox(key);
    const plain = (await box.fromStorage(Buffer.from(nonce + sealed, 'hex'), AT)).data;
    assert.ok(Buffer.from(plain).toString('hex').startsWith('be075fc53c81f2d5cf141316ebeb0c7b'));
    assert.equal(plain.length, 131);
    const own = Buffer.from(await box.toStorage(Buffer.from(PLAIN), AT));
    assert.equal(await opened(box, own), PLAIN);
  });

  it('refuse a changed byte anywhere, a cut, and another place', async () => {
    for (const make of [aesGcm, extendedNonceGcm, secretbox]) {
      const transformer = make(KEY);
      const sealed = Buffer.from(await transformer.toStorage(Buffer.from(PLAIN), AT));
      for (let i = 0; i < sealed.length; i++) {
        const changed = Buffer.from(sealed);
        changed[i]! ^= 1;
        await assert.rejects(opened(transformer, changed), Error, `byte ${i}`);
        await assert.rejects(opened(transformer, sealed.subarray(0, i)), Error, `cut at ${i}`);
      }
      if (make !== secretbox) await assert.rejects(opened(transformer, sealed, `${AT}b`));
      await assert.rejects(opened(make(Buffer.alloc(32, 9)), sealed));
    }
  });

  it('aescbc refuses lengths and paddings that it does not write', async () => {
    const transformer = aesCbc(KEY);
    await assert.rejects(opened(transformer, Buffer.alloc(15)), /shorter than the required size/);
    await assert.rejects(opened(transformer, Buffer.alloc(17)), /multiple of the block size/);
    await assert.rejects(opened(transformer, Buffer.alloc(16)), /empty or not padded/);
  });

  it('choose by prefix, and say so when there is none', async () => {
    const [one, two] = [aesGcm(Buffer.alloc(16, 1)), aesGcm(Buffer.alloc(24, 2))];
    const old = prefixed('none', [{ prefix: 'k:a:', transformer: one }]);
    const both = prefixed('none', [
      { prefix: 'k:a:', transformer: two },
      { prefix: 'k:a:', transformer: one },
      { prefix: '', transformer: identity },
    ]);
    const sealed = Buffer.from(await old.toStorage(Buffer.from(PLAIN), AT));
    assert.equal((await both.fromStorage(sealed, AT)).stale, true);
    const newer = Buffer.from(await both.toStorage(Buffer.from(PLAIN), AT));
    assert.equal((await both.fromStorage(newer, AT)).stale, false);
    assert.equal((await both.fromStorage(Buffer.from(PLAIN), AT)).stale, true);
    await assert.rejects(old.fromStorage(Buffer.from(PLAIN), AT), /^Error: none$/);
    await assert.rejects(
      prefixed('none', [{ prefix: '', transformer: identity }]).fromStorage(
        Buffer.from('k8s:enc:aescbc:v1:a:x'),
        AT,
      ),
      /^Error: none$/,
    );
  });

  it('are counted by their prefixes and results', async () => {
    const counted: string[] = [];
    const meter = (type: string) => (prefix: string, error?: unknown) =>
      void counted.push(`${type} ${prefix} ${error === undefined ? 'OK' : 'failed'}`);
    const inner = prefixed('none', [{ prefix: 'k1:', transformer: aesGcm(KEY) }], meter);
    const outer = prefixed(
      'none',
      [
        { prefix: 'k8s:enc:aesgcm:v1:', transformer: inner },
        { prefix: '', transformer: identity },
      ],
      meter,
    );
    const sealed = Buffer.from(await outer.toStorage(Buffer.from(PLAIN), AT));
    await outer.fromStorage(sealed, AT);
    await outer.fromStorage(Buffer.from(PLAIN), AT);
    await assert.rejects(outer.fromStorage(sealed.subarray(0, -1), AT));
    await assert.rejects(outer.fromStorage(Buffer.from('k8s:enc:other:'), AT));
    assert.deepEqual(counted, [
      'to_storage k1: OK',
      'to_storage k8s:enc:aesgcm:v1: OK',
      'from_storage k1: OK',
      'from_storage k8s:enc:aesgcm:v1: OK',
      'from_storage identity OK',
      'from_storage k1: failed',
      'from_storage k8s:enc:aesgcm:v1: failed',
      'from_storage unknown failed',
    ]);
  });

  it('have the metrics of upstream', async () => {
    const env = realEnv('encryption-test', 'error');
    const done = meterOf(env)('to_storage');
    done('k8s:enc:aesgcm:v1:');
    done('k8s:enc:kms:v2:a:', new Error('x'));
    const text = await env.metrics.render();
    const labels = 'transformation_type="to_storage",transformer_prefix=';
    for (const line of [
      `operations_total{${labels}"k8s:enc:aesgcm:v1:",status="OK"} 1`,
      `operations_total{${labels}"k8s:enc:kms:v2:a:",status="unknown-non-grpc"} 1`,
      `duration_seconds_count{${labels}"k8s:enc:aesgcm:v1:"} 1`,
    ])
      assert.ok(text.includes(`apiserver_storage_transformation_${line}`), line);
  });
});
