// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const HOP_BY_HOP: readonly string[] = [
"connection",
"keep-alive",
"transfer-encoding",
"upgrade",
"proxy-connection",
"te",
"trailer"
];
