// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const DIAL_TEXTS: Readonly<Record<string, string>> = {
"ECONNREFUSED": "connect: connection refused",
"EHOSTUNREACH": "connect: no route to host",
"ENETUNREACH": "connect: network is unreachable",
"ETIMEDOUT": "i/o timeout"
};
