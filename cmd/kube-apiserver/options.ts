// The command line of kube-apiserver; flags.yaml has the flags.
import { AUTHENTICATION_FLAGS } from './authentication.js';
import { type Config, FlagError, LOG_LEVEL, parseFlags } from '../flags.js';
import { AUDIT_FLAGS, AUTHORIZATION_FLAGS, SERVER_FLAGS } from './flags.generated.js';
import { TLS_FLAGS } from '../tls-flags.js';

export const FLAGS = {
  ...SERVER_FLAGS,
  ...TLS_FLAGS,
  ...AUDIT_FLAGS,
  ...AUTHENTICATION_FLAGS,
  ...AUTHORIZATION_FLAGS,
  'log-level': LOG_LEVEL,
} as const;

export type KubeApiserverConfig = Config<typeof FLAGS>;

/** Throws FlagError. */
export function parseOptions(argv: readonly string[]): KubeApiserverConfig {
  const config = parseFlags(
    'kube-apiserver',
    'The Kubernetes API server: validates and keeps the objects of the cluster and is where all components meet.',
    FLAGS,
    argv,
  );
  if (!config['allow-privileged'])
    throw new FlagError(
      'kube-apiserver: --allow-privileged=false is not supported: the labels of Pod Security admission keep privileged pods out of a namespace',
    );
  return config;
}
