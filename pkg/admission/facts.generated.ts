// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const CONFIGURATION = {
"defaults": {"enforce":"text","enforce-version":"text","audit":"text","audit-version":"text","warn":"text","warn-version":"text"},
"exemptions": {"usernames":["text"],"runtimeClasses":["text"],"namespaces":["text"]}
} as const;
