// Flags of kube-ui.
import { type Config, LOG_LEVEL, parseFlags } from '../flags.js';

export const FLAGS = {
  port: { type: 'number', default: 8080, help: 'Port to serve the UI on.' },
  address: { type: 'string', default: '0.0.0.0', help: 'Address to listen on.' },
  'ui-dir': {
    type: 'string',
    help: 'Folder of the built UI; default: ../../ui relative to this program.',
  },
  'log-level': LOG_LEVEL,
} as const;

export type KubeUiConfig = Config<typeof FLAGS>;

export const parseOptions = (argv: readonly string[]): KubeUiConfig =>
  parseFlags('kube-ui', 'Serves the web UI.', FLAGS, argv);
