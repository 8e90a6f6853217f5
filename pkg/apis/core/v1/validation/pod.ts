// Validation of pods: creation, the fields that an update may change, and status.
import { copyFields } from '../../../../apimachinery/meta/copy-fields.js';
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { isDns1123Subdomain, isQualifiedName } from '../../../../apimachinery/validation/names.js';
import { goStringMap } from '../../../meta/v1/go-value.js';
import { validateImmutableField, validateWith } from '../../../meta/v1/object-meta.js';
import { semanticEqual } from '../../../meta/v1/semantic-equal.js';
import { goTypeDiff, podSpecDiff } from '../go-specs.js';
import type {
  Container,
  ContainerStatus,
  NodeAffinity,
  Pod,
  PodSpec,
  Toleration,
} from '../types.js';
import { validateImageSpace } from './containers.js';
import { between, each, MAX_INT32, validIp, whenSet } from './fields.js';
import {
  MIRROR_ANNOTATION,
  validateKnownAnnotations,
  validateKnownAnnotationsUpdate,
  validateProfilesAgree,
} from './pod-annotations.js';
import { validatePodSpec } from './pod-spec.js';
import { validateTolerations } from './scheduling.js';
import { isOnePerFamily } from './service-ips.js';

const { below, duplicate, forbidden, invalid, unless, when } = fieldErrors;
const POD_UPDATE_FORBIDDEN =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** Rules for new and updated pods. */
export function validatePod(pod: Pod): FieldError[] {
  const { spec } = pod;
  const errors = [
    ...validateKnownAnnotations(pod.metadata.annotations, spec, 'metadata.annotations'),
    ...validatePodSpec(spec, 'spec', pod.metadata.name ?? ''),
  ];
  if (!spec.serviceAccountName)
    errors.push(
      ...each(spec.volumes, 'spec.volumes', ({ projected }, volume) =>
        each(projected?.sources, `${volume}.projected.sources`, ({ serviceAccountToken }, at) =>
          when(serviceAccountToken).forbidden(
            `${at}.serviceAccountToken`,
            'must not be specified when serviceAccountName is not set',
          ),
        ),
      ),
    );
  return [
    ...errors,
    ...each(spec.containers, 'spec.containers', validateImageSpace),
    ...each(spec.initContainers, 'spec.initContainers', validateImageSpace),
  ];
}

/** Rules for new pods only; validatePod runs first. */
export function validatePodCreate(pod: Pod): FieldError[] {
  const { spec } = pod;
  const { complain, errors } = below('spec');
  if (spec.ephemeralContainers?.length)
    complain.forbidden('ephemeralContainers', 'cannot be set on create');
  if (spec.nodeName && spec.schedulingGates?.length)
    complain.forbidden('nodeName', 'cannot be set until all schedulingGates have been cleared');
  return [...errors, ...validateProfilesAgree(pod)];
}

function validateDeadline(next: PodSpec, old: PodSpec): FieldError[] {
  const path = 'spec.activeDeadlineSeconds';
  const [deadline, before] = [next.activeDeadlineSeconds, old.activeDeadlineSeconds];
  const complain = (detail: string): FieldError[] => [invalid(path, deadline, detail)];
  if (deadline === undefined)
    return before === undefined
      ? []
      : complain('must not update from a positive integer to nil value');
  const errors = between(deadline, 0, MAX_INT32, path);
  if (errors.length || before === undefined || before >= deadline) return errors;
  return complain('must be less than or equal to previous value');
}

function validateTolerationsKept(
  next: readonly Toleration[] = [],
  old: readonly Toleration[] = [],
): FieldError[] {
  const kept = old.every((toleration) =>
    next.some((candidate) =>
      semanticEqual({ ...toleration, tolerationSeconds: candidate.tolerationSeconds }, candidate),
    ),
  );
  return unless(kept).forbidden(
    'spec.tolerations',
    'existing toleration can not be modified except its tolerationSeconds',
  );
}

const validateGatesOnlyRemoved = (next: PodSpec, old: PodSpec): FieldError[] =>
  each(next.schedulingGates, 'spec.schedulingGates', ({ name }, at) =>
    unless(old.schedulingGates?.some((gate) => gate.name === name)).forbidden(
      `${at}.name`,
      `only deletion is allowed, but found new scheduling gate '${name}'`,
    ),
  );

const withImages = (
  next: readonly Container[] | undefined,
  old: readonly Container[] | undefined,
): Container[] | undefined =>
  next?.map((container, index) => {
    const munged = { ...container };
    copyFields(munged, old?.[index], 'image');
    return munged;
  });

const SELECTOR_GROWS =
  'only additions to spec.nodeSelector are allowed (no mutations or deletions)';

