// Written by hack/generate-tables.mjs from flags.yaml; do not edit.

export const ROLLING_UPDATE_FLAGS = {
"filename": {"type":"string","help":"Filename or URL to file to use to create the new replication controller; short -f."},
"image": {"type":"string","help":"Image to use for upgrading the replication controller. Can not be used with --filename/-f."},
"update-period": {"type":"duration","default":"1m0s","help":"Time to wait between updating pods."},
"poll-interval": {"type":"duration","default":"3s","help":"Time delay between polling for replication controller status after the update."},
"timeout": {"type":"duration","default":"5m0s","help":"Max time to wait for a replication controller to update before giving up."},
"deployment-label-key": {"type":"string","default":"deployment","help":"The key to use to differentiate between two different controllers. Only relevant when --image is specified, ignored otherwise."},
"dry-run": {"type":"boolean","help":"If true, print out the changes that would be made, but do not actually make them."},
"rollback": {"type":"boolean","help":"If true, this is a request to abort an existing rollout that is partially rolled out. It effectively reverses current and next and runs a rollout."}
} as const;
