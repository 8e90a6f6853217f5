// Written by hack/generate-tables.mjs from config-kinds.yaml; do not edit.
import type { ConfigKind } from './config-file.js';

export const KUBELET_CONFIGURATION = /* @__PURE__ */ JSON.parse(
  `{
"binary": "kubelet",
"what": "kubelet config file",
"apiVersion": "kubelet.config.k8s.io/v1beta1",
"kind": "KubeletConfiguration",
"fields": {
"address": ["address","string"],
"port": ["port","number"],
"readOnlyPort": ["read-only-port","number"],
"healthzBindAddress": ["healthz-bind-address","string"],
"healthzPort": ["healthz-port","number"],
"tlsCertFile": ["tls-cert-file","string"],
"tlsPrivateKeyFile": ["tls-private-key-file","string"],
"rotateCertificates": ["rotate-certificates","boolean"],
"serverTLSBootstrap": ["rotate-server-certificates","boolean"],
"authentication.x509.clientCAFile": ["client-ca-file","string"],
"authentication.webhook.enabled": ["authentication-token-webhook","boolean"],
"containerRuntimeEndpoint": ["container-runtime-endpoint","string"],
"clusterDNS": ["cluster-dns","strings"],
"clusterDomain": ["cluster-domain","string"],
"resolvConf": ["resolv-conf","string"],
"staticPodPath": ["pod-manifest-path","string"],
"podLogsDir": ["pod-log-dir","string"],
"registerNode": ["register-node","boolean"],
"registerWithTaints": ["register-with-taints","taints"],
"maxPods": ["max-pods","number"],
"allowedUnsafeSysctls": ["allowed-unsafe-sysctls","strings"],
"cgroupRoot": ["cgroup-root","string"],
"cgroupDriver": ["cgroup-driver","string"],
"seccompDefault": ["seccomp-default","boolean"],
"podPidsLimit": ["pod-max-pids","number"],
"nodeStatusUpdateFrequency": ["node-status-update-frequency","string"],
"imageGCHighThresholdPercent": ["image-gc-high-threshold","number"],
"imageGCLowThresholdPercent": ["image-gc-low-threshold","number"],
"imageMinimumGCAge": ["minimum-image-ttl-duration","string"],
"evictionHard": ["eviction-hard","thresholds"],
"evictionSoft": ["eviction-soft","thresholds"],
"evictionSoftGracePeriod": ["eviction-soft-grace-period","map"],
"evictionMaxPodGracePeriod": ["eviction-max-pod-grace-period","number"],
"evictionPressureTransitionPeriod": ["eviction-pressure-transition-period","string"],
"containerLogMaxSize": ["container-log-max-size","string"],
"containerLogMaxFiles": ["container-log-max-files","number"],
"kubeAPIQPS": ["kube-api-qps","number"],
"kubeAPIBurst": ["kube-api-burst","number"],
"registryPullQPS": ["registry-qps","number"],
"eventRecordQPS": ["event-qps","number"],
"cpuCFSQuota": ["cpu-cfs-quota","boolean"],
"cpuCFSQuotaPeriod": ["cpu-cfs-quota-period","string"],
"makeIPTablesUtilChains": ["make-iptables-util-chains","boolean"],
"staticPodURL": ["manifest-url","string"],
"tlsCipherSuites": ["tls-cipher-suites","strings"],
"featureGates": ["feature-gates","gates"]
},
"fixed": {
"authentication.anonymous.enabled": false,
"authorization.mode": "Webhook",
"shutdownGracePeriod": "0s",
"shutdownGracePeriodCriticalPods": "0s",
"enableSystemLogHandler": true,
"enableSystemLogQuery": false,
"failCgroupV1": false,
"memorySwap.swapBehavior": "NoSwap",
"tracing": null
},
"ignored": [
"authentication.webhook.cacheTTL",
"authorization.webhook",
"configMapAndSecretChangeDetectionStrategy",
"containerLogMaxWorkers",
"containerLogMonitorInterval",
"contentType",
"crashLoopBackOff",
"enableProfilingHandler",
"imageMaximumGCAge",
"logging",
"maxParallelImagePulls",
"nodeLeaseDurationSeconds",
"nodeStatusMaxImages",
"nodeStatusReportFrequency"
]
}`,
) as ConfigKind;

