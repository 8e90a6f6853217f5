// Written by hack/generate-tables.mjs from audit-policy.yaml; do not edit.

export const AUDIT_POLICY = /* @__PURE__ */ JSON.parse(
  `{
"apiVersion": "audit.k8s.io/v1",
"kind": "Policy",
"omitStages": [
"RequestReceived"
],
"rules": [
{"level":"None","resources":[{"group":"coordination.k8s.io","resources":["leases"]},{"group":"","resources":["events"]},{"group":"events.k8s.io","resources":["events"]}]},
{"level":"None","userGroups":["system:nodes"],"resources":[{"group":"","resources":["nodes/status","pods/status"]}]},
{"level":"Metadata","resources":[{"group":"","resources":["secrets","configmaps","serviceaccounts/token"]},{"group":"authentication.k8s.io","resources":["tokenreviews"]}],"verbs":["get","list","create","update","patch","delete","deletecollection"]},
{"level":"Metadata","resources":[{"group":"","resources":["pods/exec","pods/attach","pods/portforward","pods/proxy","services/proxy"]}]},
{"level":"None","verbs":["get","list","watch"]},
{"level":"None","nonResourceURLs":["*"]},
{"level":"Metadata"}
]
}`,
) as object;
