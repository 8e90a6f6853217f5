// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const METHOD_VERBS: Record<string, string> = {
"POST": "create",
"GET": "get",
"HEAD": "get",
"PUT": "update",
"PATCH": "patch",
"DELETE": "delete"
};
