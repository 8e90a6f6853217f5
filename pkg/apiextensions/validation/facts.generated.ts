// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const UNSUPPORTED = [
"id",
"additionalItems",
"patternProperties",
"definitions",
"dependencies",
"$ref"
] as const;
