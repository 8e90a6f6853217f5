// The one feature gate of this server, which needs its group version served as upstream does.
import { FlagError } from '../flags.js';

const GATE = 'MutatingAdmissionPolicy';
const VERSION = 'admissionregistration.k8s.io/v1beta1';

type Switches = Readonly<Record<string, string>>;

function isOn(flag: string, name: string, switches: Switches): boolean {
  const text = switches[name] ?? 'false';
  if (!/^(true|false)$/i.test(text))
    throw new FlagError(`kube-apiserver: --${flag}: ${name}=${text} is neither true nor false`);
  return text.toLowerCase() === 'true';
}

/**
 * Whether --feature-gates and --runtime-config serve mutating admission policies. `warn` takes a
 * line about the gates that have no effect. Throws FlagError for other versions, and when only one
 * of both flags asks for the policies.
 */
export function servesMutatingPolicies(
  gates: Switches,
  versions: Switches,
  warn: (line: string) => void,
): boolean {
  const other = Object.keys(versions).find((name) => name !== VERSION);
  if (other !== undefined)
    throw new FlagError(
      `kube-apiserver: --runtime-config=${other} is not supported: the served versions are fixed, besides ${VERSION}`,
    );
  const ignored = Object.keys(gates).filter((name) => name !== GATE);
  if (ignored.length)
    warn(
      `kube-apiserver: --feature-gates=${ignored.join(',')} has no effect: what is stable or beta in 1.32 and documented here is on, everything else is off\n`,
    );
  const isGated = isOn('feature-gates', GATE, gates);
  if (isGated !== isOn('runtime-config', VERSION, versions))
    throw new FlagError(
      `kube-apiserver: mutating admission policies need both --feature-gates=${GATE}=true and --runtime-config=${VERSION}=true`,
    );
  return isGated;
}
