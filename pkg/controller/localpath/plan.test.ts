import assert from 'node:assert/strict';
import type { Node, PersistentVolume } from '../../apis/core/v1/types.js';
import { claim, storageClass } from '../../../test/support/storage-objects.js';
import { eraser, LOCAL_PATH_FINALIZER, planProvision, planRemoval } from './plan.js';

const NAME = 'wheelhouse.io/local-path';
const ROOT = '/var/lib/local-path-provisioner';
const node: Node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n', labels: { 'kubernetes.io/hostname': 'host-n', zone: '1' } },
  spec: {},
};
const local = storageClass('local-path', { provisioner: NAME, reclaimPolicy: 'Delete' });
const asked = (spec: object = {}, annotations: Record<string, string> = {}, metadata = {}) =>
  claim(
    'c',
    '2Gi',
    { storageClassName: 'local-path', ...spec },
    {
      annotations: {
        'volume.kubernetes.io/storage-provisioner': NAME,
        'volume.kubernetes.io/selected-node': 'n',
        ...annotations,
      },
      ...metadata,
    },
  );

describe('the volume of a claim for a local path', () => {
  it('is a directory of the chosen node, under a name that no tenant chooses', () => {
    assert.deepEqual(planProvision(asked(), local, node), {
      volume: {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: {
          name: 'pvc-uid-c',
          annotations: {
            'pv.kubernetes.io/provisioned-by': NAME,
            'volume.kubernetes.io/selected-node': 'n',
          },
          finalizers: [LOCAL_PATH_FINALIZER],
        },
        spec: {
          accessModes: ['ReadWriteOnce'],
          capacity: { storage: '2Gi' },
          claimRef: {
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            name: 'c',
            namespace: 'ns',
            uid: 'uid-c',
          },
          local: { path: `${ROOT}/pvc-uid-c_ns_c` },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [
                    { key: 'kubernetes.io/hostname', operator: 'In', values: ['host-n'] },
                  ],
                },
              ],
            },
          },
          persistentVolumeReclaimPolicy: 'Delete',
          storageClassName: 'local-path',
          volumeMode: 'Filesystem',
        },
      },
    });
    const long = asked({}, {}, { name: 'c'.repeat(253) });
    const step = planProvision(long, local, node);
    assert.ok(step && 'volume' in step);
    assert.equal(step.volume.spec.local!.path.length, ROOT.length + 1 + 255);
  });

  it('is not made for others, nor twice', () => {
    assert.equal(planProvision(asked({ volumeName: 'v' }), local, node), undefined);
    assert.equal(planProvision(claim('c', '1Gi'), local, node), undefined, 'not asked yet');
    assert.equal(
      planProvision(asked({}, {}, { deletionTimestamp: 'now' }), local, node),
      undefined,
    );
    assert.equal(planProvision(asked(), storageClass('x'), node), undefined);
    assert.equal(planProvision(asked(), undefined, node), undefined);
  });

  it('is refused where it could not keep what the claim asks for', () => {
    const why = (spec: object, annotations = {}, of = local) => {
      const step = planProvision(asked(spec, annotations), of, node);
      assert.ok(step && 'error' in step && !step.reschedule);
      return step.error;
    };
    assert.match(why({ accessModes: ['ReadWriteMany'] }), /^only the access modes ReadWriteOnce/);
    assert.match(why({ volumeMode: 'Block' }), /Block/);
    assert.match(why({ selector: { matchLabels: { a: 'b' } } }), /selectors/);
    assert.match(why({ dataSource: { kind: 'PersistentVolumeClaim', name: 'd' } }), /data sources/);
    assert.match(why({}, {}, { ...local, parameters: { path: '/etc' } }), /parameters/);
    assert.match(why({}, {}, { ...local, mountOptions: ['noexec'] }), /mount options/);
    assert.match(why({}, { 'volume.kubernetes.io/selected-node': '' }), /no node was specified/);
  });

  it('is left to another node when this one is gone or not allowed', () => {
    const gone = planProvision(asked(), local, undefined);
    assert.ok(gone && 'error' in gone && gone.reschedule);
    const allowing = (zone: string) => ({
      ...local,
      allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: [zone] }] }],
    });
    const refused = planProvision(asked(), allowing('2'), node);
    assert.ok(refused && 'error' in refused && refused.reschedule);
    const allowed = planProvision(asked(), allowing('1'), node);
    assert.ok(allowed && 'volume' in allowed);
  });
});

describe('the removal of a local path', () => {
  const step = planProvision(asked(), local, node) as { volume: PersistentVolume };
  const made = (phase: string, metadata: object = {}, spec: object = {}): PersistentVolume => ({
    ...step.volume,
    metadata: { ...step.volume.metadata, uid: 'u', ...metadata },
    spec: { ...step.volume.spec, ...spec },
    status: { phase },
  });
  const leaving = { deletionTimestamp: 'now' };
  const retain = { persistentVolumeReclaimPolicy: 'Retain' };

  it('starts when its claim is gone, and never before', () => {
    for (const phase of ['Pending', 'Available', 'Bound'])
      assert.equal(planRemoval(made(phase)), 'none', phase);
    assert.equal(planRemoval(made('Bound', leaving)), 'none');
    assert.equal(planRemoval(made('Released')), 'delete');
    assert.equal(planRemoval(made('Released', leaving)), 'erase');
    assert.equal(planRemoval(made('Released', { ...leaving, finalizers: [] })), 'none');
  });

  it('keeps the directory of a volume that its user keeps', () => {
    assert.equal(planRemoval(made('Released', {}, retain)), 'none');
    assert.equal(planRemoval(made('Released', leaving, retain)), 'let go');
    assert.equal(planRemoval(made('Available', leaving)), 'let go');
  });

  it('touches no directory of others', () => {
    const other = { annotations: { 'pv.kubernetes.io/provisioned-by': 'rancher.io/local-path' } };
    assert.equal(planRemoval(made('Released', other)), 'none');
    for (const path of ['/etc', ROOT, `${ROOT}/`, `${ROOT}/..`, `${ROOT}/a/b`, `${ROOT}x/a`])
      assert.equal(planRemoval(made('Released', leaving, { local: { path } })), 'none', path);
  });

  it('is the work of a pod that sees the directory alone while it empties it', () => {
    const { metadata, spec } = eraser(made('Released', leaving), 'tools:1');
    assert.deepEqual([metadata.name, metadata.namespace], ['erase-pvc-uid-c', 'kube-system']);
    assert.equal(metadata.ownerReferences?.[0]?.uid, 'u', 'the pod goes with the volume');
    assert.equal(spec.nodeName, 'n');
    const paths = new Map(spec.volumes?.map(({ name, hostPath }) => [name, hostPath?.path]));
    const mounted = (container: { volumeMounts?: { name: string }[] } | undefined) =>
      container?.volumeMounts?.map(({ name }) => paths.get(name));
    assert.deepEqual(mounted(spec.initContainers?.[0]), [`${ROOT}/pvc-uid-c_ns_c`]);
    assert.deepEqual(mounted(spec.containers[0]), [ROOT]);
    assert.deepEqual(spec.containers[0]?.command, ['rmdir', '/all/pvc-uid-c_ns_c']);
  });
});
