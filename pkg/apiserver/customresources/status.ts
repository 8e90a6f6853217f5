// The status of a CustomResourceDefinition: the names that it holds in its group, and its
// conditions. Pure. Source: apiextensions-apiserver/pkg/controller/{status,establish,apiapproval}.
import { approvalOf, isProtectedGroup } from '../../apiextensions/validation/approval.js';
import { isConditionTrue, withCondition } from '../../component-helpers/conditions.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionCondition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionStatus,
} from '../../apis/apiextensions/v1/types.js';

type Definition = CustomResourceDefinition;
type Condition = CustomResourceDefinitionCondition;

export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

/** The status with `condition`, whose time changes with its status only. */
export function withStatusCondition(
  status: CustomResourceDefinitionStatus,
  condition: Condition,
  now: number,
): CustomResourceDefinitionStatus {
  return { ...status, conditions: withCondition(status.conditions ?? [], condition, now) };
}

export const isTrue = ({ status }: Definition, type: string): boolean =>
  isConditionTrue(status?.conditions ?? [], type);

/** The first deletion keeps the definition until its objects are removed. */
export function markForCleanup(definition: Definition, { now }: { now: number }): void {
  const { metadata, status = {} } = definition;
  if (!metadata.finalizers?.includes(CLEANUP_FINALIZER))
    metadata.finalizers = [...(metadata.finalizers ?? []), CLEANUP_FINALIZER];
  const condition = {
    type: 'Terminating',
    status: 'True',
    reason: 'InstanceDeletionPending',
    message:
      'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  };
  definition.status = withStatusCondition(status, condition, now);
}

const NO_NAMES: CustomResourceDefinitionNames = { plural: '', kind: '' };

/** Names in use within a group: of resources, and of kinds. */
export interface UsedNames {
  readonly resources: ReadonlySet<string>;
  readonly kinds: ReadonlySet<string>;
}

/** The names that a definition wants and does not hold, with those that it holds. */
export interface Claim {
  readonly wanted: CustomResourceDefinitionNames;
  readonly held: CustomResourceDefinitionNames | undefined;
}

/** The names that definitions hold, and those that claims will get, which come one by one. */
export function usedNames(
  accepted: Iterable<CustomResourceDefinitionNames | undefined>,
  claims: Iterable<Claim> = [],
): UsedNames {
  const resources = new Set<string>();
  const kinds = new Set<string>();
  const used = { resources, kinds };
  const add = (names: CustomResourceDefinitionNames | undefined): void => {
    const { plural, singular, shortNames = [], kind, listKind } = names ?? NO_NAMES;
    for (const name of [plural, singular, ...shortNames]) if (name) resources.add(name);
    for (const name of [kind, listKind]) if (name) kinds.add(name);
  };
  for (const names of accepted) add(names);
  for (const claim of claims) add(acceptNames(claim, () => used).names);
  return used;
}

/**
 * The names that the definition gets, and the condition NamesAccepted. A name that another
 * definition of the group holds is not taken; the last conflict is the condition's reason.
 */
function acceptNames(
  { wanted, held = NO_NAMES }: Claim,
  used: () => UsedNames,
): { names: CustomResourceDefinitionNames; condition: Condition } {
  const names: CustomResourceDefinitionNames = { ...held };
  let condition: Condition = {
    type: 'NamesAccepted',
    status: 'True',
    reason: 'NoConflicts',
    message: 'no conflicts found',
  };
  const refuse = (reason: string, ...taken: string[]): void => {
    const texts = taken.map((name) => `${JSON.stringify(name)} is already in use`);
    const message = texts.length > 1 ? `[${texts.join(', ')}]` : texts[0]!;
    condition = { type: 'NamesAccepted', status: 'False', reason, message };
  };
  const take = (
    field: 'plural' | 'singular' | 'kind' | 'listKind',
    of: keyof UsedNames,
    reason: string,
  ): void => {
    const name = wanted[field] ?? '';
    if (name !== (held[field] ?? '') && used()[of].has(name)) refuse(reason, name);
    else if (name || names[field]) names[field] = name;
  };
  take('plural', 'resources', 'PluralConflict');
  take('singular', 'resources', 'SingularConflict');
  const own = new Set(held.shortNames);
  const taken = (wanted.shortNames ?? []).filter(
    (name) => !own.has(name) && used().resources.has(name),
  );
  if (taken.length) refuse('ShortNamesConflict', ...taken);
  else if (wanted.shortNames) names.shortNames = wanted.shortNames;
  else delete names.shortNames;
  take('kind', 'kinds', 'KindConflict');
  take('listKind', 'kinds', 'ListKindConflict');
  if (wanted.categories) names.categories = wanted.categories;
  else delete names.categories;
  return { names, condition };
}

const APPROVALS = {
  approved: { status: 'True', reason: 'ApprovedAnnotation' },
  bypassed: { status: 'False', reason: 'UnapprovedAnnotation' },
  invalid: { status: 'False', reason: 'InvalidAnnotation' },
  missing: { status: 'False', reason: 'MissingAnnotation' },
} as const;

function approvalCondition(definition: Definition): Condition {
  const { state, reason: message } = approvalOf(definition);
  return { type: 'KubernetesAPIApprovalPolicyConformant', ...APPROVALS[state], message };
}

/**
 * The status that the definition should have beside the others of its group; undefined when the
 * status is right. `used` gives the names that the group holds, this definition's too.
 */
export function plannedStatus(
  definition: Definition,
  used: () => UsedNames,
  now: number,
): CustomResourceDefinitionStatus | undefined {
  const old = definition.status ?? {};
  const claim = { wanted: definition.spec.names, held: old.acceptedNames };
  const { names, condition } = acceptNames(claim, used);
  let status = withStatusCondition({ ...old, acceptedNames: names }, condition, now);
  if (!isTrue(definition, 'Established')) {
    const established =
      condition.status === 'True'
        ? {
            status: 'True',
            reason: 'InitialNamesAccepted',
            message: 'the initial names have been accepted',
          }
        : { status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };
    status = withStatusCondition(status, { type: 'Established', ...established }, now);
  }
  if (isProtectedGroup(definition.spec.group))
    status = withStatusCondition(status, approvalCondition(definition), now);
  return equalJson(status, old) ? undefined : status;
}
