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

/** In upstream's order: of several actions only the first is validated. */
const ACTIONS: {
  [K in keyof Handler]-?: (
    action: NonNullable<Handler[K]>,
    field: string,
    gracePeriod?: number,
  ) => FieldError[];
} = {
  exec: ({ command }, field) => fieldErrors.unless(command?.length).required(`${field}.command`),
  httpGet: validateHttpGet,
  tcpSocket: ({ port }, field) => portNumberOrName(port ?? 0, `${field}.port`),
  grpc: ({ port }, field) => portNumber(port ?? 0, `${field}.port`),
  sleep: ({ seconds }, field, gracePeriod) => validateSleep(seconds, gracePeriod, field),
};
const ACTION_NAMES = Object.keys(ACTIONS) as (keyof Handler)[];

/** Requires exactly one action. */
function validateHandler(handler: Handler, path: string, gracePeriod?: number): FieldError[] {
  const [first, ...more] = ACTION_NAMES.filter((name) => handler[name]);
  if (!first) return [fieldErrors.required(path, 'must specify a handler type')];
  const check = ACTIONS[first] as (action: unknown, field: string, grace?: number) => FieldError[];
  return [
    ...check(handler[first], `${path}.${first}`, gracePeriod),
    ...more.map((name) =>
      fieldErrors.forbidden(`${path}.${name}`, 'may not specify more than 1 handler type'),
    ),
  ];
}

/** Only readiness counts successes; only the other probes end a container. */
function validateProbe(probe: Probe | undefined, path: string, isReadiness = false): FieldError[] {
  if (!probe) return [];
  const { successThreshold: times, terminationGracePeriodSeconds: grace } = probe;
  const gracePath = `${path}.terminationGracePeriodSeconds`;
  const { unless, when } = fieldErrors;
  return [
    ...validateHandler(probe, path),
    ...TIMINGS.flatMap((timing) => validateNonnegative(probe[timing], `${path}.${timing}`)),
    ...when(grace !== undefined && grace <= 0).invalid(gracePath, grace, 'must be greater than 0'),
    ...(isReadiness
      ? unless(grace === undefined).invalid(gracePath, grace, 'must not be set for readinessProbes')
      : unless(times === 1).invalid(`${path}.successThreshold`, times, 'must be 1')),
  ];
}

/** Validates the hooks and probes of regular containers and sidecars. */
export function validateHooks(
  container: Container,
  gracePeriod: number | undefined,
  path: string,
): FieldError[] {
  const { postStart, preStop } = container.lifecycle ?? {};
  return [
    ...(postStart ? validateHandler(postStart, `${path}.lifecycle.postStart`, gracePeriod) : []),
    ...(preStop ? validateHandler(preStop, `${path}.lifecycle.preStop`, gracePeriod) : []),
    ...validateProbe(container.livenessProbe, `${path}.livenessProbe`),
    ...validateProbe(container.readinessProbe, `${path}.readinessProbe`, true),
    ...validateProbe(container.startupProbe, `${path}.startupProbe`),
  ];
}
