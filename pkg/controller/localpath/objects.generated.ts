// Written by hack/generate-tables.mjs from objects.yaml; do not edit.

export const VOLUME = /* @__PURE__ */ JSON.parse(
  `{
"apiVersion": "v1",
"kind": "PersistentVolume",
"metadata": {
"name": "\${volume}",
"annotations": {"pv.kubernetes.io/provisioned-by":"wheelhouse.io/local-path","volume.kubernetes.io/selected-node":"\${node}"},
"finalizers": ["external-provisioner.volume.kubernetes.io/finalizer"]
},
"spec": {
"capacity": {"storage":"\${size}"},
"claimRef": {"apiVersion":"v1","kind":"PersistentVolumeClaim","name":"\${claim}","namespace":"\${namespace}","uid":"\${uid}"},
"local": {"path":"\${path}"},
"nodeAffinity": {"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"kubernetes.io/hostname","operator":"In","values":["\${host}"]}]}]}},
"persistentVolumeReclaimPolicy": "\${policy}",
"storageClassName": "\${class}",
"volumeMode": "Filesystem"
}
}`,
) as object;

export const ERASER = /* @__PURE__ */ JSON.parse(
  `{
"apiVersion": "v1",
"kind": "Pod",
"metadata": {
"name": "erase-\${volume}",
"namespace": "kube-system",
"annotations": {"hollow.wheelhouse/exit-after":"1s"}
},
"spec": {
"nodeName": "\${node}",
"restartPolicy": "Never",
"activeDeadlineSeconds": 120,
"automountServiceAccountToken": false,
"tolerations": [{"operator":"Exists"}],
"initContainers": [{"name":"empty","image":"\${image}","workingDir":"/volume","command":["sh","-c","empty() { find . -mindepth 1 -maxdepth 1 -exec rm -rf {} + ; }\\ndeep() { find . -mindepth 15 -maxdepth 15 -type d \\"$@\\" ; }\\nempty 2>/dev/null\\nwhile deep | grep -q . ; do\\n  deep -exec sh -c 'mv \\"$1\\" \\"$(mktemp -d ./XXXXXX)\\"' - {} \\\\;\\ndone\\nempty\\n"],"volumeMounts":[{"name":"volume","mountPath":"/volume"}]}],
"containers": [{"name":"remove","image":"\${image}","command":["rmdir","/all/\${directory}"],"volumeMounts":[{"name":"all","mountPath":"/all"}]}],
"volumes": [{"name":"volume","hostPath":{"path":"\${path}","type":"DirectoryOrCreate"}},{"name":"all","hostPath":{"path":"\${root}","type":"DirectoryOrCreate"}}]
}
}`,
) as object;

export const CLASS = /* @__PURE__ */ JSON.parse(
  `{
"apiVersion": "storage.k8s.io/v1",
"kind": "StorageClass",
"metadata": {
"name": "local-path",
"annotations": {"storageclass.kubernetes.io/is-default-class":"true"}
},
"provisioner": "wheelhouse.io/local-path",
"volumeBindingMode": "WaitForFirstConsumer",
"reclaimPolicy": "Delete"
}`,
) as object;
