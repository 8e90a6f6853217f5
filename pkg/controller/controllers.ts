// The list of controllers, in upstream's order and under upstream's names (NewControllerDescriptors
// of cmd/kube-controller-manager/app/controllermanager.go). Each has a folder: plan.ts decides,
// controller.ts carries out.
import { createBootstrapSigner, createTokenCleaner } from './bootstrap/controller.js';
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
import { createLocalPathProvisioner } from './localpath/controller.js';
import { createPodGcController } from './podgc/controller.js';
import { createPvcProtectionController } from './pvcprotection/controller.js';
import { createPvProtectionController } from './pvprotection/controller.js';
import { createReplicaSetController } from './replicaset/controller.js';
import { createReplicationController } from './replication/controller.js';
import { createResourceQuotaController } from './resourcequota/controller.js';
import { createRootCaPublisher } from './rootcacertpublisher/controller.js';
import type { Controller, ControllerContext, NamedController } from './runtime/controller.js';
import { createServiceAccountController } from './serviceaccount/controller.js';
import {
  createServiceAccountTokenController,
  type TokenControllerOptions,
} from './serviceaccounttoken/controller.js';
import { createLegacyTokenCleaner } from './serviceaccounttoken/cleaner.js';
import { createServiceController } from './service/controller.js';
import { CONTROLLER_NAMES } from './controllers.generated.js';
import { createStatefulSetController } from './statefulset/controller.js';
import { createTaintEvictionController } from './tainteviction/controller.js';
import { createTtlController } from './ttl/controller.js';
import { createTtlAfterFinishedController } from './ttlafterfinished/controller.js';
import { createPolicyStatusController } from './validatingadmissionpolicystatus/controller.js';

