// Discovery against hostile servers, which try to make a machine join another cluster.
import assert from 'node:assert/strict';
import { createHash, createHmac, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkHashes, discover, discoverByFile } from '../../../cmd/kubeadm/discovery.js';
import { realClock } from '../../../pkg/system/env.js';
import { createCa, issue, type CertificateAndKey } from '../../../pkg/system/pki/certificates.js';

const TOKEN = { id: 'abcdef', secret: '0123456789abcdef' };
const NEVER = new AbortController().signal;
const PATH = '/api/v1/namespaces/kube-public/configmaps/cluster-info';

const sign = (kubeconfig: string, { id, secret } = TOKEN) => {
  const head = Buffer.from(`{"alg":"HS256","kid":"${id}"}`).toString('base64url');
  const all = `${head}.${Buffer.from(kubeconfig).toString('base64url')}`;
  return `${head}..${createHmac('sha256', secret).update(all).digest('base64url')}`;
};
const hashOf = ({ certPem }: CertificateAndKey) => {
  const key = new X509Certificate(certPem).publicKey.export({ type: 'spki', format: 'der' });
  return `sha256:${createHash('sha256').update(key).digest('hex')}`;
};

describe('discovery', function () {
  this.timeout(60_000);
  const ca = createCa('kubernetes');
  const evil = createCa('kubernetes');
  const open = new Set<Server>();
  let dir: string;

  before(() => (dir = mkdtempSync(join(tmpdir(), 'wheelhouse-discovery-'))));
  after(() => rmSync(dir, { recursive: true }));
  afterEach(() => {
    for (const server of open) server.closeAllConnections();
    for (const server of open) server.close();
    open.clear();
  });

  const kubeconfigOf = (server: string, ...authorities: CertificateAndKey[]) => {
    const pem = authorities.map(({ certPem }) => certPem).join('');
    return JSON.stringify({
      clusters: [
        {
          name: '',
          cluster: { server, 'certificate-authority-data': Buffer.from(pem).toString('base64') },
        },
      ],
    });
  };
  /** A server with a certificate of `issuer`; `answer` gets the number of the request, from 0. */
  const serve = async (
    issuer: CertificateAndKey,
    answer: (response: ServerResponse, count: number, self: string) => void,
  ): Promise<string> => {
    const sans = ['127.0.0.1'];
    const pair = issue({ ca: issuer, commonName: 'server', sans, usages: ['server'] });
    let count = 0;
    const server = createServer({ cert: pair.certPem, key: pair.keyPem }, (request, response) => {
      assert.equal(request.url, PATH);
      answer(response, count++, `https://127.0.0.1:${port}`);
    });
    open.add(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return `127.0.0.1:${port}`;
  };
  const says = (data: object) => JSON.stringify({ kind: 'ConfigMap', data });
  const signed = (kubeconfig: string) =>
    says({ kubeconfig, 'jws-kubeconfig-abcdef': sign(kubeconfig) });
  const find = (endpoint: string, hashes = [hashOf(ca)], limitMs = 0, signal = NEVER) =>
    discover({ endpoint, token: TOKEN, hashes, clock: realClock, limitMs, signal });

  it('finds the cluster of the token and of the hash', async () => {
    const endpoint = await serve(ca, (response, _, self) =>
      response.end(signed(kubeconfigOf(self, ca))),
    );
    assert.deepEqual(await find(endpoint), {
      server: `https://${endpoint}`,
      caPem: ca.certPem.trimEnd() + '\n',
    });
    assert.deepEqual(await find(endpoint, []), await find(endpoint, [hashOf(evil), hashOf(ca)]));
  });

  it('waits for the signature of a token that is new', async () => {
    const endpoint = await serve(ca, (response, count, self) => {
      const kubeconfig = kubeconfigOf(self, ca);
      response.end(count ? signed(kubeconfig) : says({ kubeconfig }));
    });
    assert.equal((await find(endpoint, undefined, 30_000)).server, `https://${endpoint}`);
  });

  const attacks: readonly [
    name: string,
    text: RegExp,
    issuer: CertificateAndKey,
    answer: (self: string, count: number) => string,
  ][] = [
    [
      'no signature of the token',
      /could not find a JWS signature in the cluster-info ConfigMap for token ID "abcdef"/,
      ca,
      (self) => says({ kubeconfig: kubeconfigOf(self, ca), 'jws-kubeconfig-zyxwvu': 'x' }),
    ],
    [
      'a signature with another secret',
      /failed to verify JWS signature of received cluster info object, can't trust this API Server/,
      ca,
      (self) => {
        const kubeconfig = kubeconfigOf(self, ca);
        return says({
          kubeconfig,
          'jws-kubeconfig-abcdef': sign(kubeconfig, { ...TOKEN, secret: 'ffffffffffffffff' }),
        });
      },
    ],
    [
      'the signature of another kubeconfig',
      /failed to verify JWS signature/,
      ca,
      (self) =>
        says({
          kubeconfig: kubeconfigOf(self, evil),
          'jws-kubeconfig-abcdef': sign(kubeconfigOf(self, ca)),
        }),
    ],
    [
      'a signature that is no text',
      /failed to verify JWS signature/,
      ca,
      (self) =>
        says({ kubeconfig: kubeconfigOf(self, ca), 'jws-kubeconfig-abcdef': { length: 1 } }),
    ],
    [
      'no kubeconfig',
      /there is no kubeconfig key in the cluster-info ConfigMap/,
      ca,
      () => says({ 'jws-kubeconfig-abcdef': 'x' }),
    ],
    [
      'another authority',
      /cluster CA found in cluster-info ConfigMap is invalid: none of the public keys "sha256:[0-9a-f]{64}" are pinned/,
      evil,
      (self) => signed(kubeconfigOf(self, evil)),
    ],
    [
      'another authority beside the right one',
      /none of the public keys "sha256:[0-9a-f]{64}" are pinned/,
      evil,
      (self) => signed(kubeconfigOf(self, ca, evil)),
    ],
    [
      'the right authority without its key',
      /failed to request the cluster-info ConfigMap: .*(certificate|signature)/,
      evil,
      (self) => signed(kubeconfigOf(self, ca)),
    ],
    [
      'another answer over TLS',
      /the second kubeconfig from the cluster-info ConfigMap \(using validated TLS\) was different from the first/,
      ca,
      (self, count) => signed(kubeconfigOf(count ? 'https://10.9.9.9:6443' : self, ca)),
    ],
    [
      'an authority that is no certificate',
      /malformed kubeconfig in the cluster-info ConfigMap/,
      ca,
      (self) =>
        signed(
          kubeconfigOf(self, {
            certPem: '-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n',
            keyPem: '',
          }),
        ),
    ],
    [
      'a server without TLS',
      /malformed kubeconfig in the cluster-info ConfigMap: no server or authority/,
      ca,
      () => signed(kubeconfigOf('http://127.0.0.1:1', ca)),
    ],
    ['no YAML', /malformed kubeconfig in the cluster-info ConfigMap/, ca, () => signed('a: [')],
    [
      'aliases of aliases',
      /malformed kubeconfig in the cluster-info ConfigMap/,
      ca,
      () =>
        signed(
          `a: &a [x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, at) => `${name}: &${name} [${Array(20).fill(`*${'abcdefgh'[at]}`).join()}]\n`).join('')}`,
        ),
    ],
    ['no JSON', /failed to request the cluster-info ConfigMap: .*JSON/, ca, () => '<html>'],
    ['nothing', /could not find a JWS signature/, ca, () => 'null'],
    [
      'more than a mebibyte',
      /failed to request the cluster-info ConfigMap: the answer is too large/,
      ca,
      () => ' '.repeat((1 << 20) + 1),
    ],
  ];
  for (const [name, text, issuer, answer] of attacks)
    it(`refuses ${name}`, async () => {
      const endpoint = await serve(issuer, (response, count, self) =>
        response.end(answer(self, count)),
      );
      await assert.rejects(find(endpoint), text);
    });

  it('trusts what it hashed, and no certificate of another form beside it', async () => {
    const hidden = evil.certPem.replaceAll(' CERTIFICATE', ' TRUSTED CERTIFICATE');
    const endpoint = await serve(ca, (response, _, self) =>
      response.end(signed(kubeconfigOf(self, ca, { certPem: hidden, keyPem: '' }))),
    );
    assert.equal((await find(endpoint)).caPem, ca.certPem);
  });

  it('ends at once when it is interrupted, in a request and between two', async () => {
    for (const answer of ['', says({ kubeconfig: 'no signature' })]) {
      const over = new AbortController();
      const endpoint = await serve(ca, (response) => {
        if (answer) response.end(answer);
        setImmediate(() => over.abort(new Error('interrupted')));
      });
      await assert.rejects(find(endpoint, undefined, 300_000, over.signal), /interrupted|aborted/);
    }
  });

  it('says the answer of a server that refuses', async () => {
    const message = 'configmaps "cluster-info" is forbidden';
    const endpoint = await serve(ca, (response) => {
      response.statusCode = 403;
      response.end(JSON.stringify({ kind: 'Status', message }));
    });
    await assert.rejects(
      find(endpoint),
      /failed to request .*: configmaps "cluster-info" is forbidden/,
    );
  });

  it('takes a file whose authority vouches for the server', async () => {
    const endpoint = await serve(ca, (response) => {
      response.statusCode = 403;
      response.end();
    });
    const file = join(dir, 'discovery.conf');
    writeFileSync(file, kubeconfigOf(`https://${endpoint}`, ca));
    assert.deepEqual(await discoverByFile(file), {
      server: `https://${endpoint}`,
      caPem: ca.certPem,
    });
    writeFileSync(file, kubeconfigOf(`https://${endpoint}`, evil));
    await assert.rejects(discoverByFile(file), /Abort reading the cluster-info ConfigMap: /);
  });

  it('takes hashes of SHA-256 only', () => {
    const hash = hashOf(ca);
    checkHashes([hash, hashOf(evil)]);
    const digits = hash.slice('sha256:'.length);
    for (const wrong of [
      '',
      digits,
      `md5:${digits}`,
      `${hash}0`,
      `${hash}:1`,
      `sha256:x${digits.slice(1)}`,
    ])
      assert.throws(
        () => checkHashes([hash, wrong]),
        /^Error: invalid discovery token CA certificate hash: invalid hash .* Known format\(s\) are: sha256$/,
      );
  });
});
