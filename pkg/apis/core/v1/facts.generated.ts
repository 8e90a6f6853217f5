// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const MOVED_LABELS: Readonly<Record<string, string>> = {
"beta.kubernetes.io/arch": "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
"beta.kubernetes.io/os": "deprecated since v1.14; use \"kubernetes.io/os\" instead",
"failure-domain.beta.kubernetes.io/region": "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
"failure-domain.beta.kubernetes.io/zone": "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
"beta.kubernetes.io/instance-type": "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead"
};

export const OLD_ANNOTATIONS: Readonly<Record<string, string>> = {
"scheduler.alpha.kubernetes.io/critical-pod": "non-functional in v1.16+; use the \"priorityClassName\" field instead",
"security.alpha.kubernetes.io/sysctls": "non-functional in v1.11+; use the \"sysctls\" field instead",
"security.alpha.kubernetes.io/unsafe-sysctls": "non-functional in v1.11+; use the \"sysctls\" field instead"
};

export const OLD_SOURCES = {
"cephfs": "deprecated in v1.28, non-functional in v1.31+",
"photonPersistentDisk": "deprecated in v1.11, non-functional in v1.16+",
"rbd": "deprecated in v1.28, non-functional in v1.31+",
"scaleIO": "deprecated in v1.16, non-functional in v1.22+",
"storageos": "deprecated in v1.22, non-functional in v1.25+",
"glusterfs": "deprecated in v1.25, non-functional in v1.26+"
} as const;

export const OLD_VOLUME_ANNOTATIONS = {
"volume.beta.kubernetes.io/storage-class": "deprecated since v1.8; use \"storageClassName\" attribute instead",
"volume.beta.kubernetes.io/mount-options": "deprecated since v1.31; use \"mountOptions\" attribute instead"
} as const;
