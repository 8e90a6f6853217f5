// Fields whose Go type has a name of its own, which shows in decoding errors ('cannot unmarshal number
// into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy'). Names only: a type, then
// the fields that have it. Those of the workload kinds are as kubectl v1.32 reports them.

const NAMED_TYPES = `
map[v1.ResourceName]v1.ClaimResourceStatus PersistentVolumeClaimStatus.allocatedResourceStatuses
types.UID ObjectMeta.uid ObjectReference.uid OwnerReference.uid
[]types.UID UncountedTerminatedPods.failed UncountedTerminatedPods.succeeded
v1.AddressType EndpointSlice.addressType
v1.AppArmorProfileType AppArmorProfile.type
v1.AzureDataDiskCachingMode AzureDiskVolumeSource.cachingMode
v1.AzureDataDiskKind AzureDiskVolumeSource.kind
[]v1.Capability Capabilities.add Capabilities.drop
v1.CompletionMode JobSpec.completionMode
v1.ConcurrencyPolicy CronJobSpec.concurrencyPolicy
v1.ConditionStatus DaemonSetCondition.status DeploymentCondition.status JobCondition.status NodeCondition.status PersistentVolumeClaimCondition.status PodCondition.status PodFailurePolicyOnPodConditionsPattern.status ReplicaSetCondition.status ReplicationControllerCondition.status StatefulSetCondition.status
v1.ContainerRestartPolicy Container.restartPolicy EphemeralContainer.restartPolicy
v1.DNSPolicy PodSpec.dnsPolicy
v1.DaemonSetConditionType DaemonSetCondition.type
v1.DaemonSetUpdateStrategyType DaemonSetUpdateStrategy.type
v1.DeploymentConditionType DeploymentCondition.type
v1.DeploymentStrategyType DeploymentStrategy.type
v1.HostPathType HostPathVolumeSource.type
[]v1.IPFamily ServiceSpec.ipFamilies
v1.IPFamilyPolicy ServiceSpec.ipFamilyPolicy
v1.JobConditionType JobCondition.type
v1.LabelSelectorOperator LabelSelectorRequirement.operator
v1.LimitType LimitRangeItem.type
v1.LoadBalancerIPMode LoadBalancerIngress.ipMode
v1.ManagedFieldsOperationType ManagedFieldsEntry.operation
v1.MountPropagationMode VolumeMount.mountPropagation
v1.NamespacePhase NamespaceStatus.phase
v1.NodeAddressType NodeAddress.type
v1.NodeConditionType NodeCondition.type
v1.NodeInclusionPolicy TopologySpreadConstraint.nodeAffinityPolicy TopologySpreadConstraint.nodeTaintsPolicy
v1.NodeSelectorOperator NodeSelectorRequirement.operator
v1.OSName PodOS.name
v1.PathType HTTPIngressPath.pathType
[]v1.PersistentVolumeAccessMode PersistentVolumeClaimSpec.accessModes PersistentVolumeClaimStatus.accessModes PersistentVolumeSpec.accessModes
v1.PersistentVolumeClaimConditionType PersistentVolumeClaimCondition.type
v1.PersistentVolumeClaimModifyVolumeStatus ModifyVolumeStatus.status
v1.PersistentVolumeClaimPhase PersistentVolumeClaimStatus.phase
v1.PersistentVolumeClaimRetentionPolicyType StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled
v1.PersistentVolumeMode PersistentVolumeClaimSpec.volumeMode PersistentVolumeSpec.volumeMode
v1.PersistentVolumeReclaimPolicy PersistentVolumeSpec.persistentVolumeReclaimPolicy
v1.PodConditionType PodCondition.type PodFailurePolicyOnPodConditionsPattern.type PodReadinessGate.conditionType
v1.PodFSGroupChangePolicy PodSecurityContext.fsGroupChangePolicy
v1.PodFailurePolicyAction PodFailurePolicyRule.action
v1.PodFailurePolicyOnExitCodesOperator PodFailurePolicyOnExitCodesRequirement.operator
v1.PodManagementPolicyType StatefulSetSpec.podManagementPolicy
v1.PodPhase PodStatus.phase
v1.PodQOSClass PodStatus.qosClass
v1.PodReplacementPolicy JobSpec.podReplacementPolicy
v1.PodResizeStatus PodStatus.resize
v1.PodSELinuxChangePolicy PodSecurityContext.seLinuxChangePolicy
[]v1.PolicyType NetworkPolicySpec.policyTypes
v1.PreemptionPolicy PodSpec.preemptionPolicy
v1.ProcMountType SecurityContext.procMount
v1.Protocol ContainerPort.protocol NetworkPolicyPort.protocol ServicePort.protocol
v1.PullPolicy Container.imagePullPolicy EphemeralContainer.imagePullPolicy ImageVolumeSource.pullPolicy
v1.RecursiveReadOnlyMode VolumeMount.recursiveReadOnly VolumeMountStatus.recursiveReadOnly
v1.ReplicaSetConditionType ReplicaSetCondition.type
v1.ReplicationControllerConditionType ReplicationControllerCondition.type
v1.ResourceHealthStatus ResourceHealth.health
v1.ResourceID ResourceHealth.resourceID
v1.ResourceList ContainerStatus.allocatedResources NodeStatus.allocatable NodeStatus.capacity PersistentVolumeClaimStatus.allocatedResources PersistentVolumeClaimStatus.capacity PersistentVolumeSpec.capacity PodSpec.overhead ResourceQuotaSpec.hard ResourceRequirements.limits ResourceRequirements.requests VolumeResourceRequirements.limits VolumeResourceRequirements.requests
v1.ResourceName ContainerResizePolicy.resourceName ResourceStatus.name
v1.ResourceResizeRestartPolicy ContainerResizePolicy.restartPolicy
v1.RestartPolicy PodSpec.restartPolicy
v1.SeccompProfileType SeccompProfile.type
v1.SecretType Secret.type
v1.ServiceAffinity ServiceSpec.sessionAffinity
v1.ServiceExternalTrafficPolicy ServiceSpec.externalTrafficPolicy
v1.ServiceInternalTrafficPolicy ServiceSpec.internalTrafficPolicy
v1.ServiceType ServiceSpec.type
v1.StatefulSetConditionType StatefulSetCondition.type
v1.StatefulSetUpdateStrategyType StatefulSetUpdateStrategy.type
v1.StorageMedium EmptyDirVolumeSource.medium
v1.SupplementalGroupsPolicy PodSecurityContext.supplementalGroupsPolicy
v1.TaintEffect Taint.effect Toleration.effect
v1.TerminationMessagePolicy Container.terminationMessagePolicy EphemeralContainer.terminationMessagePolicy
v1.TolerationOperator Toleration.operator
v1.URIScheme HTTPGetAction.scheme
v1.UnsatisfiableConstraintAction TopologySpreadConstraint.whenUnsatisfiable
`;

const TYPES = new Map<string, string>();
for (const line of NAMED_TYPES.trim().split('\n')) {
  const [type, ...fields] = line.split(' ');
  for (const field of fields) TYPES.set(field, type!);
}

/** 'v1.RestartPolicy' for ('PodSpec', 'restartPolicy'); undefined for fields of plain types. */
export function namedGoType(message: string, field: string): string | undefined {
  return TYPES.get(`${message}.${field}`);
}
