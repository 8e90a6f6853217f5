// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const VERBS: Record<string, string> = {
"get": "GET",
"list": "LIST",
"watch": "WATCH",
"create": "POST",
"update": "PUT",
"patch": "PATCH",
"delete": "DELETE",
"deletecollection": "DELETECOLLECTION",
"head": "HEAD",
"post": "POST",
"put": "PUT",
"options": "OPTIONS",
"connect": "CONNECT",
"trace": "TRACE"
};
