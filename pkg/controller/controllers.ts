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
import { createGarbageCollector } from './garbagecollector/controller.js';
import { createJobController } from './job/controller.js';
import { createNamespaceController } from './namespace/controller.js';
import { createNodeIpamController } from './nodeipam/controller.js';
import type { MaskSizes } from './nodeipam/plan.js';
import {
  createNodeLifecycleController,
  type NodeLifecycleOptions,
} from './nodelifecycle/controller.js';
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
import { createStatefulSetController } from './statefulset/controller.js';
import { createTaintEvictionController } from './tainteviction/controller.js';
import { createTtlAfterFinishedController } from './ttlafterfinished/controller.js';

/** The flags of kube-controller-manager, by name. Times are in milliseconds. */
export interface ControllerOptions
  extends NodeLifecycleOptions, SigningOptions, TokenControllerOptions {
  concurrentEndpointSyncs: number;
  concurrentServiceEndpointSyncs: number;
  mirroringConcurrentServiceEndpointSyncs: number;
  concurrentRcSyncs: number;
  concurrentReplicaSetSyncs: number;
  concurrentDeploymentSyncs: number;
  concurrentNamespaceSyncs: number;
  concurrentServiceAccountSyncs: number;
  concurrentGcSyncs: number;
  concurrentResourceQuotaSyncs: number;
  concurrentJobSyncs: number;
  concurrentStatefulSetSyncs: number;
  concurrentDaemonSetSyncs: number;
  concurrentCronJobSyncs: number;
  concurrentTtlAfterFinishedSyncs: number;
  terminatedPodGcThreshold: number;
  enableGarbageCollector: boolean;
  allocateNodeCidrs: boolean;
  clusterCidr: string;
  nodeCidrMaskSizes: MaskSizes;
  /** The PEM of the CA; '' publishes none. */
  rootCa: string;
}

export interface ControllerDescriptor {
  readonly name: string;
  /** Names of older releases that --controllers accepts. */
  readonly aliases: readonly string[];
  /** Undefined when the options disable the controller. */
  create(context: ControllerContext, options: ControllerOptions): Controller | undefined;
}

