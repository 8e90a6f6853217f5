// Flags of kube-scheduler, under upstream's names.
import { withConfig } from '../config-file.js';
import { KUBE_SCHEDULER_CONFIGURATION } from '../config-kinds.generated.js';
import { parseFlags, type Config } from '../flags.js';
import { leadingFlags } from '../leading.js';
import { SCHEDULER_FLAGS } from './flags.generated.js';

export const FLAGS = { ...SCHEDULER_FLAGS, ...leadingFlags('kube-scheduler', 10259) } as const;

export type KubeSchedulerConfig = Config<typeof FLAGS>;

/** Throws FlagError. */
export function parseOptions(argv: readonly string[]): KubeSchedulerConfig {
  return withConfig(KUBE_SCHEDULER_CONFIGURATION, argv, (words) =>
    parseFlags('kube-scheduler', 'Assigns pods to nodes.', FLAGS, words),
  );
}