/** A pod with scheduling gates may narrow its node selector and node affinity. */
function validateGatedNarrowing(next: PodSpec, old: PodSpec): FieldError[] {
  if (!old.schedulingGates?.length) return [];
  const kept = Object.entries(old.nodeSelector ?? {}).every(
    ([key, value]) => next.nodeSelector?.[key] === value,
  );
  return [
    ...unless(kept).invalid('spec.nodeSelector', goStringMap(next.nodeSelector), SELECTOR_GROWS),
    ...validateAffinityNarrowing(next.affinity?.nodeAffinity, old.affinity?.nodeAffinity),
  ];
}

const REQUIRED_LATER = 'requiredDuringSchedulingIgnoredDuringExecution';

/** Terms are alternatives: none may come or go, and each may only get more requirements. */
function validateAffinityNarrowing(
  next: NodeAffinity | undefined,
  old: NodeAffinity | undefined,
): FieldError[] {
  const before = old?.[REQUIRED_LATER]?.nodeSelectorTerms;
  if (!before || semanticEqual(next, old)) return [];
  const terms = next?.[REQUIRED_LATER]?.nodeSelectorTerms ?? [];
  const path = `spec.affinity.nodeAffinity.${REQUIRED_LATER}.nodeSelectorTerms`;
  if (before.length > 0 && terms.length !== before.length) {
    const detail = 'no additions/deletions to non-empty NodeSelectorTerms list are allowed';
    return [invalid(path, terms, detail)];
  }
  return each(before, path, (term, at, index) => {
    const now = terms[index] ?? {};
    const wasEmpty = !term.matchExpressions?.length && !term.matchFields?.length;
    const grows = (['matchExpressions', 'matchFields'] as const).every((list) =>
      (term[list] ?? []).every((requirement, place) =>
        semanticEqual(requirement, now[list]?.[place]),
      ),
    );
    const stays = wasEmpty ? semanticEqual(now, term) : grows;
    return unless(stays).invalid(at, now, 'only additions are allowed (no mutations or deletions)');
  });
}

/** The narrowing that a gated pod may have is taken back, for a comparison with `old`. */
function withoutNarrowing(munged: PodSpec, old: PodSpec): void {
  if (!old.schedulingGates?.length) return;
  copyFields(munged, old, 'nodeSelector');
  const before = old.affinity?.nodeAffinity;
  const affinity = { ...munged.affinity };
  copyFields(affinity, old.affinity, 'nodeAffinity');
  const isEmpty = !before && !affinity.podAffinity && !affinity.podAntiAffinity;
  if (isEmpty && !old.affinity) delete munged.affinity;
  else munged.affinity = affinity;
}

/** `next` with the mutable fields of `old`, for a comparison with `old`. */
function mungedSpec(next: PodSpec, old: PodSpec): PodSpec {
  const munged: PodSpec = {
    ...next,
    containers: withImages(next.containers, old.containers) ?? [],
  };
  copyFields(munged, old, 'activeDeadlineSeconds', 'schedulingGates', 'tolerations');
  const initContainers = withImages(next.initContainers, old.initContainers);
  if (initContainers) munged.initContainers = initContainers;
  if ((old.terminationGracePeriodSeconds ?? 0) < 0 && next.terminationGracePeriodSeconds === 1)
    copyFields(munged, old, 'terminationGracePeriodSeconds');
  withoutNarrowing(munged, old);
  return munged;
}

/** Upstream validates the images and tolerations once more here, so their errors come twice. */
const validateImages = ({ spec }: Pod, list: 'containers' | 'initContainers'): FieldError[] =>
  each(spec[list], `spec.${list}`, (container, at) => [
    ...unless(container.image).required(`${at}.image`),
    ...validateImageSpace(container, at),
  ]);

export function validatePodUpdate(next: Pod, old: Pod): FieldError[] {
  const errors = validateKnownAnnotationsUpdate(next, old);
  const { complain } = below('spec', errors);
  for (const list of ['containers', 'initContainers'] as const) {
    if ((next.spec[list]?.length ?? 0) !== (old.spec[list]?.length ?? 0)) {
      complain.forbidden(list, 'pod updates may not add or remove containers');
      return errors;
    }
    errors.push(...validateImages(next, list));
  }
  const deadline = validateDeadline(next.spec, old.spec);
  errors.push(...deadline);
  if (deadline.length && next.spec.activeDeadlineSeconds !== undefined) return errors;
  const kept = validateTolerationsKept(next.spec.tolerations, old.spec.tolerations);
  errors.push(
    ...(kept.length ? kept : validateTolerations(next.spec.tolerations, 'spec.tolerations')),
    ...validateGatesOnlyRemoved(next.spec, old.spec),
  );
  if (semanticEqual(next.spec, old.spec)) return errors;
  errors.push(...validateGatedNarrowing(next.spec, old.spec));
  const munged = mungedSpec(next.spec, old.spec);
  if (!semanticEqual(munged, old.spec))
    complain.forbidden('', `${POD_UPDATE_FORBIDDEN}\n${podSpecDiff(old.spec, munged)}`);
  return errors;
}

