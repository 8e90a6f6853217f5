// Validation of the three lists of containers. validateCommon has the rules that the lists share.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { isValidPortName } from '../../../../apimachinery/validation/names.js';
import { validateWith } from '../../../meta/v1/object-meta.js';
import type { Container, ContainerPort, EphemeralContainer, PodSpec, Volume } from '../types.js';
import { validateEnv, validateEnvFrom } from './env.js';
import { dnsLabel, oneOf, portNumber, PROTOCOLS } from './fields.js';
import { validateHooks } from './handlers.js';
import { validateVolumeDevices, validateVolumeMounts } from './mounts.js';
import { validateResourceRequirements } from './resources.js';
import { validateSecurityContext } from './security-context.js';
import { EPHEMERAL_FORBIDDEN } from './facts.generated.js';

const NOT_FOR_INIT = 'may not be set for init containers without restartPolicy=Always';
const NOT_FOR_EPHEMERAL = 'cannot be set for an Ephemeral Container';

export interface ContainerContext {
  volumes: ReadonlyMap<string, Volume>;
  spec: PodSpec;
}

function validatePort(port: ContainerPort, names: Set<string>, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (port.name) {
    const bad = validateWith(isValidPortName, port.name, `${path}.name`);
    if (bad.length) errors.push(...bad);
    else if (names.has(port.name)) errors.push(fieldErrors.duplicate(`${path}.name`, port.name));
    else names.add(port.name);
  }
  if (!port.containerPort) errors.push(fieldErrors.required(`${path}.containerPort`));
  else errors.push(...portNumber(port.containerPort, `${path}.containerPort`));
  if (port.hostPort) errors.push(...portNumber(port.hostPort, `${path}.hostPort`));
  return [...errors, ...oneOf(port.protocol, PROTOCOLS, `${path}.protocol`)];
}

function validatePorts(ports: readonly ContainerPort[] | undefined, path: string): FieldError[] {
  const names = new Set<string>();
  return (ports ?? []).flatMap((port, index) => validatePort(port, names, `${path}[${index}]`));
}

function validateCommon(
  container: Container,
  { volumes, spec }: ContainerContext,
  path: string,
): FieldError[] {
  return [
    ...(container.name
      ? dnsLabel(container.name, `${path}.name`)
      : [fieldErrors.required(`${path}.name`)]),
    ...(container.image ? [] : [fieldErrors.required(`${path}.image`)]),
    ...oneOf(
      container.terminationMessagePolicy,
      ['File', 'FallbackToLogsOnError'],
      `${path}.terminationMessagePolicy`,
    ),
    ...validatePorts(container.ports, `${path}.ports`),
    ...validateEnv(container.env, `${path}.env`),
    ...validateEnvFrom(container.envFrom, `${path}.envFrom`),
    ...validateVolumeMounts(container, volumes, `${path}.volumeMounts`),
    ...validateVolumeDevices(container, volumes, `${path}.volumeDevices`),
    ...oneOf(
      container.imagePullPolicy,
      ['Always', 'IfNotPresent', 'Never'],
      `${path}.imagePullPolicy`,
    ),
    ...validateResourceRequirements(container.resources, `${path}.resources`),
    ...validateSecurityContext(
      container.securityContext,
      spec.hostUsers !== false,
      `${path}.securityContext`,
    ),
  ];
}

function hostPortConflicts(containers: readonly Container[], path: string): FieldError[] {
  const seen = new Set<string>();
  return containers.flatMap((container, at) =>
    (container.ports ?? []).flatMap(({ protocol, hostIP, hostPort }, index) => {
      if (!hostPort) return [];
      const identity = `${protocol}/${hostIP ?? ''}/${hostPort}`;
      if (seen.has(identity))
        return [fieldErrors.duplicate(`${path}[${at}].ports[${index}].hostPort`, identity)];
      seen.add(identity);
      return [];
    }),
  );
}

export function validateContainers(context: ContainerContext, path: string): FieldError[] {
  const { containers, terminationGracePeriodSeconds } = context.spec;
  if (!containers?.length) return [fieldErrors.required(path)];
  const names = new Set<string>();
  const errors = containers.flatMap((container, index) => {
    const field = `${path}[${index}]`;
    const found = validateCommon(container, context, field);
    const complain = fieldErrors.below(field, found);
    if (names.has(container.name)) complain.duplicate('name', container.name);
    names.add(container.name);
    found.push(...validateHooks(container, terminationGracePeriodSeconds, field));
    if (container.restartPolicy !== undefined)
      complain.forbidden('restartPolicy', 'may not be set for non-init containers');
    return found;
  });
  return [...errors, ...hostPortConflicts(containers, path)];
}

export function validateInitContainers(context: ContainerContext, path: string): FieldError[] {
  const { containers, initContainers, terminationGracePeriodSeconds } = context.spec;
  const names = new Set((containers ?? []).map(({ name }) => name));
  return (initContainers ?? []).flatMap((container, index) => {
    const field = `${path}[${index}]`;
    const errors = validateCommon(container, context, field);
    const complain = fieldErrors.below(field, errors);
    const sidecar = container.restartPolicy === 'Always';
    if (container.restartPolicy !== undefined && !sidecar) {
      complain.notSupported('restartPolicy', container.restartPolicy, ['Always']);
    }
    if (names.has(container.name)) complain.duplicate('name', container.name);
    names.add(container.name);
    errors.push(...hostPortConflicts([container], path));
    if (sidecar)
      return [...errors, ...validateHooks(container, terminationGracePeriodSeconds, field)];
    for (const hook of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
      if (container[hook]) complain.forbidden(hook, NOT_FOR_INIT);
    }
    return errors;
  });
}

function validateEphemeral(
  container: EphemeralContainer,
  others: ReadonlySet<string>,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const complain = fieldErrors.below(path, errors);
  if (container.targetContainerName && !others.has(container.targetContainerName)) {
    errors.push(fieldErrors.notFound(`${path}.targetContainerName`, container.targetContainerName));
  }
  for (const field of EPHEMERAL_FORBIDDEN) {
    if (container[field] !== undefined) complain.forbidden(field, NOT_FOR_EPHEMERAL);
  }
  if (Object.keys(container.resources ?? {}).length)
    complain.forbidden('resources', NOT_FOR_EPHEMERAL);
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    for (const field of ['subPath', 'subPathExpr'] as const) {
      if (mount[field]) complain.forbidden(`volumeMounts[${index}].${field}`, NOT_FOR_EPHEMERAL);
    }
  }
  return errors;
}

export function validateEphemeralContainers(context: ContainerContext, path: string): FieldError[] {
  const { containers, initContainers, ephemeralContainers } = context.spec;
  const others = new Set(
    [...(containers ?? []), ...(initContainers ?? [])].map(({ name }) => name),
  );
  const names = new Set(others);
  return (ephemeralContainers ?? []).flatMap((container, index) => {
    const field = `${path}[${index}]`;
    const errors = [
      ...validateCommon(container, context, field),
      ...validateImageSpace(container, field),
    ];
    if (names.has(container.name))
      errors.push(fieldErrors.duplicate(`${field}.name`, container.name));
    names.add(container.name);
    return [...errors, ...validateEphemeral(container, others, field)];
  });
}

/** For pods only: upstream accepts blanks around an image in templates. */
export function validateImageSpace(
  { image }: Container | EphemeralContainer,
  path: string,
): FieldError[] {
  return image && image.trim() !== image
    ? [fieldErrors.invalid(`${path}.image`, image, 'must not have leading or trailing whitespace')]
    : [];
}
