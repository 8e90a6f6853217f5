// Validation of the three lists of containers. validateCommon has the rules that the lists share.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { isDns1123Label, isValidPortName } from '../../../../apimachinery/validation/names.js';
import type { Container, ContainerPort, EphemeralContainer, PodSpec, Volume } from '../types.js';
import { validateEnv, validateEnvFrom } from './env.js';
import {
  each,
  oneOf,
  optionalOneOf,
  portNumber,
  PROTOCOLS,
  required,
  requiredWith,
  unique,
  whenSet,
} from './fields.js';
import { validateHooks } from './handlers.js';
import { validateVolumeDevices, validateVolumeMounts } from './mounts.js';
import { validateResourceRequirements } from './resources.js';
import { validateSecurityContext } from './security-context.js';
import { EPHEMERAL_FORBIDDEN } from './facts.generated.js';

const MESSAGE_POLICIES = ['File', 'FallbackToLogsOnError'];
const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const NOT_FOR_INIT = 'may not be set for init containers without restartPolicy=Always';
const NOT_FOR_EPHEMERAL = 'cannot be set for an Ephemeral Container';

export interface ContainerContext {
  volumes: ReadonlyMap<string, Volume>;
  spec: PodSpec;
}

function validatePort(port: ContainerPort, names: Set<string>, path: string): FieldError[] {
  const { name, containerPort, hostPort } = port;
  const errors = whenSet(isValidPortName, name, `${path}.name`);
  if (name && !errors.length) errors.push(...unique(name, names, `${path}.name`));
  return [
    ...errors,
    ...(containerPort
      ? portNumber(containerPort, `${path}.containerPort`)
      : [fieldErrors.required(`${path}.containerPort`)]),
    ...(hostPort ? portNumber(hostPort, `${path}.hostPort`) : []),
    ...oneOf(port.protocol, PROTOCOLS, `${path}.protocol`),
  ];
}

function validatePorts(ports: readonly ContainerPort[] | undefined, path: string): FieldError[] {
  const names = new Set<string>();
  return each(ports, path, (port, at) => validatePort(port, names, at));
}

function validateCommon(
  container: Container,
  { volumes, spec }: ContainerContext,
  path: string,
): FieldError[] {
  const { terminationMessagePolicy, securityContext } = container;
  return [
    ...requiredWith(isDns1123Label, container.name, `${path}.name`),
    ...required(container.image, `${path}.image`),
    ...oneOf(terminationMessagePolicy, MESSAGE_POLICIES, `${path}.terminationMessagePolicy`),
    ...validatePorts(container.ports, `${path}.ports`),
    ...validateEnv(container.env, `${path}.env`),
    ...validateEnvFrom(container.envFrom, `${path}.envFrom`),
    ...validateVolumeMounts(container, volumes, `${path}.volumeMounts`),
    ...validateVolumeDevices(container, volumes, `${path}.volumeDevices`),
    ...oneOf(container.imagePullPolicy, PULL_POLICIES, `${path}.imagePullPolicy`),
    ...validateResourceRequirements(container.resources, `${path}.resources`),
    ...validateSecurityContext(
      securityContext,
      spec.hostUsers !== false,
      `${path}.securityContext`,
    ),
  ];
}

function hostPortConflicts(containers: readonly Container[], path: string): FieldError[] {
  const seen = new Set<string>();
  return each(containers, path, ({ ports }, container) =>
    each(ports, `${container}.ports`, ({ protocol, hostIP = '', hostPort }, at) =>
      hostPort ? unique(`${protocol}/${hostIP}/${hostPort}`, seen, `${at}.hostPort`) : [],
    ),
  );
}

export function validateContainers(context: ContainerContext, path: string): FieldError[] {
  const { containers, terminationGracePeriodSeconds } = context.spec;
  if (!containers?.length) return [fieldErrors.required(path)];
  const names = new Set<string>();
  const errors = each(containers, path, (container, at) => [
    ...validateCommon(container, context, at),
    ...unique(container.name, names, `${at}.name`),
    ...validateHooks(container, terminationGracePeriodSeconds, at),
    ...fieldErrors
      .unless(container.restartPolicy === undefined)
      .forbidden(`${at}.restartPolicy`, 'may not be set for non-init containers'),
  ]);
  return [...errors, ...hostPortConflicts(containers, path)];
}

export function validateInitContainers(context: ContainerContext, path: string): FieldError[] {
  const { containers, initContainers, terminationGracePeriodSeconds } = context.spec;
  const names = new Set((containers ?? []).map(({ name }) => name));
  return each(initContainers, path, (container, at) => {
    const errors = [
      ...validateCommon(container, context, at),
      ...optionalOneOf(container.restartPolicy, ['Always'], `${at}.restartPolicy`),
      ...unique(container.name, names, `${at}.name`),
      ...hostPortConflicts([container], path),
    ];
    if (container.restartPolicy === 'Always')
      return [...errors, ...validateHooks(container, terminationGracePeriodSeconds, at)];
    const { complain } = fieldErrors.below(at, errors);
    for (const hook of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const)
      if (container[hook]) complain.forbidden(hook, NOT_FOR_INIT);
    return errors;
  });
}

function validateEphemeral(
  container: EphemeralContainer,
  others: ReadonlySet<string>,
  path: string,
): FieldError[] {
  const { targetContainerName: target } = container;
  const errors = fieldErrors
    .when(target && !others.has(target))
    .notFound(`${path}.targetContainerName`, target);
  const { complain } = fieldErrors.below(path, errors);
  for (const field of EPHEMERAL_FORBIDDEN)
    if (container[field] !== undefined) complain.forbidden(field, NOT_FOR_EPHEMERAL);
  if (Object.keys(container.resources ?? {}).length)
    complain.forbidden('resources', NOT_FOR_EPHEMERAL);
  for (const [index, mount] of (container.volumeMounts ?? []).entries())
    for (const field of ['subPath', 'subPathExpr'] as const)
      if (mount[field]) complain.forbidden(`volumeMounts[${index}].${field}`, NOT_FOR_EPHEMERAL);
  return errors;
}

export function validateEphemeralContainers(context: ContainerContext, path: string): FieldError[] {
  const { containers, initContainers, ephemeralContainers } = context.spec;
  const others = new Set(
    [...(containers ?? []), ...(initContainers ?? [])].map(({ name }) => name),
  );
  const names = new Set(others);
  return each(ephemeralContainers, path, (container, at) => [
    ...validateCommon(container, context, at),
    ...validateImageSpace(container, at),
    ...unique(container.name, names, `${at}.name`),
    ...validateEphemeral(container, others, at),
  ]);
}

/** For pods only: upstream accepts blanks around an image in templates. */
export const validateImageSpace = (
  { image }: Container | EphemeralContainer,
  path: string,
): FieldError[] =>
  image && image.trim() !== image
    ? [fieldErrors.invalid(`${path}.image`, image, 'must not have leading or trailing whitespace')]
    : [];
