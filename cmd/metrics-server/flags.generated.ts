// Written by hack/generate-tables.mjs from flags.yaml; do not edit.

export const METRICS_SERVER_FLAGS = {
"kubeconfig": {"type":"string","help":"Path to kubeconfig file; absent: the service account of the pod."},
"bind-address": {"type":"string","default":"0.0.0.0","help":"Address to listen on."},
"secure-port": {"type":"number","default":10250,"help":"Port of the HTTPS server."},
"tls-cert-file": {"type":"string","help":"Certificate of the server; absent: one is made at each start."},
"tls-private-key-file": {"type":"string","help":"Private key of --tls-cert-file."},
"metric-resolution": {"type":"duration","default":"60s","help":"Time between two rounds of scrapes; at least 10s."},
"kubelet-certificate-authority": {"type":"string","help":"Authority of the certificates of kubelets; absent: the one of the API server."},
"kubelet-insecure-tls": {"type":"boolean","default":false,"help":"Do not verify the certificates of kubelets. For tests."},
"kubelet-client-certificate": {"type":"string","help":"Client certificate for kubelets; absent: the bearer token of the service account."},
"kubelet-client-key": {"type":"string","help":"Private key of --kubelet-client-certificate."},
"kubelet-preferred-address-types": {"type":"list","default":["Hostname","InternalDNS","InternalIP","ExternalDNS","ExternalIP"],"help":"Types of node addresses, the preferred first."},
"kubelet-port": {"type":"number","default":10250,"help":"Port of kubelets."},
"kubelet-use-node-status-port": {"type":"boolean","default":false,"help":"Take the port from each node's status instead."},
"kubelet-request-timeout": {"type":"duration","default":"10s","help":"Timeout of a request to a kubelet."}
} as const;
