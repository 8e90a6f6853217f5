// The command line of kube-controller-manager; flags.yaml has the flags.
import { SIGNERS } from '../../pkg/component-helpers/signers.js';
import { FlagError, parseFlags, type Config } from '../flags.js';
import { MANAGER_FLAGS } from './flags.generated.js';
import { leadingFlags } from '../leading.js';

export const FLAGS = {
  ...MANAGER_FLAGS,
  ...leadingFlags('kube-controller-manager', 10257),
} as const;

/** The flags of each signer's own authority, without '-cert-file' and '-key-file'. */
export const SIGNING_FLAGS = [
  ['cluster-signing-kubelet-serving', SIGNERS.kubeletServing],
  ['cluster-signing-kubelet-client', SIGNERS.kubeletClient],
  ['cluster-signing-kube-apiserver-client', SIGNERS.client],
  ['cluster-signing-legacy-unknown', SIGNERS.legacy],
] as const;

export type KubeControllerManagerConfig = Config<typeof FLAGS>;

export function parseOptions(argv: readonly string[]): KubeControllerManagerConfig {
  const about = 'Runs the control loops that move the cluster to its desired state.';
  const config = parseFlags('kube-controller-manager', about, FLAGS, argv);
  if (config['horizontal-pod-autoscaler-sync-period'] <= 0)
    throw new FlagError(
      'kube-controller-manager: --horizontal-pod-autoscaler-sync-period must be greater than 0',
      2,
    );
  return config;
}
