// The command line of skydns; flags.yaml has the flags.
import { type Config, LOG_LEVEL, parseFlags } from '../flags.js';
import { DNS_FLAGS } from './flags.generated.js';

export const FLAGS = { ...DNS_FLAGS, 'log-level': LOG_LEVEL } as const;

export type SkyDnsConfig = Config<typeof FLAGS>;

export const parseOptions = (argv: readonly string[]): SkyDnsConfig =>
  parseFlags('skydns', 'DNS for the cluster.', FLAGS, argv);
