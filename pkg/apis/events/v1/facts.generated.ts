// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const FIXED = [
"involvedObject",
"reason",
"message",
"source",
"firstTimestamp",
"lastTimestamp",
"count",
"reason",
"type",
"eventTime",
"action",
"related",
"reportingComponent",
"reportingInstance"
] as const;

export const RENAMED = {
"regarding": "involvedObject",
"note": "message",
"reportingController": "reportingComponent",
"deprecatedSource": "source",
"deprecatedFirstTimestamp": "firstTimestamp",
"deprecatedLastTimestamp": "lastTimestamp",
"deprecatedCount": "count"
} as const;
