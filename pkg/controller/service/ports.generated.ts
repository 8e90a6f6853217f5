// Written by hack/generate-tables.mjs from ports.yaml; do not edit.

export const RESERVED_PORTS = [
"TCP 22",
"TCP 2379",
"TCP 2380",
"TCP 2381",
"TCP 6443",
"TCP 10248",
"TCP 10249",
"TCP 10250",
"TCP 10251",
"TCP 10252",
"TCP 10253",
"TCP 10254",
"TCP 10255",
"TCP 10256",
"TCP 10257",
"TCP 10258",
"TCP 10259",
"TCP 10260",
"UDP 8285",
"UDP 8472",
"UDP 51820",
"UDP 51821"
] as const;
