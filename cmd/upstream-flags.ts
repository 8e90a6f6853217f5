// Upstream's flags (v1.32) that a program of ours does not have, by the reason. The value in the
// row is the program's behaviour anyway (mostly upstream's default) and is taken. Another value is
// taken with a warning where nobody comes to harm, and refused where somebody would rely on its
// effect.
//
// A row lists words `NAME`, `NAME:DEFAULT` for flags with a value, and `NAME!`, `NAME!DEFAULT` for
// booleans.

export interface Row {
  /** The reason for the user, which completes "--NAME has no effect: ". */
  why: string;
  /** True: a value other than the default ends the program. */
  refused?: true;
  flags: string;
}

const LOGS: Row = {
  why: 'logs are text, and --log-level chooses them',
  flags: `v vmodule logging-format:text log-flush-frequency:5s log-json-info-buffer-size
    log-json-split-stream! log-text-info-buffer-size log-text-split-stream! log-dir log-file
    log-file-max-size:1800 logtostderr!true alsologtostderr! stderrthreshold:2 skip-headers!
    skip-log-headers! add-dir-header! one-output! log-backtrace-at`,
};
const METRICS: Row = {
  why: 'all metrics are always shown',
  flags: `allow-metric-labels allow-metric-labels-manifest disabled-metrics
    show-hidden-metrics-for-version`,
};
const PROFILING: Row = {
  why: 'Node.js profiles by its own means',
  flags: 'contention-profiling!',
};
const GATES: Row = {
  why: 'what is stable or beta in 1.32 and documented here is on, everything else is off',
  flags: 'feature-gates emulated-version',
};
const SERVING: Row = {
  why: 'connections are served over HTTP/1.1 and HTTP/2 with the limits of Node.js',
  flags: 'disable-http2-serving! http2-max-streams-per-connection:0',
};
const SOCKETS: Row = {
  why: 'ports are not shared',
  refused: true,
  flags: 'permit-address-sharing! permit-port-sharing!',
};
const TLS: Row = {
  why: 'there is one certificate for every name',
  refused: true,
  flags: 'tls-sni-cert-key',
};
const CLIENT: Row = {
  why: 'the client holds back by what the server answers',
  flags: `kube-api-burst kube-api-qps
    kube-api-content-type:application/vnd.kubernetes.protobuf`,
};
const MASTER: Row = {
  why: 'the kubeconfig names the server',
  refused: true,
  flags: 'master write-config-to',
};
/** The secure port of scheduler and controller manager. */
const DELEGATED: Row = {
  why: 'the secure port serves health and metrics only, and asks the server of the kubeconfig who may read metrics',
  flags: `authentication-kubeconfig authentication-skip-lookup! client-ca-file
    authentication-token-webhook-cache-ttl:10s authentication-tolerate-lookup-failure!true
    authorization-always-allow-paths:/healthz,/readyz,/livez authorization-kubeconfig
    authorization-webhook-cache-authorized-ttl:10s
    authorization-webhook-cache-unauthorized-ttl:10s requestheader-allowed-names
    requestheader-client-ca-file requestheader-extra-headers-prefix:x-remote-extra-
    requestheader-group-headers:x-remote-group requestheader-username-headers:x-remote-user
    requestheader-uid-headers cert-dir`,
};
const LEADING: readonly Row[] = [
  LOGS,
  METRICS,
  GATES,
  SERVING,
  SOCKETS,
  TLS,
  CLIENT,
  MASTER,
  DELEGATED,
  { why: 'Node.js profiles by its own means', flags: 'profiling!true contention-profiling!true' },
  { why: 'leases are the only lock', refused: true, flags: 'leader-elect-resource-lock:leases' },
];

const no = (why: string, flags: string): Row => ({ why, refused: true, flags });

