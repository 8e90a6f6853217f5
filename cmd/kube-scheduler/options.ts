// Flags of kube-scheduler, under upstream's names.
import { parseFlags, type Config } from '../flags.js';

export const FLAGS = {
  kubeconfig: { type: 'string', help: 'Path to kubeconfig file with authorization and master location information; absent: the service account of the pod.' },
  'scheduler-name': { type: 'string', default: 'default-scheduler', help: 'Pods that ask for this scheduler by spec.schedulerName are scheduled.' },
  'leader-elect': { type: 'boolean', default: true, help: 'Start a leader election client and gain leadership before scheduling.' },
  'leader-elect-lease-duration': { type: 'duration', default: '15s', help: 'How long others wait after the last renewal before they take over.' },
  'leader-elect-renew-deadline': { type: 'duration', default: '10s', help: 'How long the leader tries to renew before it stops.' },
  'leader-elect-retry-period': { type: 'duration', default: '2s', help: 'Time between tries to acquire or renew leadership.' },
  'leader-elect-resource-name': { type: 'string', default: 'kube-scheduler', help: 'Name of the Lease.' },
  'leader-elect-resource-namespace': { type: 'string', default: 'kube-system', help: 'Namespace of the Lease.' },
  'bind-address': { type: 'string', default: '0.0.0.0', help: 'Address for health and metrics.' },
  'secure-port': { type: 'number', default: 10259, help: 'Port for /healthz, /readyz and /metrics; 0 switches them off. HTTPS when a certificate is given.' },
  'tls-cert-file': { type: 'string', help: 'Certificate for the secure port.' },
  'tls-private-key-file': { type: 'string', help: 'Private key for the secure port.' },
  'log-level': { type: 'string', default: 'info', choices: ['debug', 'info', 'warn', 'error'], help: 'Least severity that is logged.' },
} as const;

export type KubeSchedulerConfig = Config<typeof FLAGS>;

export function parseOptions(argv: readonly string[]): KubeSchedulerConfig {
  return parseFlags('kube-scheduler', 'Assigns pods to nodes.', FLAGS, argv);
}
