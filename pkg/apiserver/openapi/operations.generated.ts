// Written by hack/generate-tables.mjs from operations.yaml; do not edit.
import type { OperationTable } from './names.js';

export const OPERATIONS = /* @__PURE__ */ JSON.parse(
  `{
"actions": {
"get": {"method":"get","action":"get","word":"read"},
"list": {"method":"get","action":"list","word":"list"},
"create": {"method":"post","action":"post","word":"create"},
"update": {"method":"put","action":"put","word":"replace"},
"patch": {"method":"patch","action":"patch","word":"patch"},
"delete": {"method":"delete","action":"delete","word":"delete"},
"deletecollection": {"method":"delete","action":"deletecollection","word":"deleteCollection"}
},
"query": {
"pretty": {"type":"string","description":"Indents the answer when true."},
"allowWatchBookmarks": {"type":"boolean","description":"Asks for watch events of type BOOKMARK."},
"continue": {"type":"string","description":"Token of the last page."},
"fieldSelector": {"type":"string","description":"Selects objects by their fields."},
"labelSelector": {"type":"string","description":"Selects objects by their labels."},
"limit": {"type":"integer","description":"Most objects in one answer."},
"resourceVersion": {"type":"string","description":"State that the answer may be based on."},
"resourceVersionMatch": {"type":"string","description":"How resourceVersion is meant."},
"sendInitialEvents": {"type":"boolean","description":"Starts a watch with events for what exists."},
"timeoutSeconds": {"type":"integer","description":"Ends the call after so many seconds."},
"watch": {"type":"boolean","description":"Answers with a stream of changes."},
"dryRun": {"type":"string","description":"All: runs every stage but keeps nothing."},
"fieldManager": {"type":"string","description":"Who makes the change."},
"fieldValidation": {"type":"string","description":"Ignore, Warn or Strict: what unknown and doubled fields cause."},
"force": {"type":"boolean","description":"Apply takes fields over from others."},
"gracePeriodSeconds": {"type":"integer","description":"Time that the object gets to end."},
"ignoreStoreReadErrorWithClusterBreakingPotential": {"type":"boolean","description":"Deletes objects that cannot be read."},
"orphanDependents": {"type":"boolean","description":"Deprecated: use propagationPolicy."},
"propagationPolicy": {"type":"string","description":"Orphan, Background or Foreground."}
},
"queries": {
"get": [],
"list": ["allowWatchBookmarks","continue","fieldSelector","labelSelector","limit","resourceVersion","resourceVersionMatch","sendInitialEvents","timeoutSeconds","watch"],
"post": ["dryRun","fieldManager","fieldValidation"],
"put": ["dryRun","fieldManager","fieldValidation"],
"patch": ["dryRun","fieldManager","fieldValidation","force"],
"delete": ["dryRun","gracePeriodSeconds","ignoreStoreReadErrorWithClusterBreakingPotential","orphanDependents","propagationPolicy"],
"deletecollection": ["continue","fieldSelector","labelSelector","limit","resourceVersion","resourceVersionMatch","sendInitialEvents","timeoutSeconds","dryRun","gracePeriodSeconds","ignoreStoreReadErrorWithClusterBreakingPotential","orphanDependents","propagationPolicy"]
},
"general": [
{"document":".well-known/openid-configuration","tag":"WellKnown","description":"get the configuration of the issuer of service account tokens","operationId":"getServiceAccountIssuerOpenIDConfiguration","types":["application/json"]},
{"document":"api","tag":"core","description":"get available API versions","operationId":"getCoreAPIVersions","types":["application/json","application/yaml","application/vnd.kubernetes.protobuf"],"schema":"APIVersions"},
{"document":"apis","tag":"apis","description":"get available API groups","operationId":"getAPIVersions","types":["application/json","application/yaml","application/vnd.kubernetes.protobuf"],"schema":"APIGroupList"},
{"document":"openid/v1/jwks","tag":"openid","description":"get the public keys that verify service account tokens","operationId":"getServiceAccountIssuerOpenIDKeyset","types":["application/jwk-set+json"]},
{"document":"version","tag":"version","description":"get the version of this server","operationId":"getCodeVersion","types":["application/json"]}
]
}`,
) as OperationTable;
