import assert from 'node:assert/strict';
import { StorageUnavailableError } from '../../storage/storage.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { KMS_RETRY_MS, KMS_SEED_LIFE_MS } from './limits.js';
import type { KmsCiphertext, KmsService } from './kms-client.js';
import { kmsProvider } from './kms.js';

const PLAIN = Buffer.from('plain');
const AT = '/registry/secrets/a/b';

/** A service that keeps seeds by their ciphertext. */
function fake() {
  const seeds = new Map<string, Buffer>();
  const state = { keyId: 'one', healthz: 'ok', absent: false, decrypts: 0 };
  const present = () => {
    if (state.absent) throw new StorageUnavailableError('nobody answers');
  };
  const service: KmsService = {
    async status() {
      present();
      return { version: 'v2', healthz: state.healthz, keyId: state.keyId };
    },
    async encrypt(plaintext) {
      present();
      const ciphertext = Buffer.from(`sealed ${seeds.size}`);
      seeds.set(ciphertext.toString(), plaintext);
      return { ciphertext, keyId: state.keyId, annotations: new Map([['a.b', ciphertext]]) };
    },
    async decrypt({ ciphertext, annotations }: KmsCiphertext) {
      state.decrypts++;
      present();
      assert.deepEqual(annotations.get('a.b'), ciphertext);
      return seeds.get(ciphertext.toString())!;
    },
    close() {},
  };
  return { state, service };
}

describe('KMS provider', () => {
  it('does not wait for an absent plugin once per value', async () => {
    const env = virtualEnv();
    const { state, service } = fake();
    const writer = kmsProvider('k', service, env);
    await writer.check();
    const sealed = Buffer.from(await writer.transformer.toStorage(PLAIN, AT));
    state.absent = true;
    const { transformer } = kmsProvider('k', service, env);
    for (let i = 0; i < 100; i++)
      await assert.rejects(transformer.fromStorage(sealed, AT), /failed to decrypt DEK/);
    assert.equal(state.decrypts, 1);
    state.absent = false;
    await env.clock.advance(KMS_RETRY_MS);
    assert.deepEqual(Buffer.from((await transformer.fromStorage(sealed, AT)).data), PLAIN);
    await transformer.fromStorage(sealed, AT);
    assert.equal(state.decrypts, 2);
  });

  it('writes no longer with a seed that the plugin has not stood for', async () => {
    const env = virtualEnv();
    const { state, service } = fake();
    const provider = kmsProvider('k', service, env);
    const { transformer } = provider;
    await assert.rejects(transformer.toStorage(PLAIN, AT), /has not answered yet/);
    await provider.check();
    const sealed = Buffer.from(await transformer.toStorage(PLAIN, AT));
    state.absent = true;
    await env.clock.advance(KMS_SEED_LIFE_MS + 1);
    await assert.rejects(provider.check());
    await assert.rejects(transformer.toStorage(PLAIN, AT), /expired/);
    await transformer.fromStorage(sealed, AT);
  });

  it('takes a new seed for a new key, and reads both', async () => {
    const env = virtualEnv();
    const { state, service } = fake();
    const provider = kmsProvider('k', service, env);
    const { transformer } = provider;
    const controller = new AbortController();
    const running = provider.run(controller.signal);
    await env.clock.advance(1);
    const old = Buffer.from(await transformer.toStorage(PLAIN, AT));
    assert.equal((await transformer.fromStorage(old, AT)).stale, false);
    state.keyId = 'two';
    await env.clock.advance(120_000);
    const sealed = Buffer.from(await transformer.toStorage(PLAIN, AT));
    assert.equal((await transformer.fromStorage(sealed, AT)).stale, false);
    assert.equal((await transformer.fromStorage(old, AT)).stale, true);
    assert.equal(state.decrypts, 0);
    controller.abort(new Error('over'));
    await running;
  });

  it('refuses values and answers beyond its bounds', async () => {
    const { service } = fake();
    const { transformer } = kmsProvider('k', service, virtualEnv());
    for (const broken of ['', '\x0a\x00', '\x0a\x01x', '\xff\xff\xff', '\x0a\x7fshort'])
      await assert.rejects(transformer.fromStorage(Buffer.from(broken, 'latin1'), AT), Error);
    const huge: KmsService = {
      ...service,
      encrypt: async () => ({
        ciphertext: Buffer.alloc(2000, 1),
        keyId: 'one',
        annotations: new Map(),
      }),
    };
    await assert.rejects(kmsProvider('k', huge, virtualEnv()).check(), /exceeds the max size/);
  });
});
