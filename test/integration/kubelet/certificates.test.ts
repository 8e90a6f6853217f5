// A hollow kubelet that joins by a bootstrap token and renews its certificates, against the real
// API server and the controllers that approve and sign.
import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { parseOptions as parseManagerOptions } from '../../../cmd/kube-controller-manager/options.js';
import { runKubeControllerManager } from '../../../cmd/kube-controller-manager/run.js';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { parseOptions } from '../../../cmd/kubelet/options.js';
import { runKubelet } from '../../../cmd/kubelet/run.js';
import type { CertificateSigningRequest } from '../../../pkg/apis/certificates/v1/types.js';
import {
  CERTIFICATE_SIGNING_REQUESTS,
  CLUSTER_ROLE_BINDINGS,
  EVENTS,
  NODES,
  SECRETS,
} from '../../../pkg/apis/resource-types.js';
import type { Client } from '../../../pkg/client/client.js';
import { loadKubeconfig } from '../../../pkg/client/kubeconfig.js';
import { createClient } from '../../../pkg/client/rest-client.js';
import { SIGNERS } from '../../../pkg/component-helpers/signers.js';
import { signingRequest } from '../../../pkg/kubelet/certificates/plan.js';
import { realEnv } from '../../../pkg/system/env.js';
import { createCertificateRequest, issue, newKey } from '../../../pkg/system/pki/certificates.js';
import { renderKubeconfig } from '../../../pkg/system/pki/kubeconfig.js';
import type { Env } from '../../../pkg/util/env/env.js';

const BOUND_MS = 60_000;
const HOUR = 3_600_000;