export const KUBE_PROXY_CONFIGURATION = /* @__PURE__ */ JSON.parse(
  `{
"binary": "kube-proxy",
"what": "kube-proxy config file",
"apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
"kind": "KubeProxyConfiguration",
"fields": {
"bindAddress": ["bind-address","string"],
"clientConnection.kubeconfig": ["kubeconfig","string"],
"clusterCIDR": ["cluster-cidr","string"],
"conntrack.maxPerCore": ["conntrack-max-per-core","number"],
"conntrack.min": ["conntrack-min","number"],
"conntrack.tcpBeLiberal": ["conntrack-tcp-be-liberal","boolean"],
"conntrack.tcpCloseWaitTimeout": ["conntrack-tcp-timeout-close-wait","string"],
"conntrack.tcpEstablishedTimeout": ["conntrack-tcp-timeout-established","string"],
"conntrack.udpStreamTimeout": ["conntrack-udp-timeout-stream","string"],
"conntrack.udpTimeout": ["conntrack-udp-timeout","string"],
"featureGates": ["feature-gates","gates"],
"healthzBindAddress": ["healthz-bind-address","string"],
"hostnameOverride": ["hostname-override","string"],
"metricsBindAddress": ["metrics-bind-address","string"],
"mode": ["proxy-mode","string"],
"nftables.masqueradeAll": ["masquerade-all","boolean"],
"nftables.minSyncPeriod": ["min-sync-period","string"],
"nodePortAddresses": ["nodeport-addresses","strings"]
},
"fixed": {
"detectLocalMode": "ClusterCIDR",
"detectLocal.bridgeInterface": "",
"detectLocal.interfaceNamePrefix": ""
},
"ignored": [
"clientConnection.acceptContentTypes",
"clientConnection.burst",
"clientConnection.contentType",
"clientConnection.qps",
"enableProfiling",
"iptables",
"ipvs",
"logging",
"nftables.masqueradeBit",
"nftables.syncPeriod",
"portRange",
"windowsRunAsService",
"winkernel"
]
}`,
) as ConfigKind;

export const KUBE_SCHEDULER_CONFIGURATION = /* @__PURE__ */ JSON.parse(
  `{
"binary": "kube-scheduler",
"what": "kube-scheduler config file",
"apiVersion": "kubescheduler.config.k8s.io/v1",
"kind": "KubeSchedulerConfiguration",
"fields": {
"clientConnection.kubeconfig": ["kubeconfig","string"],
"leaderElection.leaderElect": ["leader-elect","boolean"],
"leaderElection.leaseDuration": ["leader-elect-lease-duration","string"],
"leaderElection.renewDeadline": ["leader-elect-renew-deadline","string"],
"leaderElection.resourceLock": ["leader-elect-resource-lock","string"],
"leaderElection.resourceName": ["leader-elect-resource-name","string"],
"leaderElection.resourceNamespace": ["leader-elect-resource-namespace","string"],
"leaderElection.retryPeriod": ["leader-elect-retry-period","string"],
"profiles": ["scheduler-name","profiles"]
},
"fixed": {
"extenders": [],
"percentageOfNodesToScore": 0,
"podInitialBackoffSeconds": 1,
"podMaxBackoffSeconds": 10
},
"ignored": [
"clientConnection.acceptContentTypes",
"clientConnection.burst",
"clientConnection.contentType",
"clientConnection.qps",
"delayCacheUntilActive",
"enableContentionProfiling",
"enableProfiling",
"parallelism"
]
}`,
) as ConfigKind;
