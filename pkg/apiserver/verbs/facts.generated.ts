// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const CARRIED: readonly string[] = [
"name",
"namespace",
"uid",
"creationTimestamp",
"deletionTimestamp",
"deletionGracePeriodSeconds",
"generation",
"generateName",
"resourceVersion"
];

export const RETURNS_OBJECT: ReadonlySet<string> = new Set([
"pods",
"services",
"serviceaccounts",
"persistentvolumes",
"persistentvolumeclaims",
"podtemplates",
"resourcequotas"
]);
