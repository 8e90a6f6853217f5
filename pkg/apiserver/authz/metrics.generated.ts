// Written by hack/generate-tables.mjs from metrics.yaml; do not edit.

export const AUTHORIZATION_METRICS = {
"decisions": ["counter","apiserver_authorization_decisions_total","Total number of terminal decisions made by an authorizer split by authorizer type, name, and decision.",["type","name","decision"]],
"evaluations": ["counter","apiserver_authorization_webhook_evaluations_total","Round-trips to authorization webhooks.",["name","result"]],
"duration": ["histogram","apiserver_authorization_webhook_duration_seconds","Request latency in seconds.",["name","result"],[0.005,0.01,0.025,0.05,0.1,0.25,0.5,1,2.5,5,10]],
"failOpen": ["counter","apiserver_authorization_webhook_evaluations_fail_open_total","NoOpinion results due to webhook timeout or error.",["name","result"]],
"conditionErrors": ["counter","apiserver_authorization_match_condition_evaluation_errors_total","Total number of errors when an authorization webhook encounters a match condition error split by authorizer type and name.",["type","name"]],
"exclusions": ["counter","apiserver_authorization_match_condition_exclusions_total","Total number of exclusions when an authorization webhook is skipped because match conditions exclude it.",["type","name"]],
"conditionSeconds": ["histogram","apiserver_authorization_match_condition_evaluation_seconds","Authorization match condition evaluation time in seconds, split by authorizer type and name.",["type","name"],[0.001,0.005,0.01,0.025,0.1,0.2,0.25]]
} as const;

export const AUTHORIZATION_RELOAD_METRICS = {
"reloads": ["counter","apiserver_authorization_config_controller_automatic_reloads_total","Total number of automatic reloads of authorization configuration split by status and apiserver identity.",["status","apiserver_id_hash"]],
"last": ["gauge","apiserver_authorization_config_controller_automatic_reload_last_timestamp_seconds","Timestamp of the last automatic reload of authorization configuration split by status and apiserver identity.",["status","apiserver_id_hash"]]
} as const;
