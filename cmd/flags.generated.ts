// Written by hack/generate-tables.mjs from flags.yaml; do not edit.

export const LEADING_FLAGS = {
"leader-elect": {"type":"boolean","default":true,"help":"Start a leader election client and gain leadership before working."},
"leader-elect-lease-duration": {"type":"duration","default":"15s","help":"How long others wait after the last renewal before they take over."},
"leader-elect-renew-deadline": {"type":"duration","default":"10s","help":"How long the leader tries to renew before it stops."},
"leader-elect-retry-period": {"type":"duration","default":"2s","help":"Time between tries to acquire or renew leadership."},
"leader-elect-identity": {"type":"string","help":"Name under which the Lease is held; default one of its own per process. A fixed one lets a restarted process go on at once, and must be used by one process at a time."},
"leader-elect-resource-name": {"type":"string","help":"Name of the Lease."},
"leader-elect-resource-namespace": {"type":"string","default":"kube-system","help":"Namespace of the Lease."},
"bind-address": {"type":"string","default":"0.0.0.0","help":"Address for health and metrics."},
"secure-port": {"type":"number","help":"Port for /healthz, /readyz and /metrics; 0 switches them off. HTTPS when a certificate is given. Clients on other machines need HTTPS and a token that may get /metrics."},
"tls-cert-file": {"type":"string","help":"Certificate for the secure port."},
"tls-private-key-file": {"type":"string","help":"Private key for the secure port."}
} as const;