async function until<T>(what: string, check: () => Promise<T | undefined | false>): Promise<T> {
  let last: unknown;
  for (const end = Date.now() + BOUND_MS; Date.now() < end;) {
    const value = await check().catch((error: unknown) => void (last = error));
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: not within ${BOUND_MS} ms`, { cause: last });
}

/** A host whose clock is `ahead` by milliseconds: what is an hour old there was issued just now. */
function envOf(ahead: number): Env {
  const env = realEnv('kubelet', 'error');
  return { ...env, clock: { ...env.clock, now: () => env.clock.now() + ahead } };
}

describe('certificates of a kubelet', function () {
  this.timeout(4 * BOUND_MS);
  let api: RunningApiServer;
  let client: Client;
  let folder: string;
  const over = new AbortController();
  let manager: Promise<void>;

  const bind = (role: string, group: string) =>
    client.create(CLUSTER_ROLE_BINDINGS, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: role.replaceAll(':', '-') },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: group }],
    });
  /** Writes a kubeconfig with a new bootstrap token. */
  const bootstrapFile = async (id: string, expiration: string): Promise<string> => {
    const secret = 'abcdef0123456789';
    await client.create(SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: `bootstrap-token-${id}`, namespace: 'kube-system' },
      type: 'bootstrap.kubernetes.io/token',
      stringData: {
        'token-id': id,
        'token-secret': secret,
        'usage-bootstrap-authentication': 'true',
        expiration,
      },
    });
    const file = join(folder, `${id}.conf`);
    const token = `${id}.${secret}`;
    await writeFile(file, renderKubeconfig({ server: api.url, caPem: api.caPem, token }));
    return file;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wheelhouse-kubelet-pki-'));
    api = await startApiServer();
    await api.ready();
    client = createClient(await loadKubeconfig(api.kubeconfig), realEnv('test', 'error'));
    const [cert, key, conf] = ['ca.crt', 'ca.key', 'cm.conf'].map((name) => join(folder, name));
    await writeFile(cert!, api.pki.ca.certPem);
    await writeFile(key!, api.pki.ca.keyPem);
    await writeFile(conf!, api.kubeconfigFor('system:kube-controller-manager'));
    manager = runKubeControllerManager(
      parseManagerOptions([
        `--kubeconfig=${conf}`,
        '--secure-port=0',
        '--log-level=error',
        '--controllers=csrapproving,csrsigning',
        `--cluster-signing-cert-file=${cert}`,
        `--cluster-signing-key-file=${key}`,
        '--cluster-signing-duration=1h',
      ]),
      realEnv('kube-controller-manager', 'error'),
      over.signal,
    );
    // As kubeadm binds them.
    await bind('system:node-bootstrapper', 'system:bootstrappers');
    await bind(
      'system:certificates.k8s.io:certificatesigningrequests:nodeclient',
      'system:bootstrappers',
    );
    await bind(
      'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient',
      'system:nodes',
    );
  });
  after(async () => {
    over.abort(new Error('test over'));
    await manager;
    await client.close();
    await api.stop();
    await rm(folder, { recursive: true });
  });

  interface Running {
    end(): Promise<void>;
  }
  const start = (name: string, flags: string[], ahead = 0): Running => {
    const stop = new AbortController();
    setMaxListeners(0, stop.signal); // as cmd/run.ts does
    const all = [
      '--runtime=hollow',
      `--kubeconfig=${join(folder, `${name}.kubelet.conf`)}`,
      `--hostname-override=${name}`,
      '--node-ip=127.0.0.1',
      `--root-dir=${join(folder, name)}`,
      '--port=0',
      '--healthz-port=0',
      ...flags,
    ];
    const running = runKubelet(parseOptions(all), envOf(ahead), stop.signal).catch(
      (error: unknown) => {
        if (!stop.signal.aborted) throw error;
      },
    );
    return {
      async end() {
        stop.abort(new Error('enough'));
        await running;
      },
    };
  };
  const pki = (name: string) => join(folder, name, 'pki');
  const stored = async (name: string, prefix = 'kubelet-client') =>
    new X509Certificate(await readFile(join(pki(name), `${prefix}-current.pem`)));
  const isReady = async (name: string) =>
    (await client.get(NODES, { name })).status?.conditions?.some(
      ({ type, status }) => type === 'Ready' && status === 'True',
    );
  const requestsOf = async (signer: string) =>
    (await client.list(CERTIFICATE_SIGNING_REQUESTS)).items.filter(
      ({ spec }) => spec.signerName === signer,
    );
  const approve = (request: CertificateSigningRequest, type = 'Approved') => {
    const condition = { type, status: 'True', reason: 'Tested', message: 'by a test' };
    return client.update(
      CERTIFICATE_SIGNING_REQUESTS,
      { ...request, status: { conditions: [condition] } },
      { subresource: 'approval' },
    );
  };

  /** The serial number of the certificate that the kubelet serves with. */
  const served = async (name: string): Promise<string | undefined> => {
    const node = await client.get(NODES, { name });
    const { Port: port } = node.status!.daemonEndpoints!.kubeletEndpoint!;
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, ca: api.caPem }, () => {
        resolve(socket.getPeerX509Certificate()?.serialNumber);
        socket.destroy();
      });
      socket.on('error', reject);
    });
  };

  it('joins by a token, and renews its client certificate while it runs', async () => {
    const file = await bootstrapFile('aaaaaa', new Date(Date.now() + HOUR).toISOString());
    const flags = [`--bootstrap-kubeconfig=${file}`, '--rotate-certificates'];
    const kubelet = start('paper', flags);
    await until('a ready node', () => isReady('paper'));
    const first = await stored('paper');
    assert.equal(first.subject, 'O=system:nodes\nCN=system:node:paper');
    const conf = await readFile(join(folder, 'paper.kubelet.conf'), 'utf8');
    assert.match(conf, /client-certificate: .*kubelet-client-current\.pem/);
    assert.ok(!conf.includes('token'));
    await kubelet.end();
    // The token is used no more: the node renews as itself.
    await client.delete(SECRETS, { namespace: 'kube-system', name: 'bootstrap-token-aaaaaa' });
    const later = start('paper', flags, 0.95 * HOUR);
    const second = await until('another certificate', async () => {
      const now = await stored('paper');
      return now.serialNumber !== first.serialNumber && now;
    });
    assert.equal(second.subject, first.subject);
    const by = (await requestsOf(SIGNERS.kubeletClient)).map(({ spec }) => spec.username);
    assert.deepEqual(new Set(by), new Set(['system:bootstrap:aaaaaa', 'system:node:paper']));
    assert.equal(by.length, 2);
    await until('one file and its link', async () => {
      const names = await readdir(pki('paper'));
      return names.filter((file) => file.startsWith('kubelet-client')).length === 2;
    });
    await later.end();
  });

  it('waits for approval of a serving certificate, and serves with it at once', async () => {
    const name = 'stone';
    const conf = join(folder, `${name}.kubelet.conf`);
    await writeFile(conf, api.kubeconfigFor(`system:node:${name}`, ['system:nodes']));
    const kubelet = start(name, ['--rotate-server-certificates']);
    const ask = () => served(name);
    await until('a ready node', () => isReady(name));
    await assert.rejects(ask(), /handshake failure|alert/);
    const open = async () =>
      (await requestsOf(SIGNERS.kubeletServing)).find(({ status }) => !status?.conditions);
    await approve(await until('a request', open));
    const first = await until('a handshake', ask);
    await kubelet.end();
    const later = start(name, ['--rotate-server-certificates'], 0.95 * HOUR);
    const request = await until('a second request', open);
    assert.equal(request.spec.username, `system:node:${name}`);
    assert.equal(await until('the old certificate still', ask), first);
    // A refusal is shown, and the node asks again with another key.
    await approve(request, 'Denied');
    await until('an event', async () => {
      const { items } = await client.list(EVENTS, {
        namespace: 'default',
        fieldSelector: `involvedObject.name=${name}`,
      });
      return items.some(
        ({ message, reason }) =>
          reason === 'CertificateNotRenewed' && /: Denied: Tested/.test(message ?? ''),
      );
    });
    await approve(await until('a third request', open));
    await until('the new certificate', async () => (await ask()) !== first);
    const { subjectAltName } = await stored(name, 'kubelet-server');
    assert.equal(subjectAltName, `DNS:${name}, IP Address:127.0.0.1`);
    await later.end();
  });

  it('serves with files that were replaced', async () => {
    const name = 'glass';
    const conf = join(folder, `${name}.kubelet.conf`);
    await writeFile(conf, api.kubeconfigFor(`system:node:${name}`, ['system:nodes']));
    const [cert, key] = [join(folder, 'glass.crt'), join(folder, 'glass.key')];
    const put = async (): Promise<string> => {
      const sans = [name, '127.0.0.1'];
      const made = issue({ ca: api.pki.ca, commonName: name, sans, usages: ['server'] });
      await writeFile(cert, made.certPem);
      await writeFile(key, made.keyPem);
      return new X509Certificate(made.certPem).serialNumber;
    };
    const first = await put();
    const kubelet = start(name, [`--tls-cert-file=${cert}`, `--tls-private-key-file=${key}`]);
    await until('a ready node', () => isReady(name));
    assert.equal(await served(name), first);
    const second = await put();
    await until('the replaced files', async () => (await served(name)) === second);
    await kubelet.end();
  });

  it('gives a token no more than a client certificate of a node', async () => {
    const file = await bootstrapFile('bbbbbb', new Date(Date.now() + HOUR).toISOString());
    const attacker = createClient(await loadKubeconfig(file), realEnv('test', 'error'));
    const node = { commonName: 'system:node:x', organizations: ['system:nodes'] };
    const ask = (name: string, subject: object, signerName: string, purpose: string) => {
      const usages = ['digital signature', purpose];
      const wanted = { kind: 'client' as const, sans: [], ...node, ...subject };
      const request = createCertificateRequest(wanted, newKey().keyPem);
      return attacker.create(
        CERTIFICATE_SIGNING_REQUESTS,
        signingRequest(name, { ...wanted, signerName, usages }, request),
      );
    };
    const { kubeletClient, kubeletServing } = SIGNERS;
    try {
      await ask('serving', { sans: ['x'] }, kubeletServing, 'server auth');
      await ask('extra-name', { sans: ['kubernetes'] }, kubeletClient, 'client auth');
      await ask('server-usage', {}, kubeletClient, 'server auth');
      await ask('admin', { organizations: ['system:masters'] }, kubeletClient, 'client auth');
      await ask(
        'two-groups',
        { organizations: ['system:nodes', 'x'] },
        kubeletClient,
        'client auth',
      );
      await ask('person', { commonName: 'jane' }, kubeletClient, 'client auth');
      await ask('any-client', {}, SIGNERS.client, 'client auth');
      // Requests are taken in their order: the others were looked at before this one was signed.
      await ask('good', {}, kubeletClient, 'client auth');
      const good = await until('the good one', async () => {
        const csr = await client.get(CERTIFICATE_SIGNING_REQUESTS, { name: 'good' });
        return csr.status?.certificate;
      });
      assert.ok(good);
      for (const { metadata, status } of (await client.list(CERTIFICATE_SIGNING_REQUESTS)).items)
        if (
          [
            'serving',
            'extra-name',
            'server-usage',
            'admin',
            'two-groups',
            'person',
            'any-client',
          ].includes(metadata.name)
        )
          assert.deepEqual(status ?? {}, {}, metadata.name);
    } finally {
      await attacker.close();
    }
  });

  it('tries again with a token that replaces an expired one', async () => {
    const file = await bootstrapFile('cccccc', new Date(Date.now() - HOUR).toISOString());
    const fresh = await bootstrapFile('dddddd', new Date(Date.now() + HOUR).toISOString());
    const kubelet = start('wood', [`--bootstrap-kubeconfig=${file}`]);
    await until('a key', async () =>
      (await readdir(pki('wood'))).includes('kubelet-client.key.tmp'),
    );
    await writeFile(file, await readFile(fresh));
    await until('a ready node', () => isReady('wood'));
    const by = (await requestsOf(SIGNERS.kubeletClient)).map(({ spec }) => spec.username);
    assert.ok(by.includes('system:bootstrap:dddddd') && !by.includes('system:bootstrap:cccccc'));
    await kubelet.end();
  });
});