export const CONTROLLERS: readonly ControllerDescriptor[] = [
  {
    name: 'serviceaccount-token-controller',
    aliases: ['serviceaccount-token'],
    create: createServiceAccountTokenController,
  },
  { name: 'endpoints-controller', aliases: ['endpoint'], create: createEndpointsController },
  {
    name: 'endpointslice-controller',
    aliases: ['endpointslice'],
    create: createEndpointSliceController,
  },
  {
    name: 'endpointslice-mirroring-controller',
    aliases: ['endpointslicemirroring'],
    create: createEndpointSliceMirroringController,
  },
  {
    name: 'replicationcontroller-controller',
    aliases: ['replicationcontroller'],
    create: createReplicationController,
  },
  { name: 'pod-garbage-collector-controller', aliases: ['podgc'], create: createPodGcController },
  {
    name: 'resourcequota-controller',
    aliases: ['resourcequota'],
    create: createResourceQuotaController,
  },
  { name: 'namespace-controller', aliases: ['namespace'], create: createNamespaceController },
  {
    name: 'serviceaccount-controller',
    aliases: ['serviceaccount'],
    create: createServiceAccountController,
  },
  {
    name: 'garbage-collector-controller',
    aliases: ['garbagecollector'],
    create: (context, options) =>
      options.enableGarbageCollector ? createGarbageCollector(context, options) : undefined,
  },
  { name: 'daemonset-controller', aliases: ['daemonset'], create: createDaemonSetController },
  { name: 'job-controller', aliases: ['job'], create: createJobController },
  { name: 'deployment-controller', aliases: ['deployment'], create: createDeploymentController },
  { name: 'replicaset-controller', aliases: ['replicaset'], create: createReplicaSetController },
  { name: 'disruption-controller', aliases: ['disruption'], create: createDisruptionController },
  { name: 'statefulset-controller', aliases: ['statefulset'], create: createStatefulSetController },
  { name: 'cronjob-controller', aliases: ['cronjob'], create: createCronJobController },
  {
    name: 'certificatesigningrequest-signing-controller',
    aliases: ['csrsigning'],
    create: (context, options) =>
      options.clusterSigning.size ? createCsrSigningController(context, options) : undefined,
  },
  {
    name: 'certificatesigningrequest-approving-controller',
    aliases: ['csrapproving'],
    create: createCsrApprovingController,
  },
  {
    name: 'certificatesigningrequest-cleaner-controller',
    aliases: ['csrcleaner'],
    create: createCsrCleanerController,
  },
  {
    name: 'node-ipam-controller',
    aliases: ['nodeipam'],
    create: (context, options) =>
      options.allocateNodeCidrs ? createNodeIpamController(context, options) : undefined,
  },
  {
    name: 'node-lifecycle-controller',
    aliases: ['nodelifecycle'],
    create: createNodeLifecycleController,
  },
  { name: 'taint-eviction-controller', aliases: [], create: createTaintEvictionController },
  {
    name: 'clusterrole-aggregation-controller',
    aliases: ['clusterrole-aggregation'],
    create: createClusterRoleAggregation,
  },
  {
    name: 'persistentvolumeclaim-protection-controller',
    aliases: ['pvc-protection'],
    create: createPvcProtectionController,
  },
  {
    name: 'persistentvolume-protection-controller',
    aliases: ['pv-protection'],
    create: createPvProtectionController,
  },
  {
    name: 'ttl-after-finished-controller',
    aliases: ['ttl-after-finished'],
    create: createTtlAfterFinishedController,
  },
  {
    name: 'root-ca-certificate-publisher-controller',
    aliases: ['root-ca-cert-publisher'],
    create: (context, options) =>
      options.rootCa ? createRootCaPublisher(context, options) : undefined,
  },
];

const certificates = 'certificate-controller';
const nodes = 'node-controller';

/**
 * The service accounts in kube-system as which controllers act (upstream
 * ClientBuilder.ClientOrDie); the roles `system:controller:ACCOUNT` have their rights. The others
 * act as the process.
 */
export const ACCOUNTS: Readonly<Record<string, string>> = {
  'endpoints-controller': 'endpoint-controller',
  'endpointslice-controller': 'endpointslice-controller',
  'endpointslice-mirroring-controller': 'endpointslicemirroring-controller',
  'replicationcontroller-controller': 'replication-controller',
  'pod-garbage-collector-controller': 'pod-garbage-collector',
  'resourcequota-controller': 'resourcequota-controller',
  'namespace-controller': 'namespace-controller',
  'serviceaccount-controller': 'service-account-controller',
  'garbage-collector-controller': 'generic-garbage-collector',
  'daemonset-controller': 'daemon-set-controller',
  'job-controller': 'job-controller',
  'deployment-controller': 'deployment-controller',
  'replicaset-controller': 'replicaset-controller',
  'disruption-controller': 'disruption-controller',
  'statefulset-controller': 'statefulset-controller',
  'cronjob-controller': 'cronjob-controller',
  'certificatesigningrequest-signing-controller': certificates,
  'certificatesigningrequest-approving-controller': certificates,
  'certificatesigningrequest-cleaner-controller': certificates,
  'node-ipam-controller': nodes,
  'node-lifecycle-controller': nodes,
  'taint-eviction-controller': nodes,
  'clusterrole-aggregation-controller': 'clusterrole-aggregation-controller',
  'persistentvolumeclaim-protection-controller': 'pvc-protection-controller',
  'persistentvolume-protection-controller': 'pv-protection-controller',
  'ttl-after-finished-controller': 'ttl-after-finished-controller',
  'root-ca-certificate-publisher-controller': 'root-ca-cert-publisher',
};

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
