// Which optional scalars are pointers in Go (or are written even when empty). In a protobuf body a
// pointer that is there is meant, even when it is zero (replicas: 0); any other scalar is always
// written and its zero means absent. Field names by message, v1.32; test/interop/zero-values.test.ts
// compares those of the workloads with kubectl's types.

const POINTERS_TEXT = `
AdmissionRequest dryRun
MutatingWebhook timeoutSeconds failurePolicy matchPolicy sideEffects reinvocationPolicy
ValidatingWebhook timeoutSeconds failurePolicy matchPolicy sideEffects
ServiceReference port path
WebhookClientConfig url
Rule scope
MatchResources matchPolicy
DaemonSetSpec revisionHistoryLimit
DaemonSetStatus collisionCount
DeploymentSpec progressDeadlineSeconds replicas revisionHistoryLimit
DeploymentStatus collisionCount
ReplicaSetSpec replicas
RollingUpdateStatefulSetStrategy partition
StatefulSetSpec replicas revisionHistoryLimit
StatefulSetOrdinals start
StatefulSetStatus availableReplicas collisionCount
TokenRequestSpec expirationSeconds
TokenRequest expirationSeconds
ContainerResourceMetricSource targetAverageUtilization
ContainerResourceMetricStatus currentAverageUtilization
ResourceMetricSource targetAverageUtilization
ResourceMetricStatus currentAverageUtilization
HorizontalPodAutoscalerSpec minReplicas targetCPUUtilizationPercentage
HorizontalPodAutoscalerStatus currentCPUUtilizationPercentage observedGeneration
HPAScalingRules stabilizationWindowSeconds selectPolicy
MetricTarget averageUtilization
MetricValueStatus averageUtilization
CronJobSpec failedJobsHistoryLimit startingDeadlineSeconds successfulJobsHistoryLimit suspend timeZone
JobSpec activeDeadlineSeconds backoffLimit backoffLimitPerIndex completions manualSelector maxFailedIndexes parallelism suspend ttlSecondsAfterFinished completionMode podReplacementPolicy managedBy
JobStatus ready terminating failedIndexes
SuccessPolicyRule succeededCount succeededIndexes
PodFailurePolicyOnExitCodesRequirement containerName
CertificateSigningRequestSpec expirationSeconds
LeaseSpec leaseDurationSeconds leaseTransitions holderIdentity strategy preferredHolder
AzureDiskVolumeSource readOnly cachingMode fsType kind
AzureFilePersistentVolumeSource secretNamespace
CSIVolumeSource readOnly fsType
ClientIPConfig timeoutSeconds
ClusterTrustBundleProjection optional name signerName
ConfigMap immutable
ConfigMapEnvSource optional
ConfigMapKeySelector optional
ConfigMapProjection optional
ConfigMapVolumeSource defaultMode optional
ContainerStatus started
DownwardAPIVolumeFile mode
DownwardAPIVolumeSource defaultMode
FCVolumeSource lun
GlusterfsPersistentVolumeSource endpointsNamespace
GRPCAction service
HostPathVolumeSource type
ISCSIPersistentVolumeSource initiatorName
ISCSIVolumeSource initiatorName
KeyToPath mode
LocalVolumeSource fsType
NodeFeatures supplementalGroupsPolicy
NodeRuntimeHandlerFeatures recursiveReadOnlyMounts userNamespaces
PersistentVolumeClaimSpec storageClassName volumeMode volumeAttributesClassName
PersistentVolumeClaimStatus currentVolumeAttributesClassName
PersistentVolumeSpec volumeMode volumeAttributesClassName
PodLogOptions limitBytes sinceSeconds tailLines
PodDNSConfigOption value
PodSecurityContext fsGroup runAsGroup runAsNonRoot runAsUser fsGroupChangePolicy supplementalGroupsPolicy seLinuxChangePolicy
PodSpec activeDeadlineSeconds automountServiceAccountToken enableServiceLinks hostUsers priority setHostnameAsFQDN shareProcessNamespace terminationGracePeriodSeconds preemptionPolicy runtimeClassName
PodResourceClaimStatus resourceClaimName
PodResourceClaim resourceClaimName resourceClaimTemplateName
Container restartPolicy
EphemeralContainer restartPolicy
EphemeralContainerCommon restartPolicy
Probe terminationGracePeriodSeconds
ProjectedVolumeSource defaultMode
ReplicationControllerSpec replicas
SeccompProfile localhostProfile
AppArmorProfile localhostProfile
Secret immutable
SecretEnvSource optional
SecretKeySelector optional
SecretProjection optional
SecretVolumeSource defaultMode optional
SecurityContext allowPrivilegeEscalation privileged readOnlyRootFilesystem runAsGroup runAsNonRoot runAsUser procMount
ServiceAccount automountServiceAccountToken
ServiceAccountTokenProjection expirationSeconds
ServicePort appProtocol
ServiceSpec allocateLoadBalancerNodePorts internalTrafficPolicy ipFamilyPolicy loadBalancerClass trafficDistribution
LoadBalancerIngress ipMode
PortStatus error
Toleration tolerationSeconds
TopologySpreadConstraint minDomains nodeAffinityPolicy nodeTaintsPolicy
TypedLocalObjectReference apiGroup
TypedObjectReference apiGroup namespace
VolumeMount mountPropagation recursiveReadOnly
VolumeMountStatus recursiveReadOnly
WindowsSecurityContextOptions hostProcess gmsaCredentialSpec gmsaCredentialSpecName runAsUserName
EndpointAddress nodeName
Endpoint hostname nodeName zone
EndpointConditions ready serving terminating
EndpointPort name port protocol appProtocol
ExemptPriorityLevelConfiguration lendablePercent nominalConcurrencyShares
LimitedPriorityLevelConfiguration borrowingLimitPercent lendablePercent nominalConcurrencyShares
HTTPIngressPath pathType
IngressSpec ingressClassName
IngressClassParametersReference apiGroup namespace scope
IngressPortStatus error
NetworkPolicyPort endPort protocol
PodDisruptionBudgetSpec unhealthyPodEvictionPolicy
PriorityClass preemptionPolicy
CSIDriverSpec attachRequired podInfoOnMount requiresRepublish seLinuxMount storageCapacity fsGroupPolicy
StorageClass allowVolumeExpansion reclaimPolicy volumeBindingMode
VolumeNodeResources count
VolumeAttachmentSource persistentVolumeName
JSONSchemaProps maxItems maxLength maxProperties minItems minLength minProperties maximum minimum multipleOf x-kubernetes-preserve-unknown-fields x-kubernetes-list-type x-kubernetes-map-type
ValidationRule optionalOldSelf reason
CustomResourceSubresourceScale labelSelectorPath
CustomResourceDefinitionVersion served storage
AdmissionResponse allowed uid
DeleteOptions gracePeriodSeconds orphanDependents ignoreStoreReadErrorWithClusterBreakingPotential propagationPolicy
ListMeta remainingItemCount
ListOptions sendInitialEvents timeoutSeconds
ObjectMeta deletionGracePeriodSeconds
OwnerReference blockOwnerDeletion controller
Preconditions resourceVersion uid
PatchOptions force
`;

const POINTERS = new Set<string>();
for (const line of POINTERS_TEXT.trim().split('\n')) {
  const [message, ...fields] = line.split(' ');
  for (const field of fields) POINTERS.add(`${message}.${field}`);
}
// core's EndpointPort has plain strings and a plain port; discovery's has pointers.
const PLAIN = new Set(
  ['name', 'port', 'protocol'].map((field) => `io.k8s.api.core.v1.EndpointPort.${field}`),
);

/** True when zero is a value of that field and not its absence. `name` is the short message name. */
export function isPointer(schemaName: string, name: string, field: string): boolean {
  return POINTERS.has(`${name}.${field}`) && !PLAIN.has(`${schemaName}.${field}`);
}
