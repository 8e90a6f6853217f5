// Written by hack/generate-tables.mjs from metrics.yaml; do not edit.

export const SCHEDULER_METRICS = {
"attempts": ["counter","scheduler_schedule_attempts_total","Number of attempts to schedule pods, by the result.",["result","profile"]],
"duration": ["histogram","scheduler_scheduling_attempt_duration_seconds","Scheduling attempt latency in seconds.",["result","profile"],[0.001,0.002,0.004,0.008,0.016,0.032,0.064,0.128,0.256,0.512,1.024,2.048,4.096,8.192,16.384]],
"pending": ["gauge","scheduler_pending_pods","Number of pending pods, by the queue.",["queue"]],
"preemptions": ["counter","scheduler_preemption_attempts_total","Total preemption attempts in the cluster till now."],
"victims": ["histogram","scheduler_preemption_victims","Number of selected preemption victims.",[],[1,2,4,8,16,32,64]]
} as const;
