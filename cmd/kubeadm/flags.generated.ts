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

export const JOIN_FLAGS = {
"token": {"type":"string","required":true,"help":"The bootstrap token with which this machine checks the cluster, and gets its certificate."},
"discovery-token-ca-cert-hash": {"type":"list","help":"For token-based discovery, validate that the root CA public key matches this hash (format: \"<type>:<value>\"); with several authorities, the hash of each."},
"discovery-token-unsafe-skip-ca-verification": {"type":"boolean","help":"For token-based discovery, allow joining without --discovery-token-ca-cert-hash pinning."},
"discovery-file": {"type":"string","help":"For file-based discovery, a file or URL from which to load cluster information."},
"discovery-timeout": {"type":"duration","default":"5m0s","help":"How long to wait for the cluster, and for the signature of a new token; upstream takes it from a configuration file."},
"node-name": {"type":"string","help":"Specify the node name; default the host name."},
"cri-socket": {"type":"string","default":"unix:///run/containerd/containerd.sock","help":"Path to the CRI socket to connect."},
"skip-phases": {"type":"list","help":"List of phases to be skipped: kubelet-start, after which this machine has its credentials and starts no program."},
"ignore-preflight-errors": {"type":"list","help":"A list of checks whose errors will be shown as warnings. Example: 'IsPrivilegedUser,CRI'. Value 'all' ignores errors from all checks."}
} as const;

export const RESET_FLAGS = {
"force": {"type":"boolean","required":true,"help":"Reset the node without prompting for confirmation; there is no prompt here."},
"cri-socket": {"type":"string","default":"unix:///run/containerd/containerd.sock","help":"Path to the CRI socket to connect."}
} as const;

export const LIST_FLAGS = {
"output": {"type":"string","default":"text","choices":["text","json","yaml"],"help":"Output format; -o for short."},
"kubeconfig": {"type":"string","help":"The kubeconfig file to use when talking to the cluster; default the first that exists of KUBECONFIG (without it: ~/.kube/config) and /etc/kubernetes/admin.conf."}
} as const;
