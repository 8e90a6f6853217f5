// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const DIAL_TEXTS: Readonly<Record<string, string>> = {
"ECONNREFUSED": "connect: connection refused",
"EHOSTUNREACH": "connect: no route to host",
"ENETUNREACH": "connect: network is unreachable",
"ETIMEDOUT": "i/o timeout"
};

export const FORBIDDEN_RANGES = [
"0.0.0.0/8",
"127.0.0.0/8",
"169.254.0.0/16",
"224.0.0.0/3",
"::/128",
"::1/128",
"fe80::/10",
"ff00::/8"
] as const;
