// Every kind of container and volume that can name an object (upstream: TestPodSecrets and
// TestPodConfigmaps of pkg/api/v1/pod/util_test.go).
import assert from 'node:assert/strict';
import type { Container, Pod, PodSpec, Volume } from '../apis/core/v1/types.js';
import { claimNames, podReferences } from './pod-references.js';

const pod = (spec: Partial<PodSpec>): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'ns' },
  spec: { containers: [], ...spec },
});

const container = (name: string): Container => ({
  name,
  envFrom: [{ secretRef: { name: `${name}-from` } }, { configMapRef: { name: `${name}-from` } }],
  env: [
    { name: 'A', valueFrom: { secretKeyRef: { name: `${name}-env`, key: 'k' } } },
    { name: 'B', valueFrom: { configMapKeyRef: { name: `${name}-env`, key: 'k' } } },
    { name: 'C', value: 'plain' },
  ],
});

describe('pod references', () => {
  it('are those of init, regular and ephemeral containers', () => {
    const { configMaps, secrets } = podReferences(
      pod({
        initContainers: [container('i')],
        containers: [container('c')],
        ephemeralContainers: [container('e')],
      }),
    );
    const expected = ['i-from', 'i-env', 'c-from', 'c-env', 'e-from', 'e-env'];
    assert.deepEqual([...secrets], expected);
    assert.deepEqual([...configMaps], expected);
  });

  const secretRef = { name: 's' };
  const projected: Volume['projected'] = {
    sources: [{ secret: { name: 's' } }, { configMap: { name: 'm' } }, { downwardAPI: {} }],
  };
  // A volume's source; the secrets, config maps and claims that it names.
  const sources: readonly [Omit<Volume, 'name'>, string[], string[], string[]][] = [
    [{ azureFile: { secretName: 's', shareName: 'x' } }, ['s'], [], []],
    [{ cephfs: { secretRef, monitors: [] } }, ['s'], [], []],
    [{ cinder: { secretRef, volumeID: 'x' } }, ['s'], [], []],
    [{ csi: { driver: 'd', nodePublishSecretRef: secretRef } }, ['s'], [], []],
    [{ flexVolume: { driver: 'd', secretRef } }, ['s'], [], []],
    [{ iscsi: { secretRef, targetPortal: 'x', iqn: 'x', lun: 0 } }, ['s'], [], []],
    [{ rbd: { secretRef, monitors: [], image: 'x' } }, ['s'], [], []],
    [{ scaleIO: { secretRef, gateway: 'x', system: 'x' } }, ['s'], [], []],
    [{ secret: { secretName: 's' } }, ['s'], [], []],
    [{ storageos: { secretRef } }, ['s'], [], []],
    [{ projected }, ['s'], ['m'], []],
    [{ configMap: { name: 'm' } }, [], ['m'], []],
    [{ persistentVolumeClaim: { claimName: 'c' } }, [], [], ['c']],
    [{ ephemeral: {} }, [], [], ['p-v']],
    [{ emptyDir: {} }, [], [], []],
    [{ hostPath: { path: '/' } }, [], [], []],
    [{ downwardAPI: {} }, [], [], []],
  ];
  for (const [source, secrets, configMaps, claims] of sources) {
    it(`are those of ${Object.keys(source).join()} volumes`, () => {
      const given = pod({ volumes: [{ name: 'v', ...source }] });
      const found = podReferences(given);
      assert.deepEqual([...found.secrets], secrets);
      assert.deepEqual([...found.configMaps], configMaps);
      assert.deepEqual([...found.claims], claims);
      assert.deepEqual(claimNames(given), claims);
    });
  }

  it('name the service account and the pull secrets, each once', () => {
    const found = podReferences(
      pod({
        serviceAccountName: 'sa',
        imagePullSecrets: [{ name: 's' }, { name: 's' }, {}],
        volumes: [{ name: 'v', secret: { secretName: 's' } }],
      }),
    );
    assert.deepEqual([...found.serviceAccounts], ['sa']);
    assert.deepEqual([...found.secrets], ['s']);
  });
});