const API_SERVER: readonly Row[] = [
  LOGS,
  METRICS,
  PROFILING,
  GATES,
  SERVING,
  SOCKETS,
  TLS,
  {
    why: 'audit events have one version',
    refused: true,
    flags: 'audit-log-version:audit.k8s.io/v1 audit-webhook-version:audit.k8s.io/v1',
  },
  no(
    'the authorizers are Node, RBAC, AlwaysAllow and AlwaysDeny',
    `authorization-config authorization-policy-file authorization-webhook-config-file
      authorization-webhook-version:v1beta1 authorization-webhook-cache-authorized-ttl:5m0s
      authorization-webhook-cache-unauthorized-ttl:30s`,
  ),
  {
    why: 'servers of APIServices are told the usual names of headers',
    flags: `requestheader-extra-headers-prefix:x-remote-extra-
      requestheader-group-headers:x-remote-group requestheader-username-headers:x-remote-user
      requestheader-uid-headers`,
  },
  no(
    'answers of servers of APIServices are passed on',
    'aggregator-reject-forwarding-redirect!true',
  ),
  no('connections to nodes are direct', 'egress-selector-config-file'),
  no(
    '--enable-admission-plugins and --disable-admission-plugins choose the plugins',
    'admission-control',
  ),
  no('browsers of other origins are not allowed in', 'cors-allowed-origins'),
  no('all objects are in one etcd cluster', 'etcd-servers-overrides'),
  no('the only storage is etcd3, as JSON', 'storage-backend:etcd3'),
  no('servers do not forward to each other', 'peer-advertise-ip peer-advertise-port peer-ca-file'),
  no('tokens are signed with a key file', 'service-account-signing-endpoint'),
  no('tokens of deleted accounts are always refused', 'service-account-lookup!true'),
  no('the served versions are fixed', 'runtime-config'),
  no('the service kubernetes is a cluster IP', 'kubernetes-service-node-port:0'),
  no(
    'pods tolerate unreachable nodes for 300 s unless they say otherwise',
    'default-not-ready-toleration-seconds:300 default-unreachable-toleration-seconds:300',
  ),
  no('no traces are sent', 'tracing-config-file'),
  no('the address of other servers is their lease', 'endpoint-reconciler-type:lease'),
  {
    why: 'the server chooses it',
    flags: `delete-collection-workers:1 enable-garbage-collector!true etcd-compaction-interval:5m0s
      etcd-count-metric-poll-period:1m0s etcd-db-metric-poll-interval:30s
      etcd-healthcheck-timeout:2s etcd-readycheck-timeout:2s external-hostname goaway-chance:0
      identity-lease-duration-seconds:3600 identity-lease-renew-interval-seconds:10
      kubelet-port:10250 kubelet-read-only-port:10255 kubelet-timeout:5s
      lease-reuse-duration-seconds:60 livez-grace-period:0s max-connection-bytes-per-sec:0
      shutdown-send-retry-after! shutdown-watch-termination-grace-period:0s
      storage-initialization-timeout:1m0s storage-media-type:application/vnd.kubernetes.protobuf
      watch-cache!true watch-cache-sizes debug-socket-path
      runtime-config-emulation-forward-compatible! emulation-forward-compatible!`,
  },
];

const SCHEDULER: readonly Row[] = [
  ...LEADING,
  no(
    'unschedulable pods are tried again after 5 minutes',
    'pod-max-in-unschedulable-pods-duration:5m0s',
  ),
];

