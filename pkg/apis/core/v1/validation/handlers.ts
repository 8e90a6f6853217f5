// Validation of probes and lifecycle hooks: actions and timings.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { isHttpHeaderName } from '../../../../apimachinery/validation/names.js';
import { validateNonnegative, validateWith } from '../../../meta/v1/object-meta.js';
import type { Container, HTTPGetAction, LifecycleHandler, Probe } from '../types.js';
import { optionalOneOf, portNumber, portNumberOrName, required } from './fields.js';
import { TIMINGS } from './facts.generated.js';

type Handler = LifecycleHandler & Pick<Probe, 'grpc'>;

const validateHttpGet = (action: HTTPGetAction, path: string): FieldError[] => [
  ...required(action.path, `${path}.path`),
  ...portNumberOrName(action.port ?? 0, `${path}.port`),
  ...optionalOneOf(action.scheme ?? '', ['HTTP', 'HTTPS'], `${path}.scheme`),
  ...(action.httpHeaders ?? []).flatMap(({ name }) =>
    validateWith(isHttpHeaderName, name, `${path}.httpHeaders`),
  ),
];

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
  const grace = probe.terminationGracePeriodSeconds;
  return [
    ...validateHandler(probe, undefined, path),
    ...TIMINGS.flatMap((timing) => validateNonnegative(probe[timing], `${path}.${timing}`)),
    ...fieldErrors
      .when(grace !== undefined && grace <= 0)
      .invalid(`${path}.terminationGracePeriodSeconds`, grace, 'must be greater than 0'),
  ];
}

function validateOnceProbe(probe: Probe | undefined, path: string): FieldError[] {
  if (!probe) return [];
  const times = probe.successThreshold;
  const errors = fieldErrors
    .unless(times === 1)
    .invalid(`${path}.successThreshold`, times, 'must be 1');
  return [...validateProbe(probe, path), ...errors];
}

function validateReadinessProbe(probe: Probe | undefined, path: string): FieldError[] {
  if (!probe) return [];
  const grace = probe.terminationGracePeriodSeconds;
  const errors = fieldErrors
    .unless(grace === undefined)
    .invalid(`${path}.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes');
  return [...validateProbe(probe, path), ...errors];
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
