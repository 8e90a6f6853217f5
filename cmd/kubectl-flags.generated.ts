// Written by hack/generate-tables.mjs from kubectl-flags.yaml; do not edit.

export const KUBECTL_FLAGS = {
"kubeconfig": {"type":"string","help":"Path to the kubeconfig file to use for CLI requests."},
"context": {"type":"string","help":"The name of the kubeconfig context to use."},
"cluster": {"type":"string","help":"The name of the kubeconfig cluster to use."},
"user": {"type":"string","help":"The name of the kubeconfig user to use."},
"namespace": {"type":"string","help":"If present, the namespace scope for this CLI request; short -n."},
"server": {"type":"string","help":"The address and port of the Kubernetes API server; short -s."},
"token": {"type":"string","help":"Bearer token for authentication to the API server."},
"as": {"type":"string","help":"Username to impersonate for the operation."},
"as-group": {"type":"list","help":"Group to impersonate for the operation, this flag can be repeated to specify multiple groups."},
"certificate-authority": {"type":"string","help":"Path to a cert file for the certificate authority."},
"client-certificate": {"type":"string","help":"Path to a client certificate file for TLS."},
"client-key": {"type":"string","help":"Path to a client key file for TLS."},
"tls-server-name": {"type":"string","help":"Server name to use for server certificate validation."},
"insecure-skip-tls-verify": {"type":"boolean","help":"If true, the certificate of the server will not be checked for validity."},
"request-timeout": {"type":"string","help":"The length of time to wait before giving up on a single server request."}
} as const;
