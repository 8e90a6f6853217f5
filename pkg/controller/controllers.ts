// The list of controllers, in upstream's order and under upstream's names (NewControllerDescriptors
// of cmd/kube-controller-manager/app/controllermanager.go). Each has a folder: plan.ts decides,
// controller.ts carries out.
import {
  createCsrApprovingController,
  createCsrCleanerController,
  createCsrSigningController,
  type SigningOptions,
} from './certificates/controller.js';
import { createClusterRoleAggregation } from './clusterroleaggregation/controller.js';
import { createCronJobController } from './cronjob/controller.js';
import { createDaemonSetController } from './daemonset/controller.js';
import { createDeploymentController } from './deployment/controller.js';
import { createDisruptionController } from './disruption/controller.js';
import { createEndpointsController } from './endpoint/controller.js';
import { createEndpointSliceController } from './endpointslice/controller.js';
import { createEndpointSliceMirroringController } from './endpointslicemirroring/controller.js';
import { createEphemeralVolumeController } from './ephemeralvolume/controller.js';
import { createGarbageCollector } from './garbagecollector/controller.js';
import { createJobController } from './job/controller.js';
import { createNamespaceController } from './namespace/controller.js';
import { createNodeIpamController } from './nodeipam/controller.js';
import type { MaskSizes } from './nodeipam/plan.js';
import {
  createNodeLifecycleController,
  type NodeLifecycleOptions,
} from './nodelifecycle/controller.js';
import { createVolumeBinder } from './persistentvolume/controller.js';
import { createHorizontalController } from './podautoscaler/controller.js';
import type { HorizontalOptions } from './podautoscaler/replicas.js';
import { createPodGcController } from './podgc/controller.js';
import { createPvcProtectionController } from './pvcprotection/controller.js';
import { createPvProtectionController } from './pvprotection/controller.js';
import { createReplicaSetController } from './replicaset/controller.js';
import { createReplicationController } from './replication/controller.js';
import { createResourceQuotaController } from './resourcequota/controller.js';
import { createRootCaPublisher } from './rootcacertpublisher/controller.js';
import type { Controller, ControllerContext } from './runtime/controller.js';
import { createServiceAccountController } from './serviceaccount/controller.js';
import {
  createServiceAccountTokenController,
  type TokenControllerOptions,
} from './serviceaccounttoken/controller.js';
import { createTokenCleaner } from './serviceaccounttoken/cleaner.js';
import { CONTROLLER_NAMES } from './controllers.generated.js';
import { createStatefulSetController } from './statefulset/controller.js';
import { createTaintEvictionController } from './tainteviction/controller.js';
import { createTtlController } from './ttl/controller.js';
import { createTtlAfterFinishedController } from './ttlafterfinished/controller.js';
import { createPolicyStatusController } from './validatingadmissionpolicystatus/controller.js';

/** The flags of kube-controller-manager, by name. Times are in milliseconds. */
export interface ControllerOptions
  extends HorizontalOptions, NodeLifecycleOptions, SigningOptions, TokenControllerOptions {
  concurrentEndpointSyncs: number;
  concurrentServiceEndpointSyncs: number;
  mirroringConcurrentServiceEndpointSyncs: number;
  concurrentRcSyncs: number;
  concurrentReplicasetSyncs: number;
  concurrentDeploymentSyncs: number;
  concurrentNamespaceSyncs: number;
  concurrentServiceaccountSyncs: number;
  concurrentGcSyncs: number;
  concurrentResourceQuotaSyncs: number;
  concurrentJobSyncs: number;
  concurrentStatefulsetSyncs: number;
  concurrentDaemonsetSyncs: number;
  concurrentCronJobSyncs: number;
  concurrentTtlAfterFinishedSyncs: number;
  concurrentEphemeralvolumeSyncs: number;
  concurrentValidatingAdmissionPolicyStatusSyncs: number;
  terminatedPodGcThreshold: number;
  /** Milliseconds between looks at a claim that waits. */
  pvclaimbinderSyncPeriod: number;
  /** Milliseconds without use until a token in a Secret is invalidated, and then removed. */
  legacyTokenCleanUpPeriod: number;
  enableGarbageCollector: boolean;
  allocateNodeCidrs: boolean;
  clusterCidr: string;
  nodeCidrMaskSizes: MaskSizes;
  /** The PEM of the CA; '' publishes none. */
  rootCa: string;
}

