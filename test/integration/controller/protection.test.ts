// Protection of claims and volumes in use, and certificate signing requests, against the real API
// server.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isReason } from '../../../pkg/apimachinery/errors/status-error.js';
import {
  CERTIFICATE_SIGNING_REQUESTS,
  CLUSTER_ROLE_BINDINGS,
  PERSISTENT_VOLUMES,
  PERSISTENT_VOLUME_CLAIMS,
  PODS,
} from '../../../pkg/apis/resource-types.js';
import { createCa } from '../../../pkg/system/pki/certificates.js';
import {
  BOUND_MS,
  eventually,
  startControlPlane,
  type ControlPlane,
} from '../../support/control-plane.js';

const run = promisify(execFile);

describe('protection and certificates', function () {
  this.timeout(4 * BOUND_MS);
  let plane: ControlPlane;
  let namespace: string;
  let folder: string;
  const ca = createCa('signing-test');
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wheelhouse-csr-'));
    const [cert, key] = [join(folder, 'ca.crt'), join(folder, 'ca.key')];
    await writeFile(cert, ca.certPem);
    await writeFile(key, ca.keyPem);
    plane = await startControlPlane([
      '--cluster-signing-cert-file',
      cert,
      '--cluster-signing-key-file',
      key,
    ]);
  });
  after(async () => {
    await plane.stop();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    namespace = await plane.namespace();
  });
  const gone = (get: () => Promise<unknown>) =>
    eventually('gone', () =>
      get().then(
        () => false,
        (error: unknown) => isReason(error, 'NotFound'),
      ),
    );

  it('keeps a deleted claim while a pod uses it', async () => {
    const claim = () => plane.client.get(PERSISTENT_VOLUME_CLAIMS, { namespace, name: 'data' });
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    await plane.client.create(PERSISTENT_VOLUME_CLAIMS, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace },
      spec,
    });
    assert.deepEqual((await claim()).metadata.finalizers, ['kubernetes.io/pvc-protection']);
    const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }];
    await plane.client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'user', namespace },
      spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }], volumes },
    });
    await plane.client.delete(PERSISTENT_VOLUME_CLAIMS, { namespace, name: 'data' });
    assert.ok((await claim()).metadata.deletionTimestamp);
    // Another change requeues the claim: the controller still must keep the finalizer.
    await plane.client.patch(
      PERSISTENT_VOLUME_CLAIMS,
      { namespace, name: 'data' },
      { metadata: { labels: { seen: 'yes' } } },
      { type: 'merge' },
    );
    assert.equal((await claim()).metadata.finalizers?.length, 1);
    await plane.client.delete(PODS, { namespace, name: 'user' }, { gracePeriodSeconds: 0 });
    await gone(claim);
  });

  it('keeps a deleted volume while it is bound', async () => {
    const name = `volume-${namespace}`;
    const volume = () => plane.client.get(PERSISTENT_VOLUMES, { name });
    await plane.client.create(PERSISTENT_VOLUMES, {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        hostPath: { path: '/tmp' },
      },
    });
    const phase = (text: string) =>
      plane.client.patch(
        PERSISTENT_VOLUMES,
        { name },
        { status: { phase: text } },
        { type: 'merge', subresource: 'status' },
      );
    await phase('Bound');
    await plane.client.delete(PERSISTENT_VOLUMES, { name });
    assert.ok((await volume()).metadata.deletionTimestamp);
    await phase('Released');
    await gone(volume);
  });

  const request = async (
    name: string,
    subject: string,
    signerName: string,
    usages: string[],
    extra: object = {},
  ) => {
    const [key, csr] = [join(folder, `${name}.key`), join(folder, `${name}.csr`)];
    await run('openssl', [
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      key,
      '-out',
      csr,
      '-subj',
      subject,
    ]);
    const text = (await readFile(csr)).toString('base64');
    await plane.client.create(CERTIFICATE_SIGNING_REQUESTS, {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name },
      spec: { request: text, signerName, usages, ...extra },
    });
    return () => plane.client.get(CERTIFICATE_SIGNING_REQUESTS, { name });
  };
  const CLIENT = ['digital signature', 'client auth'];

  it('signs a request that a user approved', async () => {
    const get = await request(
      `jane-${namespace}`,
      '/O=devs/CN=jane',
      'kubernetes.io/kube-apiserver-client',
      CLIENT,
      { expirationSeconds: 3600 },
    );
    assert.equal((await get()).status?.certificate, undefined);
    await run('kubectl', [
      '--kubeconfig',
      plane.api.kubeconfig,
      'certificate',
      'approve',
      `jane-${namespace}`,
    ]);
    const { status } = await eventually('the certificate', async () => {
      const now = await get();
      return now.status?.certificate ? now : undefined;
    });
    const certificate = new X509Certificate(Buffer.from(status!.certificate!, 'base64'));
    assert.ok(certificate.verify(new X509Certificate(ca.certPem).publicKey));
    assert.match(certificate.subject, /CN=jane/);
    // The same request with another name in it has a wrong signature.
    const { spec } = await get();
    const pem = Buffer.from(spec.request, 'base64').toString('latin1');
    const der = Buffer.from(pem.split('\n').slice(1, -2).join(''), 'base64');
    der[der.indexOf('jane')] = 0x4a;
    const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    await assert.rejects(
      plane.client.create(CERTIFICATE_SIGNING_REQUESTS, {
        apiVersion: 'certificates.k8s.io/v1',
        kind: 'CertificateSigningRequest',
        metadata: { name: `forged-${namespace}` },
        spec: { ...spec, request: Buffer.from(forged).toString('base64') },
      }),
      /spec.request: Invalid value: .*: x509: ECDSA verification failure/,
    );
    assert.ok(Date.parse(certificate.validTo) - Date.now() <= 3_600_000);
  });

  it('issues certificates to authorized kubelets, and refuses an invalid request', async () => {
    await plane.client.create(CLUSTER_ROLE_BINDINGS, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: `csr-${namespace}` },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: 'system:certificates.k8s.io:certificatesigningrequests:nodeclient',
      },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:masters' }],
    });
    const get = await request(
      `node-${namespace}`,
      '/O=system:nodes/CN=system:node:x',
      'kubernetes.io/kube-apiserver-client-kubelet',
      CLIENT,
    );
    const done = await eventually('certificate', async () => {
      const now = await get();
      return now.status?.certificate ? now : undefined;
    });
    assert.equal(done.status?.conditions?.[0]?.reason, 'AutoApproved');
    const wrong = await request(
      `wrong-${namespace}`,
      '/O=devs/CN=x',
      'kubernetes.io/kubelet-serving',
      CLIENT,
    );
    await run('kubectl', [
      '--kubeconfig',
      plane.api.kubeconfig,
      'certificate',
      'approve',
      `wrong-${namespace}`,
    ]);
    await eventually('refused', async () =>
      (await wrong()).status?.conditions?.some(
        ({ reason, type }) => type === 'Failed' && reason === 'SignerValidationFailure',
      ),
    );
  });
});
