// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const SIZE_DIVISORS: readonly string[] = [
"1",
"1k",
"1M",
"1G",
"1T",
"1P",
"1E",
"1Ki",
"1Mi",
"1Gi",
"1Ti",
"1Pi",
"1Ei"
];

export const LINUX_POD_CONTEXT = [
"appArmorProfile",
"seLinuxOptions",
"seccompProfile",
"fsGroup",
"fsGroupChangePolicy",
"sysctls",
"runAsUser",
"runAsGroup",
"supplementalGroups",
"supplementalGroupsPolicy"
] as const;

export const LINUX_CONTEXT = [
"appArmorProfile",
"seLinuxOptions",
"seccompProfile",
"capabilities",
"readOnlyRootFilesystem",
"privileged",
"allowPrivilegeEscalation",
"procMount",
"runAsUser",
"runAsGroup"
] as const;

export const MOVED_TOPOLOGY: Readonly<Record<string, string>> = {
"beta.kubernetes.io/arch": "kubernetes.io/arch",
"beta.kubernetes.io/os": "kubernetes.io/os",
"beta.kubernetes.io/instance-type": "node.kubernetes.io/instance-type",
"failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
"failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone"
};

export const HOST_PATH_TYPES: readonly string[] = [
"",
"BlockDevice",
"CharDevice",
"Directory",
"DirectoryOrCreate",
"File",
"FileOrCreate",
"Socket"
];

export const EPHEMERAL_FORBIDDEN = [
"ports",
"livenessProbe",
"readinessProbe",
"startupProbe",
"lifecycle",
"restartPolicy",
"resizePolicy"
] as const;

export const QUOTA_SCOPES: readonly string[] = [
"BestEffort",
"CrossNamespacePodAffinity",
"NotBestEffort",
"NotTerminating",
"PriorityClass",
"Terminating"
];

export const TIMINGS = [
"initialDelaySeconds",
"timeoutSeconds",
"periodSeconds",
"successThreshold",
"failureThreshold"
] as const;

export const NOT_A_SOURCE: ReadonlySet<string> = new Set([
"accessModes",
"capacity",
"claimRef",
"mountOptions",
"nodeAffinity",
"persistentVolumeReclaimPolicy",
"storageClassName",
"volumeAttributesClassName",
"volumeMode"
]);

export const COUNTED_QUOTA: ReadonlySet<string> = new Set([
"pods",
"services",
"replicationcontrollers",
"resourcequotas",
"secrets",
"configmaps",
"persistentvolumeclaims",
"services.nodeports",
"services.loadbalancers"
]);

export const COUNTS = [
"replicas",
"fullyLabeledReplicas",
"readyReplicas",
"availableReplicas",
"observedGeneration"
] as const;

export const ENV_FIELDS: readonly string[] = [
"metadata.name",
"metadata.namespace",
"metadata.uid",
"spec.nodeName",
"spec.serviceAccountName",
"status.hostIP",
"status.hostIPs",
"status.podIP",
"status.podIPs"
];

export const VOLUME_FIELDS: readonly string[] = [
"metadata.annotations",
"metadata.labels",
"metadata.name",
"metadata.namespace",
"metadata.uid"
];

export const CONTAINER_RESOURCES: readonly string[] = [
"limits.cpu",
"limits.ephemeral-storage",
"limits.memory",
"requests.cpu",
"requests.ephemeral-storage",
"requests.memory"
];
