// The file of --config: KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1).
import type { ConfigKind } from '../config-file.js';

export const KUBE_SCHEDULER_CONFIGURATION: ConfigKind = {
  binary: 'kube-scheduler',
  what: 'kube-scheduler config file',
  apiVersion: 'kubescheduler.config.k8s.io/v1',
  kind: 'KubeSchedulerConfiguration',
  fields: {
    'clientConnection.kubeconfig': ['kubeconfig', 'string'],
    'leaderElection.leaderElect': ['leader-elect', 'boolean'],
    'leaderElection.leaseDuration': ['leader-elect-lease-duration', 'string'],
    'leaderElection.renewDeadline': ['leader-elect-renew-deadline', 'string'],
    'leaderElection.resourceLock': ['leader-elect-resource-lock', 'string'],
    'leaderElection.resourceName': ['leader-elect-resource-name', 'string'],
    'leaderElection.resourceNamespace': ['leader-elect-resource-namespace', 'string'],
    'leaderElection.retryPeriod': ['leader-elect-retry-period', 'string'],
    profiles: ['scheduler-name', 'profiles'],
  },
  fixed: {
    extenders: [],
    percentageOfNodesToScore: 0,
    podInitialBackoffSeconds: 1,
    podMaxBackoffSeconds: 10,
  },
  ignored: [
    'clientConnection.acceptContentTypes',
    'clientConnection.burst',
    'clientConnection.contentType',
    'clientConnection.qps',
    'delayCacheUntilActive',
    'enableContentionProfiling',
    'enableProfiling',
    'parallelism',
  ],
};
