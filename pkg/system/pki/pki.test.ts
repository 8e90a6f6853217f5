import { strict as assert } from 'node:assert';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { parse } from 'yaml';
import { exec, tryExec } from '../exec.js';
import {
  createCa,
  createCertificateRequest,
  issue,
  newKey,
  parseCertificateRequest,
  signCertificateRequest,
} from './certificates.js';
import { ensureClusterPki, ensureKubeconfigs } from './cluster-pki.js';
import { renderKubeconfig } from './kubeconfig.js';

describe('pki', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'pki-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const NODES = [{ name: 'node-1', addresses: ['172.31.0.11'] }];
  const OPTIONS = { serverNames: ['192.0.2.7', 'master'], serviceIP: '10.100.0.1', nodes: NODES };

  it('writes requests that openssl accepts and shows', async () => {
    const file = join(dir, 'request.pem');
    const sans = ['paper', '192.0.2.1', '2001:db8::1'];
    const names = { commonName: 'system:node:paper', organizations: ['system:nodes'] };
    for (const wanted of [{ ...names, sans }, names]) {
      const pem = createCertificateRequest(wanted, newKey().keyPem);
      await writeFile(file, pem);
      const { stdout, stderr } = await tryExec(['openssl', 'req', '-verify', '-text', '-in', file]);
      assert.match(stdout + stderr, /verify OK/);
      assert.match(stdout, /Subject: O\s*=\s*system:nodes, CN\s*=\s*system:node:paper/);
      assert.equal(/DNS:paper, IP Address:192.0.2.1, IP A/.test(stdout), 'sans' in wanted);
      const read = parseCertificateRequest(pem);
      assert.deepEqual(read.organizations, names.organizations);
      assert.equal(read.sans.length, 'sans' in wanted ? 3 : 0);
    }
  });

  it('issues chains that openssl accepts for their purpose', async () => {
    await ensureClusterPki(dir, OPTIONS);
    const verify = (purpose: string, ca: string, file: string) =>
      tryExec([
        'openssl',
        'verify',
        '-x509_strict',
        '-purpose',
        purpose,
        '-CAfile',
        join(dir, ca),
        join(dir, file),
      ]);
    for (const [purpose, ca, file] of [
      ['sslserver', 'ca.crt', 'apiserver.crt'],
      ['sslclient', 'ca.crt', 'apiserver-kubelet-client.crt'],
      ['sslserver', 'etcd/ca.crt', 'etcd/server.crt'],
      ['sslclient', 'etcd/ca.crt', 'etcd/server.crt'],
      ['sslclient', 'etcd/ca.crt', 'apiserver-etcd-client.crt'],
      ['sslclient', 'front-proxy-ca.crt', 'front-proxy-client.crt'],
      ['sslserver', 'ca.crt', 'nodes/node-1/kubelet.crt'],
    ] as const) {
      const result = await verify(purpose, ca, file);
      assert.equal(result.code, 0, `${file}: ${result.stderr}`);
    }
    assert.notEqual(
      (await verify('sslserver', 'ca.crt', 'nodes/node-1/kubelet-client.crt')).code,
      0,
      'a client certificate is not valid for a server',
    );
    assert.notEqual(
      (await verify('sslserver', 'etcd/ca.crt', 'apiserver.crt')).code,
      0,
      'another CA',
    );
  });

  it('issues the apiserver certificate for service, addresses and extra names', async () => {
    const pki = await ensureClusterPki(dir, OPTIONS);
    const certificate = new X509Certificate(pki.certificates['apiserver']!.certPem);
    for (const host of ['kubernetes.default.svc.cluster.local', 'master', 'localhost'])
      assert.equal(certificate.checkHost(host), host);
    for (const ip of ['10.100.0.1', '192.0.2.7', '127.0.0.1', '::1'])
      assert.equal(certificate.checkIP(ip), ip);
    assert.equal(certificate.checkIP('192.0.2.8'), undefined);
  });

  it('keeps keys private and leaves valid files alone', async () => {
    const first = await ensureClusterPki(dir, OPTIONS);
    for (const file of [
      'ca.key',
      'apiserver.key',
      'etcd/ca.key',
      'sa.key',
      'nodes/node-1/kubelet.key',
    ]) {
      assert.equal((await stat(join(dir, file))).mode & 0o777, 0o600, file);
    }
    assert.equal((await stat(join(dir, 'ca.crt'))).mode & 0o777, 0o600);
    assert.deepEqual(await ensureClusterPki(dir, OPTIONS), first);
  });

  it('reissues only certificates with other names, near expiry or broken', async () => {
    const first = await ensureClusterPki(dir, OPTIONS);
    const renamed = await ensureClusterPki(dir, { ...OPTIONS, serverNames: ['192.0.2.9'] });
    assert.notEqual(
      renamed.certificates['apiserver']!.certPem,
      first.certificates['apiserver']!.certPem,
    );
    assert.equal(
      renamed.certificates['apiserver-kubelet-client']!.certPem,
      first.certificates['apiserver-kubelet-client']!.certPem,
    );
    await writeFile(join(dir, 'apiserver.crt'), 'garbage');
    const later = await ensureClusterPki(dir, { ...OPTIONS, now: Date.now() + 340 * 86_400_000 });
    assert.notEqual(
      later.certificates['apiserver-kubelet-client']!.certPem,
      first.certificates['apiserver-kubelet-client']!.certPem,
    );
    assert.equal(later.ca.certPem, first.ca.certPem);
    assert.equal(later.serviceAccountKey, first.serviceAccountKey);
  });

  it('authenticates a client by its certificate over TLS', async () => {
    const ca = createCa('kubernetes');
    const server = issue({
      ca,
      commonName: 'kube-apiserver',
      sans: ['127.0.0.1'],
      usages: ['server'],
    });
    const client = issue({
      ca,
      commonName: 'alice',
      organizations: ['dev', 'ops'],
      usages: ['client'],
    });
    const accepted = new Promise<{ authorized: boolean; subject: object }>((resolve) => {
      const listener = createServer(
        { cert: server.certPem, key: server.keyPem, ca: ca.certPem, requestCert: true },
        (socket: TLSSocket) => {
          resolve({
            authorized: socket.authorized,
            subject: { ...socket.getPeerCertificate().subject },
          });
          socket.end();
          listener.close();
        },
      );
      listener.listen(0, '127.0.0.1', () => {
        const { port } = listener.address() as { port: number };
        connect({
          host: '127.0.0.1',
          port,
          ca: ca.certPem,
          cert: client.certPem,
          key: client.keyPem,
        })
          .resume()
          .on('error', () => {});
      });
    });
    assert.deepEqual(await accepted, {
      authorized: true,
      subject: { O: ['dev', 'ops'], CN: 'alice' },
    });
  });

  it('signs certificate requests and refuses forged ones', async () => {
    const ca = createCa('kubernetes');
    const [key, csr] = [join(dir, 'r.key'), join(dir, 'r.csr')];
    await exec(['openssl', 'ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key]);
    await exec([
      'openssl',
      'req',
      '-new',
      '-key',
      key,
      '-subj',
      '/O=system:nodes/CN=system:node:n1',
      '-addext',
      'subjectAltName=DNS:n1,IP:172.31.0.9',
      '-out',
      csr,
    ]);
    const text = await readFile(csr, 'utf8');
    const request = parseCertificateRequest(text);
    assert.deepEqual(
      [request.commonName, request.organizations, request.sans],
      ['system:node:n1', ['system:nodes'], ['n1', '172.31.0.9']],
    );
    const certificate = new X509Certificate(
      signCertificateRequest(text, { ca, usages: ['server auth'] }),
    );
    assert.equal(certificate.checkIP('172.31.0.9'), '172.31.0.9');
    assert.ok(certificate.verify(new X509Certificate(ca.certPem).publicKey));
    const lines = text.split('\n');
    const forged = Buffer.from(lines.slice(1, -2).join(''), 'base64');
    forged[forged.indexOf('system:node:n1')] = 0x53;
    assert.throws(
      () =>
        parseCertificateRequest(
          `-----BEGIN CERTIFICATE REQUEST-----\n${forged.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`,
        ),
      /^Error: x509: ECDSA verification failure$/,
    );
  });

  const kinds: [title: string, key: string[], digest: string[], failure: RegExp][] = [
    ['RSA and SHA-1', ['-newkey', 'rsa:2048'], ['-sha1'], /crypto\/rsa: verification error/],
    ['RSA and SHA-384', ['-newkey', 'rsa:2048'], ['-sha384'], /crypto\/rsa/],
    ['RSA and SHA-512', ['-newkey', 'rsa:2048'], ['-sha512'], /crypto\/rsa/],
    [
      'RSA-PSS and SHA-384',
      ['-newkey', 'rsa:2048'],
      ['-sha384', '-sigopt', 'rsa_padding_mode:pss'],
      /crypto\/rsa/,
    ],
    [
      'P-384 and SHA-384',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
      ['-sha384'],
      /ECDSA/,
    ],
    [
      'P-521 and SHA-512',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-521'],
      ['-sha512'],
      /ECDSA/,
    ],
    ['Ed25519', ['-newkey', 'ed25519'], [], /Ed25519/],
  ];
  for (const [title, key, digest, failure] of kinds)
    it(`signs requests of ${title}, and refuses forged ones`, async () => {
      const ca = createCa('kubernetes');
      const file = join(dir, 'kind.csr');
      const make = ['openssl', 'req', '-new', '-nodes', '-subj', '/CN=jane'];
      await exec([...make, ...key, ...digest, '-keyout', join(dir, 'kind.key'), '-out', file]);
      const text = await readFile(file, 'utf8');
      const signed = signCertificateRequest(text, { ca, usages: ['client auth'] });
      assert.equal(new X509Certificate(signed).subject, 'CN=jane');
      const body = Buffer.from(text.split('\n').slice(1, -2).join(''), 'base64');
      body[body.indexOf('jane')] = 0x4a;
      const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${body.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
      assert.throws(() => parseCertificateRequest(forged), failure);
    });

  it('gives a certificate the usages that were asked for, and no others', async () => {
    const ca = createCa('kubernetes');
    const file = join(dir, 'usages.csr');
    const make = ['openssl', 'req', '-new', '-nodes', '-newkey', 'ed25519', '-subj', '/CN=jane'];
    await exec([...make, '-keyout', join(dir, 'usages.key'), '-out', file]);
    const text = await readFile(file, 'utf8');
    const shown = async (usages: string[]): Promise<string[]> => {
      await writeFile(join(dir, 'usages.crt'), signCertificateRequest(text, { ca, usages }));
      const show = ['openssl', 'x509', '-noout', '-ext', 'keyUsage,extendedKeyUsage'];
      const lines = (await exec([...show, '-in', join(dir, 'usages.crt')])).split('\n');
      return lines.map((line) => line.trim()).filter((line) => line && !line.startsWith('X509v3'));
    };
    assert.deepEqual(await shown(['digital signature', 'client auth']), [
      'Digital Signature',
      'TLS Web Client Authentication',
    ]);
    assert.deepEqual(
      await shown(['key agreement', 'decipher only', 's/mime', 'email protection']),
      ['Key Agreement, Decipher Only', 'E-mail Protection'],
    );
    assert.deepEqual(await shown(['cert sign', 'crl sign']), ['Certificate Sign, CRL Sign']);
    assert.deepEqual(await shown(['server auth', 'client auth']), [
      'TLS Web Server Authentication, TLS Web Client Authentication',
    ]);
  });

  it('signs with a CA of X.509 v1, as old clusters have', async () => {
    const [key, csr, crt] = ['v1.key', 'v1.csr', 'v1.crt'].map((file) => join(dir, file));
    await exec([
      'openssl',
      'req',
      '-new',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=legacy-ca',
      '-keyout',
      key!,
      '-out',
      csr!,
    ]);
    await exec(['openssl', 'x509', '-req', '-in', csr!, '-signkey', key!, '-out', crt!]);
    const ca = { certPem: await readFile(crt!, 'utf8'), keyPem: await readFile(key!, 'utf8') };
    const [other, leaf] = [join(dir, 'leaf.csr'), join(dir, 'leaf.crt')];
    await exec(['openssl', 'req', '-new', '-key', key!, '-subj', '/CN=jane', '-out', other]);
    const request = await readFile(other, 'utf8');
    await writeFile(leaf, signCertificateRequest(request, { ca, usages: ['client auth'] }));
    assert.match(await exec(['openssl', 'verify', '-CAfile', crt!, leaf]), /leaf.crt: OK/);
    assert.equal(new X509Certificate(await readFile(leaf)).issuer, 'CN=legacy-ca');
  });

  it('writes kubeconfigs that kubectl reads', async () => {
    const pki = await ensureClusterPki(dir, OPTIONS);
    const paths = await ensureKubeconfigs(dir, pki, 'https://127.0.0.1:6443');
    assert.deepEqual(Object.keys(paths).toSorted(), [
      'admin',
      'controller-manager',
      'flanneld',
      'kube-proxy',
      'kubelet-node-1',
      'scheduler',
    ]);
    const config = JSON.parse(
      await exec([
        'kubectl',
        '--kubeconfig',
        paths['kubelet-node-1']!,
        'config',
        'view',
        '--raw',
        '-o',
        'json',
      ]),
    ) as { users: { name: string; user: Record<string, string> }[] };
    const certificate = new X509Certificate(
      Buffer.from(config.users[0]!.user['client-certificate-data']!, 'base64'),
    );
    assert.equal(certificate.subject, 'O=system:nodes\nCN=system:node:node-1');
  });

  it('writes kubeconfigs as YAML with one value per line, and quotes ambiguous strings', () => {
    const caPem = 'CA'.repeat(2000);
    for (const [token, name, cluster] of [
      ['t', 'system:node:a', 'local'],
      ['0123', 'true', 'a: b'],
      ['~', '- x', 'with "quotes" and #'],
      ['1e3', 'null', '{}'],
    ] as const) {
      const text = renderKubeconfig({ server: 'https://[::1]:6443', caPem, token, name, cluster });
      const lines = text.split('\n').map((line) => line.trim());
      const authority = Buffer.from(caPem).toString('base64');
      assert.deepEqual(lines.slice(0, 2), ['apiVersion: v1', 'clusters:']);
      assert.ok(lines.includes(`certificate-authority-data: ${authority}`));
      const read = parse(text) as {
        clusters: { name: string }[];
        users: { name: string; user: { token: string } }[];
      };
      assert.deepEqual(read.clusters[0]!.name, cluster);
      assert.deepEqual(read.users, [{ name, user: { token } }]);
    }
  });
});
