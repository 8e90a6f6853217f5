// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const VERBS: readonly string[] = [
"create",
"delete",
"deletecollection",
"get",
"list",
"patch",
"proxy",
"update",
"watch"
];
