// Written by hack/generate-tables.mjs from metrics.yaml; do not edit.

export const ENCRYPTION_METRICS = {
"reloads": ["counter","apiserver_encryption_config_controller_automatic_reloads_total","Total number of reload successes and failures of encryption configuration split by apiserver identity.",["status"]]
} as const;
