// Fields with a named Go type, which decoding errors show ('cannot unmarshal number into Go struct
// field PodSpec.spec.restartPolicy of type v1.RestartPolicy'): a type, then its fields. A kind name
// that two groups use carries its group.

const NAMED_TYPES = `
map[string]v1.ExtraValue CertificateSigningRequestSpec.extra SubjectAccessReviewSpec.extra UserInfo.extra
map[v1.ResourceName]v1.ClaimResourceStatus PersistentVolumeClaimStatus.allocatedResourceStatuses
[]types.UID UncountedTerminatedPods.failed UncountedTerminatedPods.succeeded
types.UID ObjectMeta.uid ObjectReference.uid OwnerReference.uid Preconditions.uid
v1.AddressType EndpointSlice.addressType
v1.AppArmorProfileType AppArmorProfile.type
v1.AzureDataDiskCachingMode AzureDiskVolumeSource.cachingMode
v1.AzureDataDiskKind AzureDiskVolumeSource.kind
[]v1.Capability Capabilities.add Capabilities.drop
v1.CompletionMode JobSpec.completionMode
v1.ComponentConditionType ComponentCondition.type
v1.ConcurrencyPolicy CronJobSpec.concurrencyPolicy
v1.ConditionStatus CertificateSigningRequestCondition.status ComponentCondition.status Condition.status CustomResourceDefinitionCondition.status DaemonSetCondition.status DeploymentCondition.status FlowSchemaCondition.status JobCondition.status NamespaceCondition.status NodeCondition.status PersistentVolumeClaimCondition.status PodCondition.status PodFailurePolicyOnPodConditionsPattern.status PriorityLevelConfigurationCondition.status ReplicaSetCondition.status ReplicationControllerCondition.status StatefulSetCondition.status
v1.ContainerRestartPolicy Container.restartPolicy EphemeralContainer.restartPolicy
v1.ConversionStrategyType CustomResourceConversion.strategy
v1.CoordinatedLeaseStrategy LeaseSpec.strategy
v1.CustomResourceDefinitionConditionType CustomResourceDefinitionCondition.type
v1.DNSPolicy PodSpec.dnsPolicy
v1.DaemonSetConditionType DaemonSetCondition.type
v1.DaemonSetUpdateStrategyType DaemonSetUpdateStrategy.type
v1.DeploymentConditionType DeploymentCondition.type
v1.DeploymentStrategyType DeploymentStrategy.type
v1.FSGroupPolicy CSIDriverSpec.fsGroupPolicy
v1.FailurePolicyType MutatingWebhook.failurePolicy ValidatingAdmissionPolicySpec.failurePolicy ValidatingWebhook.failurePolicy
v1.FieldValueErrorReason ValidationRule.reason
v1.FieldSelectorOperator FieldSelectorRequirement.operator
[]v1.FinalizerName NamespaceSpec.finalizers
v1.FlowDistinguisherMethodType FlowDistinguisherMethod.type
v1.FlowSchemaConditionType FlowSchemaCondition.type
v1.HostPathType HostPathVolumeSource.type
[]v1.IPFamily ServiceSpec.ipFamilies
v1.IPFamilyPolicy ServiceSpec.ipFamilyPolicy
v1.JobConditionType JobCondition.type
[]v1.KeyUsage CertificateSigningRequestSpec.usages
v1.JSONSchemaURL JSONSchemaProps.$schema
v1.LabelSelectorOperator LabelSelectorRequirement.operator
v1.LimitResponseType LimitResponse.type
v1.LimitType LimitRangeItem.type
v1.LoadBalancerIPMode LoadBalancerIngress.ipMode
v1.ManagedFieldsOperationType ManagedFieldsEntry.operation
v1.MatchPolicyType MatchResources.matchPolicy MutatingWebhook.matchPolicy ValidatingWebhook.matchPolicy
v1.MountPropagationMode VolumeMount.mountPropagation
v1.NamespaceConditionType NamespaceCondition.type
v1.NamespacePhase NamespaceStatus.phase
v1.NodeAddressType NodeAddress.type
v1.NodeConditionType NodeCondition.type
v1.NodeInclusionPolicy TopologySpreadConstraint.nodeAffinityPolicy TopologySpreadConstraint.nodeTaintsPolicy
v1.NodePhase NodeStatus.phase
v1.NodeSelectorOperator NodeSelectorRequirement.operator
v1.OSName PodOS.name
[]v1.OperationType NamedRuleWithOperations.operations RuleWithOperations.operations
v1.ParameterNotFoundActionType ParamRef.parameterNotFoundAction
v1.PathType HTTPIngressPath.pathType
[]v1.PersistentVolumeAccessMode PersistentVolumeClaimSpec.accessModes PersistentVolumeClaimStatus.accessModes PersistentVolumeSpec.accessModes
v1.PersistentVolumeClaimConditionType PersistentVolumeClaimCondition.type
v1.PersistentVolumeClaimModifyVolumeStatus ModifyVolumeStatus.status
v1.PersistentVolumeClaimPhase PersistentVolumeClaimStatus.phase
v1.PersistentVolumeClaimRetentionPolicyType StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled
v1.PersistentVolumeMode PersistentVolumeClaimSpec.volumeMode PersistentVolumeSpec.volumeMode
v1.PersistentVolumePhase PersistentVolumeStatus.phase
v1.PersistentVolumeReclaimPolicy PersistentVolumeSpec.persistentVolumeReclaimPolicy StorageClass.reclaimPolicy
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
v1.PreemptionPolicy PodSpec.preemptionPolicy PriorityClass.preemptionPolicy
v1.PriorityLevelConfigurationConditionType PriorityLevelConfigurationCondition.type
v1.PriorityLevelEnablement PriorityLevelConfigurationSpec.type
v1.ProcMountType SecurityContext.procMount
v1.Protocol ContainerPort.protocol EndpointPort.protocol NetworkPolicyPort.protocol PortStatus.protocol ServicePort.protocol
v1.PullPolicy Container.imagePullPolicy EphemeralContainer.imagePullPolicy ImageVolumeSource.pullPolicy
v1.RecursiveReadOnlyMode VolumeMount.recursiveReadOnly VolumeMountStatus.recursiveReadOnly
v1.ReinvocationPolicyType MutatingWebhook.reinvocationPolicy
v1.ReplicaSetConditionType ReplicaSetCondition.type
v1.ReplicationControllerConditionType ReplicationControllerCondition.type
v1.RequestConditionType CertificateSigningRequestCondition.type
v1.ResourceHealthStatus ResourceHealth.health
v1.ResourceID ResourceHealth.resourceID
v1.ResourceList ContainerStatus.allocatedResources LimitRangeItem.default LimitRangeItem.defaultRequest LimitRangeItem.max LimitRangeItem.maxLimitRequestRatio LimitRangeItem.min NodeStatus.allocatable NodeStatus.capacity Overhead.podFixed PersistentVolumeClaimStatus.allocatedResources PersistentVolumeClaimStatus.capacity PersistentVolumeSpec.capacity PodSpec.overhead ResourceQuotaSpec.hard ResourceQuotaStatus.hard ResourceQuotaStatus.used ResourceRequirements.limits ResourceRequirements.requests VolumeResourceRequirements.limits VolumeResourceRequirements.requests
v1.ResourceName ContainerResizePolicy.resourceName ResourceStatus.name ResourceMetricSource.name ResourceMetricStatus.name ContainerResourceMetricSource.name ContainerResourceMetricStatus.name
v2.HPAScalingPolicyType HPAScalingPolicy.type
v2.HorizontalPodAutoscalerConditionType HorizontalPodAutoscalerCondition.type
v2.MetricSourceType MetricSpec.type MetricStatus.type
v2.MetricTargetType MetricTarget.type
v2.ScalingPolicySelect HPAScalingRules.selectPolicy
[]v1.ResourceQuotaScope ResourceQuotaSpec.scopes
v1.ResourceQuotaScope ScopedResourceSelectorRequirement.scopeName
v1.ResourceResizeRestartPolicy ContainerResizePolicy.restartPolicy
v1.ResourceScope CustomResourceDefinitionSpec.scope
v1.RestartPolicy PodSpec.restartPolicy
v1.ScopeSelectorOperator ScopedResourceSelectorRequirement.operator
v1.ScopeType NamedRuleWithOperations.scope RuleWithOperations.scope
v1.SeccompProfileType SeccompProfile.type
v1.SecretType Secret.type
v1.ServiceAffinity ServiceSpec.sessionAffinity
v1.ServiceExternalTrafficPolicy ServiceSpec.externalTrafficPolicy
v1.ServiceInternalTrafficPolicy ServiceSpec.internalTrafficPolicy
v1.ServiceType ServiceSpec.type
v1.SideEffectClass MutatingWebhook.sideEffects ValidatingWebhook.sideEffects
v1.StatefulSetConditionType StatefulSetCondition.type
v1.StatefulSetUpdateStrategyType StatefulSetUpdateStrategy.type
v1.StatusReason Validation.reason
v1.StorageMedium EmptyDirVolumeSource.medium
v1.SubjectKind flowcontrol.Subject.kind
v1.SupplementalGroupsPolicy PodSecurityContext.supplementalGroupsPolicy
v1.TaintEffect Taint.effect Toleration.effect
v1.TerminationMessagePolicy Container.terminationMessagePolicy EphemeralContainer.terminationMessagePolicy
v1.TolerationOperator Toleration.operator
v1.URIScheme HTTPGetAction.scheme
[]v1.UniqueVolumeName NodeStatus.volumesInUse
v1.UniqueVolumeName AttachedVolume.name
v1.UnsatisfiableConstraintAction TopologySpreadConstraint.whenUnsatisfiable
[]v1.ValidationAction ValidatingAdmissionPolicyBindingSpec.validationActions
v1.VolumeBindingMode StorageClass.volumeBindingMode
[]v1.VolumeLifecycleMode CSIDriverSpec.volumeLifecycleModes
`;

const TYPES = new Map<string, string>();
for (const line of NAMED_TYPES.trim().split('\n')) {
  const [type, ...fields] = line.split(' ');
  for (const field of fields) TYPES.set(field, type!);
}

/**
 * 'v1.RestartPolicy' for ('io.k8s.api.core.v1.PodSpec', 'restartPolicy'); undefined for fields of
 * plain types.
 */
export function namedGoType(schemaName: string, field: string): string | undefined {
  const parts = schemaName.split('.');
  const key = `${parts.at(-1)}.${field}`;
  return TYPES.get(key) ?? TYPES.get(`${parts.at(-3)}.${key}`);
}
