// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const UNSUPPORTED = [
"id",
"additionalItems",
"patternProperties",
"definitions",
"dependencies",
"$ref"
] as const;

export const FORBIDDEN_IN_BRANCHES = {
"type": "empty",
"additionalProperties": "undefined",
"default": "undefined",
"title": "empty",
"description": "empty",
"nullable": "false",
"x-kubernetes-preserve-unknown-fields": "false",
"x-kubernetes-embedded-resource": "false",
"x-kubernetes-int-or-string": "false",
"x-kubernetes-list-map-keys": "empty",
"x-kubernetes-list-type": "undefined",
"x-kubernetes-map-type": "undefined",
"x-kubernetes-validations": "empty"
} as const;

export const TYPES: readonly string[] = [
"array",
"boolean",
"integer",
"number",
"object",
"string"
];
