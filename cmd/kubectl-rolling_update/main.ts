import { RollingUpdate } from '../../pkg/kubectl/rolling-update.js';
import { type Call, runPlugin } from '../kubectl-plugin.js';
import { ROLLING_UPDATE_FLAGS } from './flags.generated.js';

/** The words of kubectl 1.0 for a command line that is wrong. */
function faultOf({ flags, operands }: Call<typeof ROLLING_UPDATE_FLAGS>): string | undefined {
  const { filename, image, rollback } = flags;
  if (!flags['deployment-label-key']) return '--deployment-label-key can not be empty';
  if (filename && image) return '--filename and --image can not both be specified';
  if (rollback && (filename || image)) return "Don't specify --filename or --image on rollback";
  if (!rollback && !filename && !image)
    return 'Must specify --filename or --image for new controller';
  if (!operands.length) return 'Must specify the controller to update';
  if (filename && operands.length > 1) return '--filename names the new controller';
  if (operands[0] === operands[1])
    return `${operands[0]} cannot have the same name as the existing ReplicationController ${operands[0]}`;
  return undefined;
}

void runPlugin({
  name: 'kubectl rolling-update',
  about: 'Replaces the pods of a replication controller by those of another, one at a time.',
  flags: ROLLING_UPDATE_FLAGS,
  operands: ['[old]', '[new]'],
  async run(call) {
    const { flags, operands, kubectl, input, clock, print, signal } = call;
    const fault = faultOf(call);
    if (fault) throw call.misused(fault);
    const options = {
      old: operands[0]!,
      next: operands[1],
      filename: flags.filename,
      input,
      image: flags.image,
      rollback: flags.rollback,
      dryRun: flags['dry-run'],
      deploymentLabel: flags['deployment-label-key'],
      periodMs: flags['update-period'],
      pollMs: flags['poll-interval'],
      timeoutMs: flags.timeout,
    };
    await new RollingUpdate(kubectl, options, clock, (line) => print(`${line}\n`), signal).run();
  },
});
