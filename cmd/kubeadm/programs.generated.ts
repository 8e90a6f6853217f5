// Written by hack/generate-tables.mjs from programs.yaml; do not edit.

export const NODE_FILES = [
["configmaps","kubelet-config","kubelet","/var/lib/kubelet/config.yaml"],
["configmaps","kube-proxy","config.conf","/var/lib/kube-proxy/config.conf"],
["secrets","kube-proxy","kubeconfig.conf","/var/lib/kube-proxy/kubeconfig.conf"],
["secrets","flanneld-etcd-client","ca.crt","/var/lib/flanneld/ca.crt"],
["secrets","flanneld-etcd-client","tls.crt","/var/lib/flanneld/tls.crt"],
["secrets","flanneld-etcd-client","tls.key","/var/lib/flanneld/tls.key"]
] as const;

export const NODE_PROGRAMS = {
"flanneld": {"restrict":"setpriv --bounding-set=-all,+dac_read_search,+net_admin,+net_raw --inh-caps=-all --no-new-privs","flags":"--etcd-cafile=/var/lib/flanneld/ca.crt --etcd-certfile=/var/lib/flanneld/tls.crt --etcd-keyfile=/var/lib/flanneld/tls.key {flannel}"},
"kubelet": {"restrict":"","flags":"--kubeconfig=/etc/kubernetes/kubelet.conf --config=/var/lib/kubelet/config.yaml --hostname-override={node} --container-runtime-endpoint={socket}"},
"kube-proxy": {"restrict":"setpriv --bounding-set=-all,+dac_read_search,+net_admin --inh-caps=-all --no-new-privs","flags":"--config=/var/lib/kube-proxy/config.conf --hostname-override={node}"}
} as const;

export const RUN_SCRIPT = "#!/bin/sh\nexec 2>&1\nulimit -n 1048576 2>/dev/null || ulimit -n \"$(ulimit -H -n)\"\n[ ! -e /etc/default/{name} ] || . /etc/default/{name}\nexec {restrict} {program} {flags} ${extra}\n" as const;

export const LOG_SCRIPT = "#!/bin/sh\nmkdir -p /var/log/wheelhouse/{name}\nexec svlogd -tt /var/log/wheelhouse/{name}\n" as const;

export const UNIT = "[Unit]\nDescription=Wheelhouse: {name}\nAfter=network-online.target containerd.service\nWants=network-online.target\nStartLimitIntervalSec=0\n\n[Service]\nType=exec\nExecStart=/var/lib/wheelhouse/{name}/run\nRestart=always\nRestartSec=1\nKillMode=process\nDelegate=yes\nOOMPolicy=continue\nLimitNOFILE=1048576\nTasksMax=infinity\n\n[Install]\nWantedBy=multi-user.target\n" as const;

export const LEFT = [
"/var/lib/kubelet/config.yaml",
"/var/lib/kubelet/memory",
"/var/lib/kubelet/pods",
"/var/lib/kube-proxy",
"/var/lib/flanneld",
"/etc/cni/net.d/10-flannel.conflist",
"/run/cni-ipam-state",
"/run/flannel",
"/var/log/pods",
"/var/log/wheelhouse",
"/var/lib/wheelhouse"
] as const;

export const EMPTIED = [
"/etc/kubernetes/pki",
"/var/lib/kubelet/pki",
"/var/lib/cni/results"
] as const;
