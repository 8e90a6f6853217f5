// Written by hack/generate-tables.mjs from upstream-flags.yaml; do not edit.
import type { FlagRows } from './upstream-flags.js';

export const UPSTREAM_FLAGS = /* @__PURE__ */ JSON.parse(
  `[
{
"of": ["kube-apiserver","kube-scheduler","kube-controller-manager","kubelet","kube-proxy"],
"why": "logs are text, and --log-level chooses them",
"flags": "v vmodule logging-format:text log-flush-frequency:5s log-json-info-buffer-size log-json-split-stream! log-text-info-buffer-size log-text-split-stream! log-dir log-file log-file-max-size:1800 logtostderr!true alsologtostderr! stderrthreshold:2 skip-headers! skip-log-headers! add-dir-header! one-output! log-backtrace-at"
},
{
"of": ["kube-apiserver","kube-scheduler","kube-controller-manager","kubelet","kube-proxy"],
"why": "all metrics are always shown",
"flags": "allow-metric-labels allow-metric-labels-manifest disabled-metrics show-hidden-metrics-for-version"
},
{
"of": ["kube-apiserver","kubelet"],
"why": "Node.js profiles by its own means",
"flags": "contention-profiling!"
},
{
"of": ["kube-apiserver"],
"why": "the version is 1.32",
"flags": "emulated-version"
},
{
"of": ["kube-scheduler","kube-controller-manager","kubelet","kube-proxy"],
"why": "what is stable or beta in 1.32 and documented here is on, everything else is off",
"flags": "feature-gates emulated-version"
},
{
"of": ["kube-apiserver","kube-scheduler","kube-controller-manager"],
"why": "connections are served over HTTP/1.1 and HTTP/2 with the limits of Node.js",
"flags": "disable-http2-serving! http2-max-streams-per-connection:0"
},
{
"of": ["kube-apiserver","kube-scheduler","kube-controller-manager"],
"why": "ports are not shared",
"refused": true,
"flags": "permit-address-sharing! permit-port-sharing!"
},
{
"of": ["kube-apiserver","kube-scheduler","kube-controller-manager","kubelet"],
"why": "there is one certificate for every name",
"refused": true,
"flags": "tls-sni-cert-key"
},
{
"of": ["kube-apiserver"],
"why": "audit events have one version",
"refused": true,
"flags": "audit-log-version:audit.k8s.io/v1 audit-webhook-version:audit.k8s.io/v1"
},
{
"of": ["kube-apiserver"],
"why": "there is no authorizer of the type ABAC",
"refused": true,
"flags": "authorization-policy-file"
},
{
"of": ["kube-apiserver"],
"why": "servers of APIServices are told the usual names of headers",
"flags": "requestheader-extra-headers-prefix:x-remote-extra- requestheader-group-headers:x-remote-group requestheader-username-headers:x-remote-user requestheader-uid-headers"
},
{
"of": ["kube-apiserver"],
"why": "answers of servers of APIServices are passed on",
"refused": true,
"flags": "aggregator-reject-forwarding-redirect!true"
},
{
"of": ["kube-apiserver"],
"why": "connections to nodes are direct",
"refused": true,
"flags": "egress-selector-config-file"
},
{
"of": ["kube-apiserver"],
"why": "--enable-admission-plugins and --disable-admission-plugins choose the plugins",
"refused": true,
"flags": "admission-control"
},
{
"of": ["kube-apiserver"],
"why": "browsers of other origins are not allowed in",
"refused": true,
"flags": "cors-allowed-origins"
},
{
"of": ["kube-apiserver"],
"why": "all objects are in one etcd cluster",
"refused": true,
"flags": "etcd-servers-overrides"
},
{
"of": ["kube-apiserver"],
"why": "the only storage is etcd3, as JSON",
"refused": true,
"flags": "storage-backend:etcd3"
},
{
"of": ["kube-apiserver"],
"why": "servers do not forward to each other",
"refused": true,
"flags": "peer-advertise-ip peer-advertise-port peer-ca-file"
},
{
"of": ["kube-apiserver"],
"why": "tokens are signed with a key file",
"refused": true,
"flags": "service-account-signing-endpoint"
},
{
"of": ["kube-apiserver"],
"why": "tokens of deleted accounts are always refused",
"refused": true,
"flags": "service-account-lookup!true"
},
{
"of": ["kube-apiserver"],
"why": "the service kubernetes is a cluster IP",
"refused": true,
"flags": "kubernetes-service-node-port:0"
},
{
"of": ["kube-apiserver"],
"why": "pods tolerate unreachable nodes for 300 s unless they say otherwise",
"refused": true,
"flags": "default-not-ready-toleration-seconds:300 default-unreachable-toleration-seconds:300"
},
{
"of": ["kube-apiserver"],
"why": "no traces are sent",
"refused": true,
"flags": "tracing-config-file"
},
{
"of": ["kube-apiserver"],
"why": "the address of other servers is their lease",
"refused": true,
"flags": "endpoint-reconciler-type:lease"
},
{
"of": ["kube-apiserver"],
"why": "the server chooses it",
"flags": "delete-collection-workers:1 enable-garbage-collector!true etcd-compaction-interval:5m0s etcd-count-metric-poll-period:1m0s etcd-db-metric-poll-interval:30s etcd-healthcheck-timeout:2s etcd-readycheck-timeout:2s external-hostname goaway-chance:0 identity-lease-duration-seconds:3600 identity-lease-renew-interval-seconds:10 kubelet-port:10250 kubelet-read-only-port:10255 kubelet-timeout:5s lease-reuse-duration-seconds:60 livez-grace-period:0s max-connection-bytes-per-sec:0 shutdown-send-retry-after! shutdown-watch-termination-grace-period:0s storage-initialization-timeout:1m0s storage-media-type:application/vnd.kubernetes.protobuf watch-cache!true watch-cache-sizes debug-socket-path runtime-config-emulation-forward-compatible! emulation-forward-compatible!"
},
{
"of": ["kube-scheduler","kube-controller-manager","kubelet","kube-proxy"],
"why": "the client holds back by what the server answers",
"flags": "kube-api-burst kube-api-qps kube-api-content-type:application/vnd.kubernetes.protobuf"
},
{
"of": ["kube-scheduler","kube-controller-manager","kube-proxy"],
"why": "the kubeconfig names the server",
"refused": true,
"flags": "master write-config-to"
},
{
"of": ["kube-scheduler","kube-controller-manager"],
"why": "the secure port serves health and metrics only, and asks the server of the kubeconfig who may read metrics",
"flags": "authentication-kubeconfig authentication-skip-lookup! client-ca-file authentication-token-webhook-cache-ttl:10s authentication-tolerate-lookup-failure!true authorization-always-allow-paths:/healthz,/readyz,/livez authorization-kubeconfig authorization-webhook-cache-authorized-ttl:10s authorization-webhook-cache-unauthorized-ttl:10s requestheader-allowed-names requestheader-client-ca-file requestheader-extra-headers-prefix:x-remote-extra- requestheader-group-headers:x-remote-group requestheader-username-headers:x-remote-user requestheader-uid-headers cert-dir"
},
{
"of": ["kube-scheduler","kube-controller-manager"],
"why": "Node.js profiles by its own means",
"flags": "profiling!true contention-profiling!true"
},
{
"of": ["kube-scheduler","kube-controller-manager"],
"why": "leases are the only lock",
"refused": true,
"flags": "leader-elect-resource-lock:leases"
},
{
"of": ["kube-scheduler"],
"why": "unschedulable pods are tried again after 5 minutes",
"refused": true,
"flags": "pod-max-in-unschedulable-pods-duration:5m0s"
},
{
"of": ["kube-controller-manager"],
"why": "there is no cloud",
"refused": true,
"flags": "cloud-provider cloud-config external-cloud-volume-plugin"
},
{
"of": ["kube-controller-manager"],
"why": "slices have at most 100 endpoints, and change at once",
"refused": true,
"flags": "max-endpoints-per-slice:100 mirroring-max-endpoints-per-subset:1000 endpoint-updates-batch-period:0s endpointslice-updates-batch-period:0s mirroring-endpointslice-updates-batch-period:0s"
},
{
"of": ["kube-controller-manager"],
"why": "the controllers of volumes of drivers are missing",
"refused": true,
"flags": "enable-hostpath-provisioner! enable-dynamic-provisioning!true disable-attach-detach-reconcile-sync! disable-force-detach-on-timeout! attach-detach-reconcile-sync-period:1m0s pv-recycler-increment-timeout-nfs:30 pv-recycler-minimum-timeout-hostpath:60 pv-recycler-minimum-timeout-nfs:300 pv-recycler-pod-template-filepath-hostpath pv-recycler-pod-template-filepath-nfs pv-recycler-timeout-increment-hostpath:30 flex-volume-plugin-dir:/usr/libexec/kubernetes/kubelet-plugins/volume/exec/ volume-host-allow-local-loopback!true volume-host-cidr-denylist"
},
{
"of": ["kube-controller-manager"],
"why": "node CIDRs come from one range",
"refused": true,
"flags": "cidr-allocator-type:RangeAllocator"
},
{
"of": ["kube-controller-manager"],
"why": "leadership moves to no other program",
"refused": true,
"flags": "enable-leader-migration! leader-migration-config"
},
{
"of": ["kube-controller-manager"],
"why": "the controllers react to changes, and the API server allocates service addresses",
"flags": "configure-cloud-routes!true controller-start-interval:0s namespace-sync-period:5m0s min-resync-period:12h0m0s resource-quota-sync-period:5m0s route-reconciliation-period:10s node-sync-period:0s service-cluster-ip-range concurrent-service-syncs:1 concurrent-serviceaccount-token-syncs:5 concurrent-resourceclaim-syncs"
},
{
"of": ["kubelet"],
"why": "requests without credentials are always refused",
"refused": true,
"flags": "anonymous-auth!"
},
{
"of": ["kubelet"],
"why": "the API server authorizes requests",
"refused": true,
"flags": "authorization-mode:Webhook"
},
{
"of": ["kubelet"],
"why": "one file holds the configuration",
"refused": true,
"flags": "config-dir"
},
{
"of": ["kubelet"],
"why": "there is no cloud",
"refused": true,
"flags": "cloud-provider cloud-config provider-id"
},
{
"of": ["kubelet"],
"why": "registries are asked without plugins",
"refused": true,
"flags": "image-credential-provider-bin-dir image-credential-provider-config"
},
{
"of": ["kubelet"],
"why": "nothing is reserved for the system, and containers have no CPUs or memory of their own",
"refused": true,
"flags": "cgroups-per-qos!true cpu-manager-policy:none cpu-manager-policy-options cpu-manager-reconcile-period:10s enforce-node-allocatable:pods kube-reserved kube-reserved-cgroup memory-manager-policy:None qos-reserved reserved-cpus reserved-memory system-cgroups system-reserved system-reserved-cgroup topology-manager-policy:none topology-manager-policy-options topology-manager-scope:container kubelet-cgroups runtime-cgroups"
},
{
"of": ["kubelet"],
"why": "CPU limits are always enforced",
"refused": true,
"flags": "cpu-cfs-quota!true cpu-cfs-quota-period:100ms"
},
{
"of": ["kubelet"],
"why": "--max-pods alone bounds the pods of a node",
"refused": true,
"flags": "pods-per-core:0"
},
{
"of": ["kubelet"],
"why": "the kernel is set up as pods need it",
"refused": true,
"flags": "protect-kernel-defaults!"
},
{
"of": ["kubelet"],
"why": "pods come from the API server and from files",
"refused": true,
"flags": "manifest-url manifest-url-header"
},
{
"of": ["kubelet"],
"why": "the kubelet runs until it is stopped",
"refused": true,
"flags": "runonce! exit-on-lock-contention! lock-file"
},
{
"of": ["kubelet"],
"why": "the API serves logs and commands",
"refused": true,
"flags": "enable-debugging-handlers!true enable-server!true"
},
{
"of": ["kubelet"],
"why": "a new node takes pods unless it is tainted",
"refused": true,
"flags": "register-schedulable!true"
},
{
"of": ["kubelet"],
"why": "images come from the runtime",
"refused": true,
"flags": "image-service-endpoint"
},
{
"of": ["kubelet"],
"why": "an eviction frees what its pod used",
"refused": true,
"flags": "eviction-minimum-reclaim"
},
{
"of": ["kubelet"],
"why": "volumes of ended pods are removed",
"refused": true,
"flags": "keep-terminated-pod-volumes!"
},
{
"of": ["kubelet"],
"why": "the kubelet chooses it",
"flags": "application-metrics-count-limit:100 authentication-token-webhook-cache-ttl:2m0s authorization-webhook-cache-authorized-ttl:5m0s boot-id-file authorization-webhook-cache-unauthorized-ttl:30s container-hints containerd containerd-namespace:k8s.io enable-controller-attach-detach!true enable-load-reader! event-burst:100 event-qps:50 event-storage-age-limit event-storage-event-limit experimental-allocatable-ignore-eviction! experimental-mounter-path fail-swap-on!true file-check-frequency:20s global-housekeeping-interval:1m0s hairpin-mode:promiscuous-bridge housekeeping-interval:10s http-check-frequency:20s kernel-memcg-notification! local-storage-capacity-isolation!true log-cadvisor-usage! machine-id-file make-iptables-util-chains!true max-open-files:1000000 maximum-dead-containers:-1 maximum-dead-containers-per-container:1 minimum-container-ttl-duration:0s node-status-max-images:50 oom-score-adj:-999 pod-cidr registry-burst:10 registry-qps:5 runtime-request-timeout:2m0s serialize-image-pulls!true storage-driver-buffer-duration:1m0s storage-driver-db:cadvisor storage-driver-host storage-driver-password storage-driver-secure! storage-driver-table:stats storage-driver-user streaming-connection-idle-timeout:4h0m0s sync-frequency:1m0s volume-plugin-dir volume-stats-agg-period:1m0s container-runtime:remote network-plugin non-masquerade-cidr"
},
{
"of": ["kube-proxy"],
"why": "pods are told by --cluster-cidr",
"refused": true,
"flags": "detect-local-mode pod-bridge-interface pod-interface-name-prefix"
},
{
"of": ["kube-proxy"],
"why": "the rules are of nftables",
"refused": true,
"flags": "ipvs-exclude-cidrs ipvs-min-sync-period:0s ipvs-scheduler ipvs-strict-arp! ipvs-sync-period:30s ipvs-tcp-timeout:0s ipvs-tcpfin-timeout:0s ipvs-udp-timeout:0s iptables-localhost-nodeports!true iptables-masquerade-bit:14"
},
{
"of": ["kube-proxy"],
"why": "the kernel has the time-outs of connections",
"refused": true,
"flags": "conntrack-tcp-be-liberal! conntrack-tcp-timeout-close-wait:1h0m0s conntrack-tcp-timeout-established:24h0m0s conntrack-udp-timeout:0s conntrack-udp-timeout-stream:0s"
},
{
"of": ["kube-proxy"],
"why": "privileges are not dropped in two steps",
"refused": true,
"flags": "init-only!"
},
{
"of": ["kube-proxy"],
"why": "the node is not of Windows",
"refused": true,
"flags": "enable-dsr! network-name root-hnsendpoint-name source-vip forward-healthcheck-vip!"
},
{
"of": ["kube-proxy"],
"why": "the proxy chooses it",
"flags": "bind-address-hard-fail! config-sync-period:15m0s healthz-port:10256 metrics-port:10249 iptables-min-sync-period:1s iptables-sync-period:30s oom-score-adj:-999 profiling! proxy-port-range"
}
]`,
) as FlagRows;
