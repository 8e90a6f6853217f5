// Flags of kube-scheduler, under upstream's names.
import { parseFlags, type Config } from '../flags.js';
import { leadingFlags } from '../leading.js';

export const FLAGS = {
  kubeconfig: {
    type: 'string',
    help: 'Path to kubeconfig file with authorization and master location information. Without it the service account of the pod is used.',
  },
  'scheduler-name': {
    type: 'string',
    default: 'default-scheduler',
    help: 'Schedules the pods with this spec.schedulerName.',
  },
  ...leadingFlags('kube-scheduler', 10259),
} as const;

export type KubeSchedulerConfig = Config<typeof FLAGS>;

export function parseOptions(argv: readonly string[]): KubeSchedulerConfig {
  return parseFlags('kube-scheduler', 'Assigns pods to nodes.', FLAGS, argv);
}
