// Written by hack/generate-tables.mjs from flags.yaml; do not edit.

export const STOP_FLAGS = {
"filename": {"type":"list","help":"Filename, directory, or URL to file of resource(s) to be stopped; short -f."},
"selector": {"type":"string","help":"Selector (label query) to filter on; short -l."},
"all": {"type":"boolean","help":"Select all the specified resources."},
"grace-period": {"type":"number","default":-1,"help":"Period of time in seconds given to the resource to terminate gracefully. Ignored if negative."},
"timeout": {"type":"duration","default":"0s","help":"The length of time to wait before giving up on a delete, zero means five minutes."},
"ignore-not-found": {"type":"boolean","help":"Treat \"resource not found\" as a successful stop."}
} as const;
