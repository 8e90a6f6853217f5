// Defaults of apps/v1 (upstream pkg/apis/apps/v1/defaults.go).
import { defaultPodTemplateSpec } from '../../core/v1/pod-defaults.js';
import type {
  ControllerRevision,
  DaemonSet,
  Deployment,
  ReplicaSet,
  StatefulSet,
} from './types.js';

const REVISION_HISTORY = 10;
const PROGRESS_DEADLINE_SECONDS = 600;

interface Strategy {
  type?: string;
  rollingUpdate?: { maxUnavailable?: number | string; maxSurge?: number | string };
}

function defaultRolling(strategy: Strategy, unavailable: number | string, surge: number | string) {
  strategy.type ||= 'RollingUpdate';
  if (strategy.type !== 'RollingUpdate') return;
  const rolling = (strategy.rollingUpdate ??= {});
  rolling.maxUnavailable ??= unavailable;
  rolling.maxSurge ??= surge;
}

export function defaultDeployment(deployment: Deployment): void {
  const spec = (deployment.spec ??= {} as Deployment['spec']);
  deployment.status ??= {};
  defaultPodTemplateSpec((spec.template ??= {}));
  spec.replicas ??= 1;
  defaultRolling((spec.strategy ??= {}), '25%', '25%');
  spec.revisionHistoryLimit ??= REVISION_HISTORY;
  spec.progressDeadlineSeconds ??= PROGRESS_DEADLINE_SECONDS;
}

export function defaultReplicaSet(set: ReplicaSet): void {
  set.spec ??= {} as ReplicaSet['spec'];
  set.status ??= { replicas: 0 };
  defaultPodTemplateSpec((set.spec.template ??= {}));
  set.spec.replicas ??= 1;
}

export function defaultDaemonSet(set: DaemonSet): void {
  const spec = (set.spec ??= {} as DaemonSet['spec']);
  set.status ??= {
    currentNumberScheduled: 0,
    desiredNumberScheduled: 0,
    numberMisscheduled: 0,
    numberReady: 0,
  };
  defaultPodTemplateSpec((spec.template ??= {}));
  defaultRolling((spec.updateStrategy ??= {}), 1, 0);
  spec.revisionHistoryLimit ??= REVISION_HISTORY;
}

export function defaultStatefulSet(set: StatefulSet): void {
  const spec = (set.spec ??= {} as StatefulSet['spec']);
  set.status ??= { replicas: 0 };
  set.status.availableReplicas ??= 0;
  defaultPodTemplateSpec((spec.template ??= {}));
  // Nobody validates the pod spec of a stateful set; upstream writes a missing list as null.
  const pods = spec.template.spec;
  if (pods && !pods.containers.length) Object.assign(pods, { containers: null });
  spec.serviceName ??= '';
  spec.podManagementPolicy ||= 'OrderedReady';
  const strategy = (spec.updateStrategy ??= {});
  if (!strategy.type) {
    strategy.type = 'RollingUpdate';
    strategy.rollingUpdate ??= {};
  }
  if (strategy.type === 'RollingUpdate' && strategy.rollingUpdate)
    strategy.rollingUpdate.partition ??= 0;
  spec.persistentVolumeClaimRetentionPolicy ??= {};
  spec.persistentVolumeClaimRetentionPolicy.whenDeleted ||= 'Retain';
  spec.persistentVolumeClaimRetentionPolicy.whenScaled ||= 'Retain';
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= REVISION_HISTORY;
  for (const claim of spec.volumeClaimTemplates ?? []) {
    claim.apiVersion ??= 'v1';
    claim.kind ??= 'PersistentVolumeClaim';
    claim.spec ??= {};
    claim.spec.volumeMode ??= 'Filesystem';
    claim.status ??= {};
    claim.status.phase ||= 'Pending';
  }
}

export function defaultControllerRevision(revision: ControllerRevision): void {
  revision.revision ??= 0;
}
