// Written by hack/generate-tables.mjs from metrics.yaml; do not edit.

export const AUDIT_METRICS = {
"events": ["counter","apiserver_audit_event_total","Counter of audit events generated and sent to the audit backend."],
"levels": ["counter","apiserver_audit_level_total","Counter of policy levels for audit events (1 per request).",["level"]],
"rejected": ["counter","apiserver_audit_requests_rejected_total","Counter of apiserver requests rejected due to an error in audit logging backend."]
} as const;
