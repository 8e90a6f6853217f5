// Flags of kube-scheduler, under upstream's names.
import { withConfig } from '../config-file.js';
import { KUBE_SCHEDULER_CONFIGURATION } from '../config-kinds.generated.js';
import { parseFlags, type Config } from '../flags.js';
import { leadingFlags } from '../leading.js';

export const FLAGS = {
  config: {
    type: 'string',
    help: 'File with a KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1); flags take precedence.',
  },
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

/** Throws FlagError. */
export function parseOptions(argv: readonly string[]): KubeSchedulerConfig {
  const parse = (words: readonly string[]) =>
    parseFlags('kube-scheduler', 'Assigns pods to nodes.', FLAGS, words);
  const given = parse(argv);
  return given.config === undefined
    ? given
    : parse(withConfig(KUBE_SCHEDULER_CONFIGURATION, given.config, argv));
}