const CONTROLLER_MANAGER: readonly Row[] = [
  ...LEADING,
  no('there is no cloud', 'cloud-provider cloud-config external-cloud-volume-plugin'),
  no(
    'slices have at most 100 endpoints, and change at once',
    `max-endpoints-per-slice:100 mirroring-max-endpoints-per-subset:1000
      endpoint-updates-batch-period:0s endpointslice-updates-batch-period:0s
      mirroring-endpointslice-updates-batch-period:0s`,
  ),
  no(
    'the controllers of pod autoscaling and volumes are missing',
    `concurrent-horizontal-pod-autoscaler-syncs:5 horizontal-pod-autoscaler-tolerance:0.1
      horizontal-pod-autoscaler-cpu-initialization-period:5m0s
      horizontal-pod-autoscaler-downscale-stabilization:5m0s
      horizontal-pod-autoscaler-initial-readiness-delay:30s
      horizontal-pod-autoscaler-sync-period:15s enable-hostpath-provisioner!
      enable-dynamic-provisioning!true concurrent-ephemeralvolume-syncs:5
      disable-attach-detach-reconcile-sync! disable-force-detach-on-timeout!
      attach-detach-reconcile-sync-period:1m0s pvclaimbinder-sync-period:15s
      pv-recycler-increment-timeout-nfs:30 pv-recycler-minimum-timeout-hostpath:60
      pv-recycler-minimum-timeout-nfs:300 pv-recycler-pod-template-filepath-hostpath
      pv-recycler-pod-template-filepath-nfs pv-recycler-timeout-increment-hostpath:30
      flex-volume-plugin-dir:/usr/libexec/kubernetes/kubelet-plugins/volume/exec/
      volume-host-allow-local-loopback!true volume-host-cidr-denylist`,
  ),
  no('node CIDRs come from one range', 'cidr-allocator-type:RangeAllocator'),
  no('leadership moves to no other program', 'enable-leader-migration! leader-migration-config'),
  {
    why: 'the controllers react to changes, and the API server allocates service addresses',
    flags: `configure-cloud-routes!true controller-start-interval:0s namespace-sync-period:5m0s
      min-resync-period:12h0m0s resource-quota-sync-period:5m0s route-reconciliation-period:10s
      node-sync-period:0s service-cluster-ip-range concurrent-service-syncs:1
      concurrent-resourceclaim-syncs concurrent-validating-admission-policy-status-syncs:5
      legacy-service-account-token-clean-up-period:8760h0m0s`,
  },
];

const KUBELET: readonly Row[] = [
  LOGS,
  METRICS,
  PROFILING,
  GATES,
  TLS,
  CLIENT,
  no('requests without credentials are always refused', 'anonymous-auth!'),
  no('the API server authorizes requests', 'authorization-mode:Webhook'),
  { why: 'the node is registered with --kubeconfig', flags: 'bootstrap-kubeconfig' },
  no(
    'certificates are renewed by whoever wrote them',
    `rotate-certificates!
    rotate-server-certificates!`,
  ),
  no('one file holds the configuration', 'config-dir'),
  no('there is no cloud', 'cloud-provider cloud-config provider-id'),
  no(
    'registries are asked without plugins',
    `image-credential-provider-bin-dir
    image-credential-provider-config`,
  ),
  no(
    'nothing is reserved for the system, and containers have no CPUs or memory of their own',
    `cgroups-per-qos!true cpu-manager-policy:none cpu-manager-policy-options
      cpu-manager-reconcile-period:10s enforce-node-allocatable:pods kube-reserved
      kube-reserved-cgroup memory-manager-policy:None qos-reserved reserved-cpus reserved-memory
      system-cgroups system-reserved system-reserved-cgroup topology-manager-policy:none
      topology-manager-policy-options topology-manager-scope:container kubelet-cgroups
      runtime-cgroups`,
  ),
  no('CPU limits are always enforced', 'cpu-cfs-quota!true cpu-cfs-quota-period:100ms'),
  no('--max-pods alone bounds the pods of a node', 'pods-per-core:0'),
  no('the kernel is set up as pods need it', 'protect-kernel-defaults!'),
  no('pods come from the API server and from files', 'manifest-url manifest-url-header'),
  no('the kubelet runs until it is stopped', 'runonce! exit-on-lock-contention! lock-file'),
  no('the API serves logs and commands', 'enable-debugging-handlers!true enable-server!true'),
  no('a new node takes pods unless it is tainted', 'register-schedulable!true'),
  no('images come from the runtime', 'image-service-endpoint'),
  no('an eviction frees what its pod used', 'eviction-minimum-reclaim'),
  no('volumes of ended pods are removed', 'keep-terminated-pod-volumes!'),
  {
    why: 'the kubelet chooses it',
    flags: `application-metrics-count-limit:100 authentication-token-webhook-cache-ttl:2m0s
      authorization-webhook-cache-authorized-ttl:5m0s boot-id-file
      authorization-webhook-cache-unauthorized-ttl:30s container-hints containerd
      containerd-namespace:k8s.io enable-controller-attach-detach!true enable-load-reader!
      event-burst:100 event-qps:50 event-storage-age-limit event-storage-event-limit
      experimental-allocatable-ignore-eviction! experimental-mounter-path fail-swap-on!true
      file-check-frequency:20s global-housekeeping-interval:1m0s hairpin-mode:promiscuous-bridge
      housekeeping-interval:10s http-check-frequency:20s kernel-memcg-notification!
      local-storage-capacity-isolation!true log-cadvisor-usage! machine-id-file
      make-iptables-util-chains!true max-open-files:1000000 maximum-dead-containers:-1
      maximum-dead-containers-per-container:1 minimum-container-ttl-duration:0s
      node-status-max-images:50 oom-score-adj:-999 pod-cidr registry-burst:10 registry-qps:5
      runtime-request-timeout:2m0s serialize-image-pulls!true storage-driver-buffer-duration:1m0s
      storage-driver-db:cadvisor storage-driver-host storage-driver-password storage-driver-secure!
      storage-driver-table:stats storage-driver-user streaming-connection-idle-timeout:4h0m0s
      sync-frequency:1m0s volume-plugin-dir volume-stats-agg-period:1m0s
      container-runtime:remote network-plugin non-masquerade-cidr`,
  },
];

