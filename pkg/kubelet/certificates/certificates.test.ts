import { strict as assert } from 'node:assert';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CertificateSigningRequest } from '../../apis/certificates/v1/types.js';
import { statusError } from '../../apimachinery/errors/status-error.js';
import type { Client } from '../../client/client.js';
import {
  createCa,
  createCertificateRequest,
  newKey,
  signCertificateRequest,
} from '../../system/pki/certificates.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { isFor, pairStore, readPair } from './pair-store.js';
import { lookInMs, renewalTime, verdictOf, wantedOf } from './plan.js';
import { keepRenewed, obtain } from './renewal.js';

const HOUR = 3_600_000;
const ca = createCa('ca');
const wanted = wantedOf('client', 'paper');
/** The answer of a signer. */
const signed = (request: string, days = 1) =>
  signCertificateRequest(request, { ca, usages: wanted.usages, days });

describe('kubelet certificates', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubelet-pki-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const store = () => pairStore(folder, 'client', Date.now);
  const files = async () => (await readdir(folder)).sort();

  it('are renewed between 70 and 90 % of the life on this node', () => {
    const life = { from: 1000, until: 2000 };
    assert.deepEqual(
      [0, 0.5, 1].map((chance) => renewalTime(life, chance)),
      [1700, 1800, 1900],
    );
    // An expired one is due at once, but a look never follows the last one directly.
    assert.equal(renewalTime({ from: 2000, until: 1000 }, 1), 2000);
    assert.equal(lookInMs(1000, 5000), 2000);
    assert.equal(lookInMs(-Infinity, 0), 2000);
    assert.equal(lookInMs(5000 + 300 * 24 * HOUR, 5000), HOUR);
    // Signers backdate: a certificate of a minute is not due as soon as it arrives.
    const key = newKey().keyPem;
    const now = Date.now();
    const pair = readPair(`${signed(createCertificateRequest(wanted, key), 1 / 1440)}${key}`, now)!;
    assert.ok(renewalTime(pair, 0) > now + 35_000, String(renewalTime(pair, 0) - now));
  });

  it('read the verdict over a request', () => {
    const csr = (status: CertificateSigningRequest['status']): CertificateSigningRequest => ({
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name: 'r' },
      spec: { request: '', signerName: 's', usages: [] },
      ...(status ? { status } : {}),
    });
    const condition = (type: string) => ({ type, status: 'True', reason: 'Why', message: 'so' });
    assert.equal(verdictOf(csr(undefined)), undefined);
    assert.equal(verdictOf(csr({ conditions: [condition('Approved')] })), undefined);
    assert.deepEqual(verdictOf(csr({ certificate: btoa('PEM') })), { certPem: 'PEM' });
    assert.deepEqual(verdictOf(csr({ conditions: [condition('Denied')] })), {
      refusal: 'certificate signing request r: Denied: Why: so',
    });
    // A signer can refuse what somebody approved.
    assert.deepEqual(verdictOf(csr({ conditions: [condition('Approved'), condition('Failed')] })), {
      refusal: 'certificate signing request r: Failed: Why: so',
    });
  });

  it('lie under a link that is replaced at once, readable by root alone', async () => {
    assert.equal(await store().current(), undefined);
    const key = await store().pendingKey();
    const pair = await store().save(signed(createCertificateRequest(wanted, key)), key);
    const names = await files();
    assert.match(names[0]!, /^kubelet-client-\d{4}(-\d\d){5}\.pem$/);
    assert.deepEqual(names.slice(1), ['kubelet-client-current.pem']);
    assert.equal(await readlink(join(folder, names[1]!)), names[0]);
    assert.equal((await stat(join(folder, names[0]!))).mode & 0o777, 0o600);
    const read = await store().current();
    assert.equal(read?.pem, pair.pem);
    assert.ok(isFor(pair, wanted) && !isFor(pair, wantedOf('client', 'pape')));
    await assert.rejects(
      store().save(signed(createCertificateRequest(wanted, key)), newKey().keyPem),
      /private key does not match/,
    );
    assert.equal((await store().current())?.pem, pair.pem);
  });

  it('name every address of the node', async () => {
    const serving = wantedOf('server', 'paper', ['paper', '192.0.2.1', '2001:db8::1']);
    const key = newKey().keyPem;
    const pem = `${signed(createCertificateRequest(serving, key))}${key}`;
    const pair = readPair(pem, 0)!;
    assert.ok(isFor(pair, serving));
    for (const other of ['192.0.2.2', '2001:db8::2', 'stone'])
      assert.ok(!isFor(pair, wantedOf('server', 'paper', ['paper', other])), other);
  });

  it('are refused when they are broken or half', async () => {
    const key = newKey().keyPem;
    const cert = signed(createCertificateRequest(wanted, key));
    for (const text of ['', 'x', cert, key, `${cert}${newKey().keyPem}`]) {
      await writeFile(join(folder, 'kubelet-client-current.pem'), text);
      assert.equal(await store().current(), undefined, text);
    }
  });

  /** An API server that signs at once, or refuses. */
  function signer(refuse?: 'Denied' | 'Failed') {
    const created = new Map<string, CertificateSigningRequest>();
    const answers = { fail: false };
    const client = {
      create: (_type: unknown, csr: CertificateSigningRequest) => {
        const { name } = csr.metadata;
        if (created.has(name)) return Promise.reject(statusError('AlreadyExists', name));
        const pem = Buffer.from(csr.spec.request, 'base64').toString();
        const certificate = Buffer.from(signed(pem)).toString('base64');
        const refused = { conditions: [{ type: refuse ?? '', status: 'True' }] };
        created.set(name, { ...csr, status: refuse ? refused : { certificate } });
        return Promise.resolve(csr);
      },
      get: (_type: unknown, { name }: { name: string }) =>
        answers.fail ? Promise.reject(new Error('killed')) : Promise.resolve(created.get(name)!),
    } as unknown as Client;
    return { created, client, answers };
  }
  const ask = (client: Client) =>
    obtain({ env: virtualEnv(), client, store: store(), wanted }, new AbortController().signal);

  it('are asked for once by a kubelet that is killed between any two steps', async () => {
    const { created, client, answers } = signer();
    // Killed before the request, and after it.
    const key = await store().pendingKey();
    assert.equal(await store().pendingKey(), key);
    answers.fail = true;
    await assert.rejects(ask(client), /killed/);
    answers.fail = false;
    // Killed before the link: the file of a time before lies alone, with the link of a rename.
    await writeFile(join(folder, 'kubelet-client-2026-01-01-00-00-00.pem'), 'half');
    await symlink('nowhere', join(folder, '.kubelet-client-current.tmp'));
    const first = await ask(client);
    assert.equal(created.size, 1);
    assert.equal((await files()).length, 2);
    // Its key is gone: the key of a certificate in use asks for no other.
    const second = await ask(client);
    assert.equal(created.size, 2);
    assert.notEqual(serialOf(second.pem), serialOf(first.pem));
    // A key that was cut off by a full disk is replaced.
    await writeFile(join(folder, 'kubelet-client.key.tmp'), key.slice(0, 40));
    await ask(client);
    assert.equal(created.size, 3);
  });

  it('are reported as expired when nothing renews them', async () => {
    const env = virtualEnv();
    const key = newKey().keyPem;
    const now = env.clock.now();
    const request = createCertificateRequest(wanted, key);
    const cert = signCertificateRequest(request, { ca, usages: [], days: 1 / 24, now });
    const pair = readPair(`${cert}${key}`, now)!;
    const pairs = {
      ...store(),
      current: () => Promise.resolve(pair),
      pendingKey: () => Promise.resolve(key),
    };
    const client = { create: () => Promise.reject(new Error('down')) } as unknown as Client;
    const reports: boolean[] = [];
    const stop = new AbortController();
    const failed = (error: unknown, hasExpired: boolean) => {
      assert.match(String(error), /down/);
      reports.push(hasExpired);
      if (hasExpired) throw new Error('join again');
    };
    const kept = keepRenewed(
      { env, client, store: pairs, wanted, renewed: () => {}, failed },
      stop.signal,
    );
    const ended = assert.rejects(kept, /join again/);
    for (let turn = 0; turn < 600 && !reports.includes(true); turn++) {
      await env.clock.advance(30_000);
      if (env.clock.now() < now + 0.7 * HOUR) assert.deepEqual(reports, []);
    }
    await ended;
    assert.ok(reports.length > 2 && reports.indexOf(true) === reports.length - 1);
    assert.ok(env.clock.now() >= pair.until);
  });

  it('are asked for with a new key after a refusal', async () => {
    for (const how of ['Denied', 'Failed'] as const) {
      const { created, client } = signer(how);
      await assert.rejects(ask(client), new RegExp(`: ${how}: `));
      assert.deepEqual(await files(), []);
      await assert.rejects(ask(client));
      assert.equal(created.size, 2);
    }
  });
});

const serialOf = (pem: string) => new X509Certificate(pem).serialNumber;