/** Undefined when the options disable the controller. */
type Create = (context: ControllerContext, options: ControllerOptions) => Controller | undefined;

const when =
  (isOn: (options: ControllerOptions) => unknown, create: Create): Create =>
  (context, options) =>
    isOn(options) ? create(context, options) : undefined;

const CREATE: Readonly<Record<keyof typeof CONTROLLER_NAMES, Create>> = {
  'serviceaccount-token-controller': createServiceAccountTokenController,
  'endpoints-controller': createEndpointsController,
  'endpointslice-controller': createEndpointSliceController,
  'endpointslice-mirroring-controller': createEndpointSliceMirroringController,
  'replicationcontroller-controller': createReplicationController,
  'pod-garbage-collector-controller': createPodGcController,
  'resourcequota-controller': createResourceQuotaController,
  'namespace-controller': createNamespaceController,
  'serviceaccount-controller': createServiceAccountController,
  'garbage-collector-controller': when(
    (options) => options.enableGarbageCollector,
    createGarbageCollector,
  ),
  'daemonset-controller': createDaemonSetController,
  'job-controller': createJobController,
  'deployment-controller': createDeploymentController,
  'replicaset-controller': createReplicaSetController,
  'horizontal-pod-autoscaler-controller': createHorizontalController,
  'disruption-controller': createDisruptionController,
  'statefulset-controller': createStatefulSetController,
  'cronjob-controller': createCronJobController,
  'certificatesigningrequest-signing-controller': when(
    (options) => options.clusterSigning.size,
    createCsrSigningController,
  ),
  'certificatesigningrequest-approving-controller': createCsrApprovingController,
  'certificatesigningrequest-cleaner-controller': createCsrCleanerController,
  'ttl-controller': createTtlController,
  'node-ipam-controller': when((options) => options.allocateNodeCidrs, createNodeIpamController),
  'node-lifecycle-controller': createNodeLifecycleController,
  'taint-eviction-controller': createTaintEvictionController,
  'persistentvolume-binder-controller': createVolumeBinder,
  'clusterrole-aggregation-controller': createClusterRoleAggregation,
  'persistentvolumeclaim-protection-controller': createPvcProtectionController,
  'persistentvolume-protection-controller': createPvProtectionController,
  'ttl-after-finished-controller': createTtlAfterFinishedController,
  'root-ca-certificate-publisher-controller': when(
    (options) => options.rootCa,
    createRootCaPublisher,
  ),
  'ephemeral-volume-controller': createEphemeralVolumeController,
  'legacy-serviceaccount-token-cleaner-controller': createTokenCleaner,
  'validatingadmissionpolicy-status-controller': createPolicyStatusController,
};

export interface ControllerDescriptor {
  readonly name: string;
  /** Names of older releases that --controllers accepts. */
  readonly aliases: readonly string[];
  readonly account: string;
  readonly create: Create;
}

export const CONTROLLERS: readonly ControllerDescriptor[] = Object.entries(CONTROLLER_NAMES).map(
  ([name, [alias, account]]) => ({
    name,
    aliases: alias ? [alias] : [],
    account,
    create: CREATE[name as keyof typeof CREATE],
  }),
);

/**
 * The controllers that --controllers selects: 'foo' enables, '-foo' disables, '*' enables all
 * others. Throws for an unknown name.
 */
export function chooseControllers(wanted: readonly string[]): ControllerDescriptor[] {
  const known = (name: string) =>
    CONTROLLERS.some((c) => c.name === name || c.aliases.includes(name));
  for (const word of wanted) {
    const name = word.startsWith('-') ? word.slice(1) : word;
    if (name !== '*' && !known(name))
      throw new Error(`"${name}" is not in the list of known controllers`);
  }
  return CONTROLLERS.filter(({ aliases, name }) => {
    const names = [name, ...aliases];
    if (names.some((n) => wanted.includes(`-${n}`))) return false;
    return wanted.includes('*') || names.some((n) => wanted.includes(n));
  });
}
