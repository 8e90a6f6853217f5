// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const CONFIGURATION = {
"defaults": {"enforce":"text","enforce-version":"text","audit":"text","audit-version":"text","warn":"text","warn-version":"text"},
"exemptions": {"usernames":["text"],"runtimeClasses":["text"],"namespaces":["text"]}
} as const;

export const KUBELET_LABELS: ReadonlySet<string> = new Set([
"kubernetes.io/hostname",
"topology.kubernetes.io/zone",
"topology.kubernetes.io/region",
"failure-domain.beta.kubernetes.io/zone",
"failure-domain.beta.kubernetes.io/region",
"beta.kubernetes.io/instance-type",
"node.kubernetes.io/instance-type",
"beta.kubernetes.io/os",
"beta.kubernetes.io/arch",
"kubernetes.io/os",
"kubernetes.io/arch",
"node.kubernetes.io/windows-build"
]);

export const POD_SECURITY_RESOURCES: readonly string[] = [
"namespaces",
"pods",
"replicationcontrollers",
"podtemplates",
"deployments.apps",
"replicasets.apps",
"daemonsets.apps",
"statefulsets.apps",
"jobs.batch",
"cronjobs.batch"
];
