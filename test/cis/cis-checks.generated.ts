// Written by hack/generate-tables.mjs from cis-checks.yaml; do not edit.

export const CIS_CHECKS = /* @__PURE__ */ JSON.parse(
  `[
[
"1.1.1",
"pod specification files of the control plane",
"none",
"the supervisor starts the process; there is no pod specification file"
],
[
"1.1.2",
"pod specification files of the control plane",
"none",
"the supervisor starts the process; there is no pod specification file"
],
[
"1.1.3",
"pod specification files of the control plane",
"none",
"the supervisor starts the process; there is no pod specification file"
],
[
"1.1.4",
"pod specification files of the control plane",
"none",
"the supervisor starts the process; there is no pod specification file"
],
[
"1.1.5",
"pod specification files of the control plane",
"none",
"the supervisor starts the process; there is no pod specification file"
],
[
"1.1.6",
"pod specification files of the control plane",
"none",
"the supervisor starts the process; there is no pod specification file"
],
[
"1.1.7",
"pod specification files of the control plane",
"none",
"the supervisor starts the process; there is no pod specification file"
],
[
"1.1.8",
"pod specification files of the control plane",
"none",
"the supervisor starts the process; there is no pod specification file"
],
[
"1.1.9",
"CNI files: mode 600, owner root",
"cniFiles"
],
[
"1.1.10",
"CNI files: mode 600, owner root",
"cniFiles"
],
[
"1.1.11",
"data folder of etcd: mode 700",
"etcdFolder"
],
[
"1.1.12",
"data folder of etcd: owner etcd",
"choice",
"etcd runs as root, in the checkout"
],
[
"1.1.13",
"admin.conf: mode 600",
"kubeconfig"
],
[
"1.1.14",
"admin.conf: owner root",
"kubeconfig"
],
[
"1.1.15",
"scheduler.conf: mode 600",
"closed scheduler.conf"
],
[
"1.1.16",
"scheduler.conf: owner root",
"closed scheduler.conf"
],
[
"1.1.17",
"controller-manager.conf: mode 600",
"closed controller-manager.conf"
],
[
"1.1.18",
"controller-manager.conf: owner root",
"closed controller-manager.conf"
],
[
"1.1.19",
"PKI files: owner root",
"pkiFiles"
],
[
"1.1.20",
"certificates: mode 600",
"certificates"
],
[
"1.1.21",
"keys: mode 600",
"keys"
],
[
"1.2.1",
"anonymous requests are off",
"flag kube-apiserver anonymous-auth is false",
"upstream's default: RBAC lets them read health and version, which probes and joining nodes need"
],
[
"1.2.2",
"no static tokens",
"flag kube-apiserver token-auth-file unset"
],
[
"1.2.3",
"DenyServiceExternalIPs",
"flag kube-apiserver enable-admission-plugins has DenyServiceExternalIPs",
"external IPs of services are a feature that clusters use"
],
[
"1.2.4",
"client certificate for kubelets",
"flag kube-apiserver kubelet-client-certificate set; kubelet-client-key set"
],
[
"1.2.5",
"authority of kubelets",
"flag kube-apiserver kubelet-certificate-authority set"
],
[
"1.2.6",
"no AlwaysAllow",
"flag kube-apiserver authorization-mode lacks AlwaysAllow"
],
[
"1.2.7",
"Node authorizer",
"flag kube-apiserver authorization-mode has Node"
],
[
"1.2.8",
"RBAC authorizer",
"flag kube-apiserver authorization-mode has RBAC"
],
[
"1.2.9",
"EventRateLimit",
"flag kube-apiserver enable-admission-plugins has EventRateLimit",
"its limits depend on the cluster; events have a priority level of their own"
],
[
"1.2.10",
"no AlwaysAdmit",
"flag kube-apiserver enable-admission-plugins lacks AlwaysAdmit"
],
[
"1.2.11",
"AlwaysPullImages",
"flag kube-apiserver enable-admission-plugins has AlwaysPullImages",
"nodes of hack/up have imported images and no registry to pull from"
],
[
"1.2.12",
"ServiceAccount",
"flag kube-apiserver disable-admission-plugins lacks ServiceAccount"
],
[
"1.2.13",
"NamespaceLifecycle",
"flag kube-apiserver disable-admission-plugins lacks NamespaceLifecycle"
],
[
"1.2.14",
"NodeRestriction",
"flag kube-apiserver enable-admission-plugins has NodeRestriction"
],
[
"1.2.15",
"no profiler",
"flag kube-apiserver profiling is false"
],
[
"1.2.16",
"audit log",
"flag kube-apiserver audit-log-path set"
],
[
"1.2.17",
"audit log: 30 days",
"flag kube-apiserver audit-log-maxage least 30"
],
[
"1.2.18",
"audit log: 10 files",
"flag kube-apiserver audit-log-maxbackup least 10"
],
[
"1.2.19",
"audit log: 100 MB a file",
"flag kube-apiserver audit-log-maxsize least 100"
],
[
"1.2.20",
"request timeout",
"flag kube-apiserver request-timeout not 0s"
],
[
"1.2.21",
"service account lookup",
"flag kube-apiserver service-account-lookup not false"
],
[
"1.2.22",
"service account keys",
"flag kube-apiserver service-account-key-file set"
],
[
"1.2.23",
"client certificate for etcd",
"flag kube-apiserver etcd-certfile set; etcd-keyfile set"
],
[
"1.2.24",
"serving certificate",
"flag kube-apiserver tls-cert-file set; tls-private-key-file set"
],
[
"1.2.25",
"client authority",
"flag kube-apiserver client-ca-file set"
],
[
"1.2.26",
"authority of etcd",
"flag kube-apiserver etcd-cafile set"
],
[
"1.2.27",
"encryption at rest",
"flag kube-apiserver encryption-provider-config set"
],
[
"1.2.28",
"encryption by aescbc, kms or secretbox",
"firstProvider"
],
[
"1.2.29",
"strong ciphers",
"flag kube-apiserver tls-cipher-suites set"
],
[
"1.3.1",
"threshold of ended pods",
"flag kube-controller-manager terminated-pod-gc-threshold set"
],
[
"1.3.2",
"no profiler",
"flag kube-controller-manager profiling is false"
],
[
"1.3.3",
"credentials of a service account for each controller",
"flag kube-controller-manager use-service-account-credentials is true"
],
[
"1.3.4",
"service account key",
"flag kube-controller-manager service-account-private-key-file set"
],
[
"1.3.5",
"root authority",
"flag kube-controller-manager root-ca-file set"
],
[
"1.3.6",
"rotation of serving certificates",
"choice",
"hack/up renews serving certificates when it starts a cluster; nobody approves requests for them"
],
[
"1.3.7",
"loopback only",
"flag kube-controller-manager bind-address is 127.0.0.1"
],
[
"1.4.1",
"no profiler",
"flag kube-scheduler profiling is false"
],
[
"1.4.2",
"loopback only",
"flag kube-scheduler bind-address is 127.0.0.1"
],
[
"2.1",
"serving certificate",
"flag etcd cert-file set; key-file set"
],
[
"2.2",
"clients have certificates",
"flag etcd client-cert-auth is true"
],
[
"2.3",
"no self-signed certificate",
"flag etcd auto-tls not true"
],
[
"2.4",
"certificate for peers",
"flag etcd peer-cert-file set; peer-key-file set"
],
[
"2.5",
"peers have certificates",
"flag etcd peer-client-cert-auth is true"
],
[
"2.6",
"no self-signed certificate for peers",
"flag etcd peer-auto-tls not true"
],
[
"2.7",
"an authority of its own",
"ownAuthority"
],
[
"3.1.1",
"no client certificates for users",
"choice",
"the administrator of hack/up has one; other users are the operator's matter"
],
[
"3.1.2",
"no service account tokens for users",
"none",
"a default cluster has no users"
],
[
"3.1.3",
"no bootstrap tokens for users",
"none",
"a default cluster has no bootstrap tokens"
],
[
"3.2.1",
"an audit policy",
"flag kube-apiserver audit-policy-file set"
],
[
"3.2.2",
"an audit policy for what matters",
"flag kube-apiserver audit-policy-file set"
],
[
"4.1.1",
"service file of the kubelet: mode",
"none",
"the supervisor starts the kubelet; its definition is below .wheelhouse"
],
[
"4.1.2",
"service file of the kubelet: owner",
"none",
"the supervisor starts the kubelet; its definition is below .wheelhouse"
],
[
"4.1.3",
"kubeconfig of kube-proxy: mode 600",
"closed kube-proxy.conf"
],
[
"4.1.4",
"kubeconfig of kube-proxy: owner root",
"closed kube-proxy.conf"
],
[
"4.1.5",
"kubeconfig of the kubelet: mode 600",
"kubeletConfigs"
],
[
"4.1.6",
"kubeconfig of the kubelet: owner root",
"kubeletConfigs"
],
[
"4.1.7",
"client authority: mode 644",
"clientAuthority"
],
[
"4.1.8",
"client authority: owner root",
"clientAuthority"
],
[
"4.1.9",
"configuration of the kubelet: mode",
"none",
"the kubelet takes flags, and no configuration file"
],
[
"4.1.10",
"configuration of the kubelet: owner",
"none",
"the kubelet takes flags, and no configuration file"
],
[
"4.2.1",
"the kubelet refuses strangers",
"refusesStrangers"
],
[
"4.2.2",
"the kubelet asks who may do what",
"refusesStrangers"
],
[
"4.2.3",
"client authority",
"flag kubelet client-ca-file set"
],
[
"4.2.4",
"no read-only port",
"flag kubelet read-only-port zero"
],
[
"4.2.5",
"idle streams end",
"flag kubelet streaming-connection-idle-timeout not 0; streaming-connection-idle-timeout not 0s"
],
[
"4.2.6",
"chains of iptables",
"flag kubelet make-iptables-util-chains not false"
],
[
"4.2.7",
"no other host name",
"flag kubelet hostname-override unset",
"several nodes of hack/up share one machine"
],
[
"4.2.8",
"events are captured",
"flag kubelet event-qps positive"
],
[
"4.2.9",
"serving certificate",
"flag kubelet tls-cert-file set; tls-private-key-file set"
],
[
"4.2.10",
"rotation of client certificates",
"flag kubelet rotate-certificates is true"
],
[
"4.2.11",
"rotation of serving certificates",
"choice",
"hack/up renews serving certificates when it starts a cluster; nobody approves requests for them"
],
[
"4.2.12",
"strong ciphers",
"flag kubelet tls-cipher-suites set"
],
[
"4.2.13",
"a limit of processes",
"flag kubelet pod-max-pids least 1"
],
[
"4.3.1",
"metrics of kube-proxy on loopback",
"flag kube-proxy metrics-bind-address loopback"
],
[
"5.1.1",
"cluster-admin where required only",
"clusterAdmins"
],
[
"5.1.2",
"secrets",
"may list secrets"
],
[
"5.1.3",
"no wildcards in roles",
"choice",
"upstream's default roles have them: cluster-admin, and a few controllers"
],
[
"5.1.4",
"creation of pods",
"may create pods"
],
[
"5.1.5",
"default service accounts mount no token",
"choice",
"upstream's default; a default account has no right beyond those of every user"
],
[
"5.1.6",
"tokens where necessary only",
"tokens"
],
[
"5.1.7",
"no use of system:masters",
"choice",
"the kubeconfig of hack/up is in that group"
],
[
"5.1.8",
"bind, impersonate, escalate",
"may bind clusterroles rbac.authorization.k8s.io; escalate clusterroles rbac.authorization.k8s.io; impersonate users"
],
[
"5.1.9",
"creation of persistent volumes",
"may create persistentvolumes"
],
[
"5.1.10",
"proxy of nodes",
"may get nodes/proxy"
],
[
"5.1.11",
"approval of certificates",
"may update certificatesigningrequests/approval certificates.k8s.io"
],
[
"5.1.12",
"webhook configurations",
"may create mutatingwebhookconfigurations admissionregistration.k8s.io"
],
[
"5.1.13",
"tokens of service accounts",
"may create serviceaccounts/token"
],
[
"5.2.1",
"a policy mechanism",
"flag kube-apiserver disable-admission-plugins lacks PodSecurity"
],
[
"5.2.2",
"no privileged containers",
"privileged"
],
[
"5.2.3",
"no process IDs of the host",
"hostPID"
],
[
"5.2.4",
"no IPC of the host",
"hostIPC"
],
[
"5.2.5",
"no network of the host",
"hostNetwork"
],
[
"5.2.6",
"no privilege escalation",
"escalation"
],
[
"5.2.7",
"no root in containers",
"rootUsers"
],
[
"5.2.8",
"no NET_RAW",
"netRaw"
],
[
"5.2.9",
"no added capabilities",
"addedCapabilities"
],
[
"5.2.10",
"no capabilities",
"anyCapabilities"
],
[
"5.2.11",
"no HostProcess",
"none",
"nodes run Linux"
],
[
"5.2.12",
"no paths of the host",
"hostPaths"
],
[
"5.2.13",
"no ports of the host",
"hostPorts"
],
[
"5.3.1",
"the network supports policies",
"flag kube-proxy network-policy not false"
],
[
"5.3.2",
"every namespace has a network policy",
"choice",
"a policy for namespaces without pods would break nothing and protect nothing"
],
[
"5.4.1",
"secrets as files",
"secretVariables"
],
[
"5.4.2",
"external secret storage",
"choice",
"a KMS plugin can be configured; a default cluster has none to talk to"
],
[
"5.5.1",
"image provenance",
"choice",
"no registry signs the images of a default cluster"
],
[
"5.7.1",
"boundaries by namespaces",
"none",
"the operator decides"
],
[
"5.7.2",
"RuntimeDefault seccomp",
"seccomp"
],
[
"5.7.3",
"security contexts",
"securityContexts"
],
[
"5.7.4",
"the default namespace is not used",
"defaultNamespace"
]
]`,
) as readonly (readonly string[])[];
