// The command line of metrics-server; flags.yaml has the flags.
import { type Config, FlagError, LOG_LEVEL, parseFlags } from '../flags.js';
import { METRICS_SERVER_FLAGS } from './flags.generated.js';

const FLAGS = { ...METRICS_SERVER_FLAGS, 'log-level': LOG_LEVEL } as const;

export type MetricsServerConfig = Config<typeof FLAGS>;

const MINIMUM_RESOLUTION = 10_000;

export function parseOptions(argv: readonly string[]): MetricsServerConfig {
  const config = parseFlags('metrics-server', 'Serves metrics.k8s.io.', FLAGS, argv);
  if (config['metric-resolution'] < MINIMUM_RESOLUTION)
    throw new FlagError('metrics-server: metric-resolution should be a time duration at least 10s');
  return config;
}
