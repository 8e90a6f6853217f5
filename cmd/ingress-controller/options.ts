// The command line of ingress-controller; flags.yaml has the flags.
import { type Config, LOG_LEVEL, parseFlags } from '../flags.js';
import { INGRESS_FLAGS } from './flags.generated.js';

const FLAGS = { ...INGRESS_FLAGS, 'log-level': LOG_LEVEL } as const;

export type IngressControllerConfig = Config<typeof FLAGS>;

export const parseOptions = (argv: readonly string[]): IngressControllerConfig =>
  parseFlags('ingress-controller', 'Serves Ingresses with HAProxy.', FLAGS, argv);
