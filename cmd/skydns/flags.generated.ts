// Written by hack/generate-tables.mjs from flags.yaml; do not edit.

export const DNS_FLAGS = {
"addr": {"type":"string","default":"0.0.0.0:53","help":"Address and port to listen on, UDP and TCP."},
"domain": {"type":"string","default":"cluster.local","help":"The cluster domain, answered from the API."},
"skydns-domain": {"type":"list","default":["skydns.local"],"help":"Domains answered from SkyDNS records in etcd; used with --machines."},
"machines": {"type":"list","help":"etcd endpoints with SkyDNS records under --path-prefix; without it, SkyDNS records are off."},
"path-prefix": {"type":"string","default":"skydns","help":"Prefix of the keys of SkyDNS records."},
"ca-cert": {"type":"string","help":"CA certificate of etcd."},
"tls-pem": {"type":"string","help":"Client certificate for etcd."},
"tls-key": {"type":"string","help":"Private key of the client certificate for etcd."},
"nameservers": {"type":"list","help":"Name servers for all other names, host:port; default: those in --resolv-conf."},
"resolv-conf": {"type":"string","default":"/etc/resolv.conf","help":"File from which name servers are read."},
"no-rec": {"type":"boolean","default":false,"help":"Do not forward: refuse names outside the served domains."},
"kubeconfig": {"type":"string","help":"Path to kubeconfig file; absent: the service account of the pod."},
"dns-service": {"type":"string","default":"kube-system/kube-dns","help":"Service with the address of the name server of the domain (NS records)."},
"config-map": {"type":"string","default":"kube-system/kube-dns","help":"ConfigMap with the keys stubDomains, upstreamNameservers and hosts; empty: none."},
"lameduck": {"type":"duration","default":"0s","help":"Time to go on answering after a request to stop, while clients learn of it."},
"health-port": {"type":"number","default":8080,"help":"Port of /health."},
"ready-port": {"type":"number","default":8181,"help":"Port of /ready."},
"metrics-port": {"type":"number","default":9153,"help":"Port of /metrics."}
} as const;
