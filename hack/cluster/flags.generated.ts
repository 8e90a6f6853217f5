// Written by hack/generate-tables.mjs from flags.yaml; do not edit.

export const UP_FLAGS = {
"name": {"type":"string","default":"local","help":"The cluster's name; several clusters run side by side under different names."},
"backend": {"type":"string","default":"vxlan","choices":["vxlan","udp","host-gw"],"help":"How packets travel between nodes: vxlan, udp or host-gw."},
"dual-stack": {"type":"boolean","help":"Give nodes, pods and services IPv6 addresses beside IPv4; not with the udp backend."},
"guestbook": {"type":"boolean","help":"Create the guestbook of manifests/guestbook too."},
"ingress": {"type":"boolean","help":"Serve Ingresses with the add-on of manifests/ingress-controller."},
"separate": {"type":"boolean","help":"Run kube-apiserver, kube-controller-manager and kube-scheduler as three processes instead of one hyperkube."},
"merge-kubeconfig": {"type":"boolean","help":"Make the cluster the current one in the user's kubeconfig, as hack/kubeconfig --merge does."},
"no-load-balancers": {"type":"boolean","help":"Leave services of type LoadBalancer to another program, which gives them addresses."},
"no-build": {"type":"boolean","help":"Start what is built, even when sources are newer."}
} as const;

export const DOWN_FLAGS = {
"name": {"type":"string","default":"local","help":"The cluster's name."},
"keep": {"type":"boolean","help":"Keep the cluster's folder (etcd's data, keys, logs): hack/up continues from it."}
} as const;

export const STATUS_FLAGS = {
"name": {"type":"string","default":"local","help":"The cluster's name."},
"network": {"type":"boolean","help":"Show the pod network instead: leases, peers, bytes, drops and the paths between nodes."}
} as const;

export const KUBECONFIG_FLAGS = {
"name": {"type":"string","default":"local","help":"The cluster's name."},
"merge": {"type":"boolean","help":"Add the cluster to the user's kubeconfig, and make it the current context there."},
"remove": {"type":"boolean","help":"Take the cluster out of the user's kubeconfig."}
} as const;

export const LOGS_FLAGS = {
"name": {"type":"string","default":"local","help":"The cluster's name."},
"output": {"type":"string","help":"The archive; default wheelhouse-NAME-logs.tar.gz here."}
} as const;

export const BACKUP_FLAGS = {
"name": {"type":"string","default":"local","help":"The cluster's name."},
"output": {"type":"string","help":"The archive; default wheelhouse-NAME-backup.tar.gz here. It holds the cluster's keys."}
} as const;

export const RESTORE_FLAGS = {
"name": {"type":"string","default":"local","help":"The cluster's name."},
"archive": {"type":"string","help":"The archive that hack/backup wrote."}
} as const;

export const IMAGE_FLAGS = {
"name": {"type":"string","default":"local","help":"The cluster's name."},
"no-build": {"type":"boolean","help":"Take the bundles as they are."}
} as const;
