// Written by hack/generate-tables.mjs from flags.yaml; do not edit.

export const CREATE_FLAGS = {
"ttl": {"type":"duration","default":"24h0m0s","help":"The duration before the token is automatically deleted (e.g. 1s, 2m, 3h). If set to '0', the token will never expire."},
"usages": {"type":"list","default":["signing","authentication"],"help":"Describes the ways in which this token can be used. You can pass --usages multiple times or provide a comma separated list of options. Valid options: [signing,authentication]."},
"groups": {"type":"list","default":["system:bootstrappers:kubeadm:default-node-token"],"help":"Extra groups that this token will authenticate as when used for authentication. Must match \"\\\\Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\\\\z\"."},
"description": {"type":"string","default":"","help":"A human friendly description of how this token is used."},
"print-join-command": {"type":"boolean","help":"Instead of printing only the token, print the full 'kubeadm join' flag needed to join the cluster using the token."},
"kubeconfig": {"type":"string","help":"The kubeconfig file to use when talking to the cluster; default the first that exists of KUBECONFIG (without it: ~/.kube/config) and /etc/kubernetes/admin.conf."}
} as const;

export const DELETE_FLAGS = {
"kubeconfig": {"type":"string","help":"The kubeconfig file to use when talking to the cluster; default the first that exists of KUBECONFIG (without it: ~/.kube/config) and /etc/kubernetes/admin.conf."}
} as const;

export const EXPIRATION_FLAGS = {
"cert-dir": {"type":"string","default":"/etc/kubernetes/pki","help":"The path where the certificates are stored."},
"kubeconfig-dir": {"type":"string","default":"/etc/kubernetes","help":"The path where the kubeconfig files are stored."}
} as const;

export const LIST_FLAGS = {
"output": {"type":"string","default":"text","choices":["text","json","yaml"],"help":"Output format; -o for short."},
"kubeconfig": {"type":"string","help":"The kubeconfig file to use when talking to the cluster; default the first that exists of KUBECONFIG (without it: ~/.kube/config) and /etc/kubernetes/admin.conf."}
} as const;
