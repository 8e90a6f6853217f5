// The kubelet's command line; flags.yaml has the flags.
import { DEFAULT_EVICTION_HARD } from '../../pkg/kubelet/eviction/thresholds.js';
import { type Config, FlagError, LOG_LEVEL, parseFlags } from '../flags.js';
import { TLS_FLAGS } from '../tls-flags.js';
import { withConfig } from '../config-file.js';
import { KUBELET_CONFIGURATION } from '../config-kinds.generated.js';
import { KUBELET_FLAGS } from './flags.generated.js';

export const FLAGS = {
  ...KUBELET_FLAGS,
  ...TLS_FLAGS,
  'eviction-hard': {
    type: 'list',
    default: DEFAULT_EVICTION_HARD.split(','),
    help: 'A set of eviction thresholds (e.g. memory.available<1Gi) that if met would trigger a pod eviction.',
  },
  'log-level': LOG_LEVEL,
} as const;

export type KubeletConfig = Config<typeof FLAGS>;

/** Certificates come from the API server. */
const NEED_API = [
  'bootstrap-kubeconfig',
  'rotate-certificates',
  'rotate-server-certificates',
] as const;

function checked(config: KubeletConfig): KubeletConfig {
  if (config['pod-max-pids'] > 0 && config['cgroup-driver'] === 'systemd')
    throw new FlagError('kubelet: --pod-max-pids needs --cgroup-driver=cgroupfs');
  for (const flag of NEED_API) {
    if (config[flag] && !config.kubeconfig)
      throw new FlagError(`kubelet: --${flag} needs --kubeconfig`);
  }
  return config;
}

export function parseOptions(argv: readonly string[]): KubeletConfig {
  return withConfig(KUBELET_CONFIGURATION, argv, (words) =>
    checked(parseFlags('kubelet', 'Runs the pods of one node.', FLAGS, words)),
  );
}
