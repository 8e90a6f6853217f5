import { stop } from '../../pkg/kubectl/stop.js';
import { runPlugin } from '../kubectl-plugin.js';
import { STOP_FLAGS } from './flags.generated.js';

void runPlugin({
  name: 'kubectl stop',
  about: 'Gracefully shuts down resources: they let go of their pods, and are deleted.',
  flags: STOP_FLAGS,
  operands: ['[resources...]'],
  async run({ flags, operands, kubectl, input, clock, print, signal, misused }) {
    const { filename, selector, all } = flags;
    if (!filename.length && !operands.length)
      throw misused('you must provide one or more resources by argument or filename');
    const isNamed = operands.length > 1 || operands.some((word) => word.includes('/'));
    if (!filename.length && !isNamed && !selector && !all)
      throw misused(
        'resource(s) were provided, but no name, label selector, or --all flag specified',
      );
    const selection = [
      ...operands,
      ...filename.map((file) => `--filename=${file}`),
      ...(selector ? [`--selector=${selector}`] : []),
      ...(flags['ignore-not-found'] ? ['--ignore-not-found'] : []),
    ];
    const grace = flags['grace-period'];
    const options = {
      selection,
      input,
      deletion: grace < 0 ? [] : [`--grace-period=${grace}`],
      pollMs: 500,
      timeoutMs: flags.timeout || 300_000,
    };
    await stop(kubectl, options, clock, print, signal);
  },
});
