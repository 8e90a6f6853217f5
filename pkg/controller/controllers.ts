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
import { CONTROLLER_ROWS } from './controllers.generated.js';
import { createStatefulSetController } from './statefulset/controller.js';
import { createTaintEvictionController } from './tainteviction/controller.js';
import { createTtlController } from './ttl/controller.js';
import { createTtlAfterFinishedController } from './ttlafterfinished/controller.js';
import { createPolicyStatusController } from './validatingadmissionpolicystatus/controller.js';

type Row = (typeof CONTROLLER_ROWS)[keyof typeof CONTROLLER_ROWS];
/** The options that tell a number of workers. */
type Syncs = Extract<Row[2], string>;

/** The flags of kube-controller-manager, by name. Times are in milliseconds. */
export interface ControllerOptions
  extends
    HorizontalOptions,
    NodeLifecycleOptions,
    Record<Syncs, number>,
    SigningOptions,
    TokenControllerOptions {
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

/** Without this option nothing runs; 'off': '*' does not start the controller. */
type Condition = 'off' | keyof ControllerOptions;

/** Undefined when the options disable the controller. */
type Create<C> = (context: ControllerContext, options: ControllerOptions) => C | undefined;

const CREATORS: Readonly<Record<keyof typeof CONTROLLER_ROWS, Create<Controller>>> = {
  'serviceaccount-token-controller': createServiceAccountTokenController,
  'endpoints-controller': createEndpointsController,
  'endpointslice-controller': createEndpointSliceController,
  'endpointslice-mirroring-controller': createEndpointSliceMirroringController,
  'replicationcontroller-controller': createReplicationController,
  'pod-garbage-collector-controller': createPodGcController,
  'resourcequota-controller': createResourceQuotaController,
  'namespace-controller': createNamespaceController,
  'serviceaccount-controller': createServiceAccountController,
  'garbage-collector-controller': createGarbageCollector,
  'daemonset-controller': createDaemonSetController,
  'job-controller': createJobController,
  'deployment-controller': createDeploymentController,
  'replicaset-controller': createReplicaSetController,
  'horizontal-pod-autoscaler-controller': createHorizontalController,
  'disruption-controller': createDisruptionController,
  'statefulset-controller': createStatefulSetController,
  'cronjob-controller': createCronJobController,
  'certificatesigningrequest-signing-controller': createCsrSigningController,
  'certificatesigningrequest-approving-controller': createCsrApprovingController,
  'certificatesigningrequest-cleaner-controller': createCsrCleanerController,
  'ttl-controller': createTtlController,
  'bootstrap-signer-controller': createBootstrapSigner,
  'token-cleaner-controller': createTokenCleaner,
  'node-ipam-controller': createNodeIpamController,
  'service-lb-controller': createServiceController,
  'node-lifecycle-controller': createNodeLifecycleController,
  'taint-eviction-controller': createTaintEvictionController,
  'persistentvolume-binder-controller': createVolumeBinder,
  'local-path-provisioner': createLocalPathProvisioner,
  'clusterrole-aggregation-controller': createClusterRoleAggregation,
  'persistentvolumeclaim-protection-controller': createPvcProtectionController,
  'persistentvolume-protection-controller': createPvProtectionController,
  'ttl-after-finished-controller': createTtlAfterFinishedController,
  'root-ca-certificate-publisher-controller': createRootCaPublisher,
  'ephemeral-volume-controller': createEphemeralVolumeController,
  'legacy-serviceaccount-token-cleaner-controller': createLegacyTokenCleaner,
  'validatingadmissionpolicy-status-controller': createPolicyStatusController,
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

export const CONTROLLERS: readonly ControllerDescriptor[] = Object.entries<
  readonly [alias: string, account: string, workers: Row[2], condition?: Condition]
>(CONTROLLER_ROWS).map(([name, [alias, account, workers, condition]]) => ({
  name,
  aliases: alias ? [alias] : [],
  account,
  isDefault: condition !== 'off',
  create(context, options) {
    if (condition && condition !== 'off' && !options[condition]) return undefined;
    const controller = CREATORS[name as keyof typeof CREATORS](context, options);
    const count = typeof workers === 'number' ? workers : options[workers];
    return controller && { ...controller, name, workers: count };
  },
}));

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
