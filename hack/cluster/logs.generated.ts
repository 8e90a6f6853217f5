// Written by hack/generate-tables.mjs from logs.yaml; do not edit.

export const OBJECTS = {
"/api/v1": ["nodes","namespaces","pods","services","events","replicationcontrollers"],
"/apis/apps/v1": ["deployments","replicasets","daemonsets","statefulsets"],
"/apis/batch/v1": ["jobs","cronjobs"],
"/apis/coordination.k8s.io/v1": ["leases"],
"/apis/discovery.k8s.io/v1": ["endpointslices"],
"/apis/networking.k8s.io/v1": ["networkpolicies"],
"/apis/apiregistration.k8s.io/v1": ["apiservices"]
} as const;

export const ON_HOST = {
"versions": "uname -a; cat /etc/os-release; node --version; containerd --version; runc --version",
"resources": "free -m; df -h; df -i; uptime; cat /proc/pressure/* 2>/dev/null",
"processes": "ps -eo pid,ppid,stat,etime,time,rss,args",
"cgroups": "cat /proc/cgroups; mount -t cgroup,cgroup2; find /sys/fs/cgroup -path \"*wheelhouse*\" -type d",
"kernel": "dmesg --ctime | tail -2000"
} as const;

export const ON_EACH = {
"network": "ip -d address; ip rule; ip route show table all; ip neighbour; bridge fdb; ss -tulpn",
"nftables": "nft list ruleset",
"iptables": "iptables-save; ip6tables-save",
"sysctl": "sysctl -a"
} as const;

export const ON_NODE = {
"containers": "ctr -n k8s.io containers list; ctr -n k8s.io tasks list; ctr -n k8s.io images list",
"mounts": "findmnt"
} as const;
