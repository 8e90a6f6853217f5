// Written by hack/generate-tables.mjs from flags.yaml; do not edit.

export const INGRESS_FLAGS = {
"kubeconfig": {"type":"string","help":"Path to kubeconfig file; absent: the service account of the pod."},
"bind-address": {"type":"list","default":["0.0.0.0"],"help":"Addresses on which the proxy listens."},
"http-port": {"type":"number","default":80,"help":"Port of the proxy for HTTP."},
"https-port": {"type":"number","default":443,"help":"Port of the proxy for HTTPS."},
"healthz-port": {"type":"number","default":10254,"help":"Port of /healthz, /readyz and /metrics."},
"publish-service": {"type":"string","default":"kube-system/ingress-controller","help":"Service, namespace/name, whose addresses the status of ingresses shows."},
"haproxy": {"type":"string","default":"haproxy","help":"The program HAProxy."},
"state-dir": {"type":"string","default":"/run/ingress-controller","help":"Folder, of this program alone, for the configuration and the keys of the proxy."}
} as const;
