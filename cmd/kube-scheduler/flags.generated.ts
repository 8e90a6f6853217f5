// Written by hack/generate-tables.mjs from flags.yaml; do not edit.

export const SCHEDULER_FLAGS = {
"config": {"type":"string","help":"File with a KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1); flags take precedence."},
"kubeconfig": {"type":"string","help":"Path to kubeconfig file with authorization and master location information. Without it the service account of the pod is used."},
"scheduler-name": {"type":"string","default":"default-scheduler","help":"Schedules the pods with this spec.schedulerName."}
} as const;