/** The ephemeralcontainers subresource adds containers and never changes or removes one. */
export function validateEphemeralContainersUpdate(next: Pod, old: Pod): FieldError[] {
  if (old.metadata.annotations?.[MIRROR_ANNOTATION] !== undefined)
    return [forbidden('', 'static pods do not support ephemeral containers')];
  const byName = new Map(
    (next.spec.ephemeralContainers ?? []).map((container) => [container.name, container]),
  );
  return (old.spec.ephemeralContainers ?? []).flatMap((container) => {
    const now = byName.get(container.name);
    if (semanticEqual(now, container)) return [];
    const why = now ? `changed\n${goTypeDiff('EphemeralContainer', container, now)}` : 'removed\n';
    const subject = `existing ephemeral containers ${JSON.stringify(container.name)}`;
    return [forbidden('spec.ephemeralContainers', `${subject} may not be ${why}`)];
  });
}

function validateStates(
  next: readonly ContainerStatus[] = [],
  old: readonly ContainerStatus[] = [],
  policy: string,
  path: string,
): FieldError[] {
  if (policy === 'Always') return [];
  return each(old, path, ({ name, state }, at) => {
    if (!state?.terminated || (state.terminated.exitCode !== 0 && policy === 'OnFailure'))
      return [];
    const revived = next.some((status) => status.name === name && !status.state?.terminated);
    return when(revived).forbidden(
      `${at}.state`,
      'may not be transitioned to non-terminated state',
    );
  });
}

/** Allows at most one address of each family, and none twice. */
function validateAddressList(list: readonly { ip: string }[], field: string): FieldError[] {
  const ips = list.map(({ ip }) => ip);
  const errors = each(ips, field, validIp);
  if (ips.length < 2) return errors;
  if (!errors.length && !isOnePerFamily(ips))
    errors.push(invalid(field, list, 'may specify no more than one IP for each IP family'));
  for (const [index, ip] of ips.entries())
    if (ips.indexOf(ip) < index) errors.push(duplicate(`${field}[${index}]`, { ip }));
  return errors;
}

function validateStatusIPs({ status }: Pod): FieldError[] {
  const errors = validateAddressList(status?.podIPs ?? [], 'status.podIPs');
  const [first] = status?.hostIPs ?? [];
  if (first && status?.hostIP !== first.ip)
    errors.push(invalid('status.hostIPs[0].ip', first.ip, 'must be equal to `hostIP`'));
  return [...errors, ...validateAddressList(status?.hostIPs ?? [], 'status.hostIPs')];
}

type StatusList = 'containerStatuses' | 'initContainerStatuses' | 'ephemeralContainerStatuses';

export function validatePodStatusUpdate(next: Pod, old: Pod): FieldError[] {
  const sidecars = new Set(
    (old.spec.initContainers ?? [])
      .filter(({ restartPolicy }) => restartPolicy === 'Always')
      .map(({ name }) => name),
  );
  const oldInit = (old.status?.initContainerStatuses ?? []).filter(
    ({ name }) => !sidecars.has(name),
  );
  const policy = old.spec.restartPolicy ?? 'Always';
  const errors = [
    ...validateKnownAnnotationsUpdate(next, old),
    ...each(next.status?.conditions, 'metadata.conditions', ({ type }, at) =>
      validateWith(isQualifiedName, type, `${at}.Type`),
    ),
  ];
  const nominated = next.status?.nominatedNodeName;
  if (nominated !== old.status?.nominatedNodeName)
    errors.push(...whenSet(isDns1123Subdomain, nominated, 'status.nominatedNodeName'));
  const [qosClass, oldClass] = [next.status?.qosClass, old.status?.qosClass];
  if (oldClass) errors.push(...validateImmutableField(qosClass, oldClass, 'status.qosClass'));
  const states = (list: StatusList, restarts: string, before = old.status?.[list]) =>
    validateStates(next.status?.[list], before, restarts, `status.${list}`);
  return [
    ...errors,
    ...states('containerStatuses', policy),
    ...states('initContainerStatuses', policy, oldInit),
    ...states('ephemeralContainerStatuses', 'Never'),
    ...validateStatusIPs(next),
  ];
}
