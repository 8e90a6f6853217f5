// Written by hack/generate-tables.mjs from actions.yaml; do not edit.
import type { ActionTable } from './actions.js';

export const ACTIONS = /* @__PURE__ */ JSON.parse(
  `[
{
"name": "scale",
"on": ["*"],
"verb": "patch",
"subresource": "scale",
"asks": "replicas",
"body": {"spec":{"replicas":"$replicas"}}
},
{
"name": "restart",
"on": ["apps/deployments","apps/statefulsets","apps/daemonsets"],
"verb": "patch",
"unless": "paused",
"body": {"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"$now"}}}}}
},
{
"name": "rollBack",
"on": ["apps/deployments","apps/statefulsets","apps/daemonsets"],
"verb": "patch",
"unless": "paused",
"asks": "revision",
"isWhole": true,
"type": "application/strategic-merge-patch+json",
"body": {"...":"$content"}
},
{
"name": "pause",
"on": ["apps/deployments"],
"verb": "patch",
"unless": "paused",
"body": {"spec":{"paused":true}}
},
{
"name": "resume",
"on": ["apps/deployments"],
"verb": "patch",
"if": "paused",
"body": {"spec":{"paused":false}}
},
{
"name": "trigger",
"on": ["batch/cronjobs"],
"verb": "create",
"resource": "jobs",
"isWhole": true,
"body": {"apiVersion":"batch/v1","kind":"Job","metadata":{"generateName":"$prefix","labels":"$object.spec.jobTemplate.metadata.labels","annotations":{"...":"$object.spec.jobTemplate.metadata.annotations","cronjob.kubernetes.io/instantiate":"manual"},"ownerReferences":[{"apiVersion":"batch/v1","kind":"CronJob","name":"$object.metadata.name","uid":"$object.metadata.uid","controller":true}]},"spec":"$object.spec.jobTemplate.spec"}
},
{
"name": "suspend",
"on": ["batch/cronjobs","batch/jobs"],
"verb": "patch",
"unless": "suspend",
"body": {"spec":{"suspend":true}}
},
{
"name": "unsuspend",
"on": ["batch/cronjobs","batch/jobs"],
"verb": "patch",
"if": "suspend",
"body": {"spec":{"suspend":false}}
},
{
"name": "cordon",
"on": ["nodes"],
"verb": "patch",
"unless": "unschedulable",
"body": {"spec":{"unschedulable":true}}
},
{
"name": "uncordon",
"on": ["nodes"],
"verb": "patch",
"if": "unschedulable",
"body": {"spec":{"unschedulable":false}}
},
{
"name": "drain",
"on": ["nodes"],
"verb": "patch",
"isAlone": true,
"isDestructive": true,
"body": {"spec":{"unschedulable":true}}
},
{
"name": "evict",
"on": ["pods"],
"verb": "create",
"subresource": "eviction",
"isDestructive": true,
"body": {"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"$object.metadata.name","namespace":"$object.metadata.namespace"},"deleteOptions":{"preconditions":{"uid":"$object.metadata.uid"}}}
},
{
"name": "debug",
"on": ["pods"],
"verb": "patch",
"subresource": "ephemeralcontainers",
"asks": "image",
"isAlone": true,
"type": "application/strategic-merge-patch+json",
"body": {"spec":{"ephemeralContainers":[{"name":"$fresh","image":"$image","stdin":true,"tty":true}]}}
},
{
"name": "delete",
"on": ["*"],
"verb": "delete",
"isDestructive": true,
"body": {"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Background","preconditions":{"uid":"$object.metadata.uid"}}
}
]`,
) as ActionTable;