/** The flags of kube-controller-manager, by name. Times are in milliseconds. */
export interface ControllerOptions
  extends HorizontalOptions, NodeLifecycleOptions, SigningOptions, TokenControllerOptions {
  concurrentServiceAccountTokenSyncs: number;
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
  localPathHelperImage: string;
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
type Create<C> = (context: ControllerContext, options: ControllerOptions) => C | undefined;

/** The number of workers, or the flag that tells it; and the flag without which nothing runs. */
type Row = readonly [
  create: Create<Controller>,
  workers: number | (keyof ControllerOptions & `${string}Syncs`),
  needs?: keyof ControllerOptions,
];

const ROWS: Readonly<Record<keyof typeof CONTROLLER_NAMES, Row>> = {
  'serviceaccount-token-controller': [
    createServiceAccountTokenController,
    'concurrentServiceAccountTokenSyncs',
  ],
  'endpoints-controller': [createEndpointsController, 'concurrentEndpointSyncs'],
  'endpointslice-controller': [createEndpointSliceController, 'concurrentServiceEndpointSyncs'],
  'endpointslice-mirroring-controller': [
    createEndpointSliceMirroringController,
    'mirroringConcurrentServiceEndpointSyncs',
  ],
  'replicationcontroller-controller': [createReplicationController, 'concurrentRcSyncs'],
  'pod-garbage-collector-controller': [createPodGcController, 2],
  'resourcequota-controller': [createResourceQuotaController, 'concurrentResourceQuotaSyncs'],
  'namespace-controller': [createNamespaceController, 'concurrentNamespaceSyncs'],
  'serviceaccount-controller': [createServiceAccountController, 'concurrentServiceaccountSyncs'],
  'garbage-collector-controller': [
    createGarbageCollector,
    'concurrentGcSyncs',
    'enableGarbageCollector',
  ],
  'daemonset-controller': [createDaemonSetController, 'concurrentDaemonsetSyncs'],
  'job-controller': [createJobController, 'concurrentJobSyncs'],
  'deployment-controller': [createDeploymentController, 'concurrentDeploymentSyncs'],
  'replicaset-controller': [createReplicaSetController, 'concurrentReplicasetSyncs'],
  'horizontal-pod-autoscaler-controller': [
    createHorizontalController,
    'concurrentHorizontalPodAutoscalerSyncs',
  ],
  'disruption-controller': [createDisruptionController, 1],
  'statefulset-controller': [createStatefulSetController, 'concurrentStatefulsetSyncs'],
  'cronjob-controller': [createCronJobController, 'concurrentCronJobSyncs'],
  'certificatesigningrequest-signing-controller': [createCsrSigningController, 1],
  'certificatesigningrequest-approving-controller': [createCsrApprovingController, 1],
  'certificatesigningrequest-cleaner-controller': [createCsrCleanerController, 1],
  'ttl-controller': [createTtlController, 5],
  'bootstrap-signer-controller': [createBootstrapSigner, 1],
  'token-cleaner-controller': [createTokenCleaner, 1],
  'node-ipam-controller': [createNodeIpamController, 1, 'allocateNodeCidrs'],
  'service-lb-controller': [createServiceController, 1],
  'node-lifecycle-controller': [createNodeLifecycleController, 4],
  'taint-eviction-controller': [createTaintEvictionController, 8],
  'persistentvolume-binder-controller': [createVolumeBinder, 1],
  'local-path-provisioner': [createLocalPathProvisioner, 1],
  'clusterrole-aggregation-controller': [createClusterRoleAggregation, 1],
  'persistentvolumeclaim-protection-controller': [createPvcProtectionController, 1],
  'persistentvolume-protection-controller': [createPvProtectionController, 1],
  'ttl-after-finished-controller': [
    createTtlAfterFinishedController,
    'concurrentTtlAfterFinishedSyncs',
  ],
  'root-ca-certificate-publisher-controller': [createRootCaPublisher, 1, 'rootCa'],
  'ephemeral-volume-controller': [
    createEphemeralVolumeController,
    'concurrentEphemeralvolumeSyncs',
  ],
  'legacy-serviceaccount-token-cleaner-controller': [createLegacyTokenCleaner, 1],
  'validatingadmissionpolicy-status-controller': [
    createPolicyStatusController,
    'concurrentValidatingAdmissionPolicyStatusSyncs',
  ],
};

export interface ControllerDescriptor {
  readonly name: string;
  /** Names of older releases that --controllers accepts. */
  readonly aliases: readonly string[];
  readonly account: string;
  /** Whether '*' selects it. */
  readonly isDefault: boolean;
  readonly create: Create<NamedController>;
}

export const CONTROLLERS: readonly ControllerDescriptor[] = Object.entries<readonly string[]>(
  CONTROLLER_NAMES,
).map(([name, [alias, account = '', off]]) => {
  const [make, workers, needs] = ROWS[name as keyof typeof ROWS];
  return {
    name,
    aliases: alias ? [alias] : [],
    account,
    isDefault: off === undefined,
    create(context, options) {
      const controller = needs && !options[needs] ? undefined : make(context, options);
      const count = typeof workers === 'number' ? workers : options[workers];
      return controller && { ...controller, name, workers: count };
    },
  };
});

/**
 * The controllers that --controllers selects: 'foo' enables, '-foo' disables, '*' enables all
 * others that run by default. Throws for an unknown name.
 */
export function chooseControllers(wanted: readonly string[]): ControllerDescriptor[] {
  const known = (name: string) =>
    CONTROLLERS.some((c) => c.name === name || c.aliases.includes(name));
  for (const word of wanted) {
    const name = word.startsWith('-') ? word.slice(1) : word;
    if (name !== '*' && !known(name))
      throw new Error(`"${name}" is not in the list of known controllers`);
  }
  return CONTROLLERS.filter(({ aliases, isDefault, name }) => {
    const names = [name, ...aliases];
    if (names.some((n) => wanted.includes(`-${n}`))) return false;
    return (isDefault && wanted.includes('*')) || names.some((n) => wanted.includes(n));
  });
}
