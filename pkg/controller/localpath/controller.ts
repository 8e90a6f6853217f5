// local-path-provisioner: makes volumes of directories of nodes, and removes released ones (after
// rancher's provisioner of this name). A crash between any two writes leaves a volume or a pod that
// tells the next process where to go on.
import { keyOf } from '../../apimachinery/meta/object.js';
import {
  NODES,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  PODS,
  STORAGE_CLASSES,
} from '../../apis/resource-types.js';
import { ignoring } from '../../apimachinery/errors/status-error.js';
import type { PersistentVolume, PersistentVolumeClaim } from '../../apis/core/v1/types.js';
import { controllerOf } from '../../component-helpers/owner-references.js';
import { terminalPhase } from '../../component-helpers/pods.js';
import { SELECTED_NODE, storageClassOf } from '../../component-helpers/volumes.js';
import { protectedObject } from '../pvcprotection/plan.js';
import {
  watch,
  type Controller,
  type ControllerContext,
  type ReconcileResult,
} from '../runtime/controller.js';
import { deleteObject, ignoreGone } from '../../client/requests.js';
import { eraser, LOCAL_PATH_FINALIZER, planProvision, planRemoval } from './plan.js';

const LATER = { requeueAfterMs: 60_000 };

export function createLocalPathProvisioner(
  context: ControllerContext,
  { localPathHelperImage }: { localPathHelperImage: string },
): Controller {
  const { client, env, informers } = context;
  const claims = informers.informer(PERSISTENT_VOLUME_CLAIMS);
  const volumes = informers.informer(PERSISTENT_VOLUMES);
  const classes = informers.informer(STORAGE_CLASSES);
  const nodes = informers.informer(NODES);
  const pods = informers.informer(PODS);
  const recorder = context.events('local-path-provisioner');

  async function provision(claim: PersistentVolumeClaim): Promise<ReconcileResult> {
    const storageClass = classes.store.get(storageClassOf(claim));
    const { [SELECTED_NODE]: selected = '', ...others } = claim.metadata.annotations ?? {};
    const step = planProvision(claim, storageClass, nodes.store.get(selected));
    if (!step) return;
    if ('volume' in step) {
      const { name = '' } = step.volume.metadata;
      if (volumes.store.get(name)) return;
      await client.create(PERSISTENT_VOLUMES, step.volume).catch(ignoring('AlreadyExists'));
      const made = `Successfully provisioned volume ${name}`;
      return recorder.event(claim, 'Normal', 'ProvisioningSucceeded', made);
    }
    const why = `failed to provision volume with StorageClass ${JSON.stringify(storageClassOf(claim))}: ${step.error}`;
    recorder.event(claim, 'Warning', 'ProvisioningFailed', why);
    if (!step.reschedule) return LATER;
    const next = { ...claim, metadata: { ...claim.metadata, annotations: others } };
    await client.update(PERSISTENT_VOLUME_CLAIMS, next).catch(ignoreGone);
  }

  /** Removes the directory, then the finalizer. The pod goes with the volume. */
  async function erase(cached: PersistentVolume): Promise<ReconcileResult> {
    const { annotations, name, uid } = cached.metadata;
    const fail = (why: string) => {
      recorder.event(cached, 'Warning', 'VolumeFailedDelete', why);
      return LATER;
    };
    const pod = pods.store.get(`kube-system/erase-${name}`);
    const end = pod && controllerOf(pod)?.uid === uid ? terminalPhase(pod) : undefined;
    if (end === 'Succeeded') return letGo(cached);
    if (end) {
      const since = env.clock.now() - Date.parse(pod!.metadata.creationTimestamp ?? '');
      if (since >= LATER.requeueAfterMs) await deleteObject(client, PODS, pod!);
      return fail(`pod ${keyOf(pod!)} failed`);
    }
    if (pod) return;
    const node = annotations?.[SELECTED_NODE] ?? '';
    if (!nodes.store.get(node)) return fail(`node ${JSON.stringify(node)} not found`);
    // The cache may be old: a user can change the policy until now.
    const volume = await client.get(PERSISTENT_VOLUMES, { name });
    if (planRemoval(volume) === 'erase')
      await client.create(PODS, eraser(volume, localPathHelperImage));
  }

  async function letGo(volume: PersistentVolume): Promise<void> {
    const next = protectedObject(volume, LOCAL_PATH_FINALIZER, 'remove');
    await client.update(PERSISTENT_VOLUMES, next).catch(ignoreGone);
  }

  return {
    watches: [
      watch(claims),
      watch(volumes),
      watch(pods, (pod) =>
        (pod.metadata.ownerReferences ?? [])
          .filter(({ kind }) => kind === PERSISTENT_VOLUMES.kind)
          .map(({ name }) => name),
      ),
      // Only their caches are used.
      watch(nodes, () => []),
      watch(classes, () => []),
    ],
    async reconcile(key) {
      const claim = claims.store.get(key);
      if (claim) return provision(claim);
      const volume = volumes.store.get(key);
      const step = volume ? planRemoval(volume) : 'none';
      if (!volume || step === 'none') return;
      if (step === 'erase') return erase(volume);
      if (step === 'let go') return letGo(volume);
      const { resourceVersion = '', uid = '' } = volume.metadata;
      const options = { preconditions: { uid, resourceVersion } };
      await client.delete(PERSISTENT_VOLUMES, { name: key }, options).catch(ignoreGone);
    },
  };
}
