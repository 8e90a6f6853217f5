// Validation of probes and lifecycle hooks: actions and timings.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { isHttpHeaderName } from '../../../../apimachinery/validation/names.js';
import { validateNonnegative } from '../../../meta/v1/object-meta.js';
import type { Container, HTTPGetAction, LifecycleHandler, Probe } from '../types.js';
import { portNumber, portNumberOrName } from './fields.js';
import { TIMINGS } from './facts.generated.js';

type Handler = LifecycleHandler & Pick<Probe, 'grpc'>;

function validateHttpGet(action: HTTPGetAction, path: string): FieldError[] {
  const errors = action.path ? [] : [fieldErrors.required(`${path}.path`)];
  errors.push(...portNumberOrName(action.port ?? 0, `${path}.port`));
  if (action.scheme !== 'HTTP' && action.scheme !== 'HTTPS') {
    errors.push(fieldErrors.notSupported(`${path}.scheme`, action.scheme ?? '', ['HTTP', 'HTTPS']));
  }
  for (const { name } of action.httpHeaders ?? []) {
    for (const text of isHttpHeaderName(name ?? ''))
      errors.push(fieldErrors.invalid(`${path}.httpHeaders`, name ?? '', text));
  }
  return errors;
}

function validateSleep(
  seconds: number,
  gracePeriod: number | undefined,
  path: string,
): FieldError[] {
  if (gracePeriod === undefined || (seconds > 0 && seconds <= gracePeriod)) return [];
  const detail = `must be greater than 0 and less than terminationGracePeriodSeconds (${gracePeriod}). Enable AllowPodLifecycleSleepActionZeroValue feature gate for zero sleep.`;
  return [fieldErrors.invalid(path, seconds, detail)];
}

/** Requires exactly one action. Of several actions only the first is validated. */
function validateHandler(
  handler: Handler,
  gracePeriod: number | undefined,
  path: string,
): FieldError[] {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  const actions: [name: string, check: (field: string) => FieldError[]][] = [];
  if (exec)
    actions.push([
      'exec',
      (field) => (exec.command?.length ? [] : [fieldErrors.required(`${field}.command`)]),
    ]);
  if (httpGet) actions.push(['httpGet', (field) => validateHttpGet(httpGet, field)]);
  if (tcpSocket)
    actions.push(['tcpSocket', (field) => portNumberOrName(tcpSocket.port ?? 0, `${field}.port`)]);
  if (grpc) actions.push(['grpc', (field) => portNumber(grpc.port ?? 0, `${field}.port`)]);
  if (sleep) actions.push(['sleep', (field) => validateSleep(sleep.seconds, gracePeriod, field)]);
  if (actions.length === 0) return [fieldErrors.required(path, 'must specify a handler type')];
  return actions.flatMap(([name, check], index) =>
    index === 0
      ? check(`${path}.${name}`)
      : [fieldErrors.forbidden(`${path}.${name}`, 'may not specify more than 1 handler type')],
  );
}

function validateProbe(probe: Probe, path: string): FieldError[] {
  const errors = validateHandler(probe, undefined, path);
  for (const timing of TIMINGS)
    errors.push(...validateNonnegative(probe[timing], `${path}.${timing}`));
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0)
    errors.push(
      fieldErrors.invalid(`${path}.terminationGracePeriodSeconds`, grace, 'must be greater than 0'),
    );
  return errors;
}

function validateOnceProbe(probe: Probe | undefined, path: string): FieldError[] {
  if (!probe) return [];
  const errors = validateProbe(probe, path);
  if (probe.successThreshold !== 1)
    errors.push(
      fieldErrors.invalid(`${path}.successThreshold`, probe.successThreshold, 'must be 1'),
    );
  return errors;
}

function validateReadinessProbe(probe: Probe | undefined, path: string): FieldError[] {
  if (!probe) return [];
  const errors = validateProbe(probe, path);
  const complain = fieldErrors.below(path, errors);
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined)
    complain.invalid('terminationGracePeriodSeconds', grace, 'must not be set for readinessProbes');
  return errors;
}

/** Validates the hooks and probes of regular containers and sidecars. */
export function validateHooks(
  container: Container,
  gracePeriod: number | undefined,
  path: string,
): FieldError[] {
  const { postStart, preStop } = container.lifecycle ?? {};
  return [
    ...(postStart ? validateHandler(postStart, gracePeriod, `${path}.lifecycle.postStart`) : []),
    ...(preStop ? validateHandler(preStop, gracePeriod, `${path}.lifecycle.preStop`) : []),
    ...validateOnceProbe(container.livenessProbe, `${path}.livenessProbe`),
    ...validateReadinessProbe(container.readinessProbe, `${path}.readinessProbe`),
    ...validateOnceProbe(container.startupProbe, `${path}.startupProbe`),
  ];
}
