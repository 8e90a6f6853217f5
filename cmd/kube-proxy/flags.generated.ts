// Written by hack/generate-tables.mjs from flags.yaml; do not edit.

export const PROXY_FLAGS = {
"config": {"type":"string","help":"File with a KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1); flags take precedence."},
"kubeconfig": {"type":"string","help":"Path to kubeconfig file with authorization information; absent: the service account of the pod."},
"hostname-override": {"type":"string","help":"If non-empty, will be used as the name of the Node that kube-proxy is running on."},
"cluster-cidr": {"type":"string","default":"","help":"The CIDR range of the pods in the cluster; traffic to cluster IPs from outside it is masqueraded. For a dual-stack cluster, one CIDR of each family, separated by a comma."},
"proxy-mode": {"type":"string","default":"nftables","help":"Which proxy mode to use; this kube-proxy supports only nftables."},
"nodeport-addresses": {"type":"list","default":["primary"],"help":"CIDR ranges of the node's addresses that accept node port traffic; \"primary\": the addresses in the Node's status."},
"masquerade-all": {"type":"boolean","help":"SNAT all traffic sent via Service cluster IPs."},
"min-sync-period": {"type":"duration","default":"1s","help":"Upstream's pause between rule changes; here a change is programmed at once and this bounds only bursts, at a twentieth of it."},
"conntrack-max-per-core": {"type":"number","default":0,"help":"Maximum number of NAT connections to track per CPU core (0 leaves the kernel's limit as it is)."},
"conntrack-min": {"type":"number","default":131072,"help":"Minimum number of conntrack entries to allocate, with conntrack-max-per-core above 0."},
"conntrack-cleanup": {"type":"boolean","default":true,"help":"Delete conntrack entries of removed UDP endpoints."},
"network-policy": {"type":"boolean","default":true,"help":"Enforce NetworkPolicy for the pods of this node."},
"healthz-bind-address": {"type":"string","default":"0.0.0.0:10256","help":"The IP address and port for the health check server to serve on; empty to disable."},
"metrics-bind-address": {"type":"string","default":"127.0.0.1:10249","help":"The IP address and port for the metrics server to serve on; empty to disable."},
"bind-address": {"type":"string","default":"0.0.0.0","help":"Accepted for compatibility; the addresses in the Node are used."},
"cleanup": {"type":"boolean","help":"If true cleanup nftables rules and exit."}
} as const;