const PROXY: readonly Row[] = [
  LOGS,
  METRICS,
  GATES,
  CLIENT,
  MASTER,
  no(
    'pods are told by --cluster-cidr',
    `detect-local-mode pod-bridge-interface
    pod-interface-name-prefix`,
  ),
  no(
    'the rules are of nftables',
    `ipvs-exclude-cidrs ipvs-min-sync-period:0s ipvs-scheduler
    ipvs-strict-arp! ipvs-sync-period:30s ipvs-tcp-timeout:0s ipvs-tcpfin-timeout:0s
    ipvs-udp-timeout:0s iptables-localhost-nodeports!true iptables-masquerade-bit:14`,
  ),
  no(
    'the kernel has the time-outs of connections',
    `conntrack-tcp-be-liberal!
    conntrack-tcp-timeout-close-wait:1h0m0s conntrack-tcp-timeout-established:24h0m0s
    conntrack-udp-timeout:0s conntrack-udp-timeout-stream:0s`,
  ),
  no('privileges are not dropped in two steps', 'init-only!'),
  no(
    'the node is not of Windows',
    `enable-dsr! network-name root-hnsendpoint-name source-vip
    forward-healthcheck-vip!`,
  ),
  {
    why: 'the proxy chooses it',
    flags: `bind-address-hard-fail! config-sync-period:15m0s healthz-port:10256 metrics-port:10249
      iptables-min-sync-period:1s iptables-sync-period:30s oom-score-adj:-999 profiling!
      proxy-port-range`,
  },
];

const PROGRAMS: Readonly<Record<string, readonly Row[]>> = {
  'kube-apiserver': API_SERVER,
  'kube-scheduler': SCHEDULER,
  'kube-controller-manager': CONTROLLER_MANAGER,
  kubelet: KUBELET,
  'kube-proxy': PROXY,
};

export interface UpstreamFlag {
  name: string;
  boolean: boolean;
  default: string;
  why: string;
  refused: boolean;
}

/** The flags of upstream's program of that name which ours does not have. */
export function upstreamFlags(binary: string): UpstreamFlag[] {
  return (PROGRAMS[binary] ?? []).flatMap(({ why, refused = false, flags }) =>
    flags
      .trim()
      .split(/\s+/)
      .map((word): UpstreamFlag => {
        const [, name = '', mark = '', value = ''] = /^([a-z0-9-]+)([:!]?)(.*)$/.exec(word) ?? [];
        const boolean = mark === '!';
        return { name, boolean, default: value || (boolean ? 'false' : ''), why, refused };
      }),
  );
}
