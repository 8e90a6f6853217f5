// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const SHAPE = {
"metadata": "any",
"omitStages": ["text"],
"omitManagedFields": "boolean",
"rules": [{"level":"text","users":["text"],"userGroups":["text"],"verbs":["text"],"resources":[{"group":"text","resources":["text"],"resourceNames":["text"]}],"namespaces":["text"],"nonResourceURLs":["text"],"omitStages":["text"],"omitManagedFields":"boolean"}]
} as const;
