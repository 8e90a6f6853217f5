// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
"connection",
"upgrade",
"keep-alive",
"proxy-connection",
"te",
"trailer",
"transfer-encoding",
"host",
"authorization",
"content-length"
]);

export const DEFAULT_ADDRESS_TYPES: readonly string[] = [
"InternalIP",
"ExternalIP",
"InternalDNS",
"ExternalDNS",
"Hostname"
];
