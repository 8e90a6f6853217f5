// Which requests a webhook or a policy is asked about: selectors, rules, and equivalent resources
// (upstream apiserver/pkg/admission/plugin/webhook/generic/webhook.go and
// plugin/policy/matching/matching.go). Match conditions come after this.
import { notFound } from '../../../apimachinery/errors/status-error.js';
import {
  NOTHING,
  selectorFromLabelSelector,
  type Selector,
} from '../../../apimachinery/labels/selector.js';
import type { LabelSelector } from '../../../apimachinery/meta/types.js';
import type { MatchResources } from '../../../apis/admissionregistration/v1/types.js';
import { NAMESPACES } from '../../../apis/resource-types.js';
import { getOrInsert } from '../../../util/map/get-or-insert.js';
import type { ResourceDefinition } from '../../resource/definition.js';
import type { ObjectReader } from '../../resource/reader.js';
import type { AdmissionRequest } from '../plugin.js';
import type { ObjectShapes } from '../shapes.js';
import { ruleSelects } from './rules.js';

export interface MatchRoom {
  readonly reader: Pick<ObjectReader, 'get'>;
  readonly shapes: Pick<ObjectShapes, 'equivalents'>;
}

/** The fields of a policy's matchConstraints; those of a webhook have other names for some. */
export interface MatchCriteria extends MatchResources {
  /** A binding without rules selects every request; a webhook without rules selects none. */
  readonly withoutRules: 'all' | 'none';
}

/** Selectors of cached objects, parsed once. Objects of the cache never change. */
const parsed = new WeakMap<LabelSelector, Selector>();

function selectorOf(selector: LabelSelector | undefined): Selector {
  if (!selector) return NOTHING;
  return getOrInsert(parsed, selector, () => selectorFromLabelSelector(selector));
}

/**
 * The labels of the request's namespace; a write of a Namespace counts by its new labels. Throws
 * 404 for a missing namespace.
 */
function namespaceLabels(
  { resource, subresource, operation, object, namespace }: AdmissionRequest,
  reader: MatchRoom['reader'],
): Record<string, string> | undefined {
  if (
    resource.facts.resource === 'namespaces' &&
    !subresource &&
    (operation === 'CREATE' || operation === 'UPDATE')
  )
    return object?.metadata?.labels;
  const found = reader.get(NAMESPACES, '', namespace);
  if (!found) throw notFound(NAMESPACES, namespace);
  return found.metadata.labels;
}

function selectsNamespace(
  selector: Selector,
  request: AdmissionRequest,
  reader: MatchRoom['reader'],
): boolean {
  if (!request.namespace && request.resource.facts.resource !== 'namespaces') return true;
  return selector.empty || selector.matches(namespaceLabels(request, reader));
}

const selectsObject = (selector: Selector, { object, oldObject }: AdmissionRequest): boolean =>
  selector.empty ||
  [object, oldObject].some((one) => one?.metadata && selector.matches(one.metadata.labels));

/** The resource by which the first rule selects the request. */
function selectedBy(
  rules: NonNullable<MatchResources['resourceRules']>,
  matchPolicy: string | undefined,
  request: AdmissionRequest,
  room: MatchRoom,
): ResourceDefinition | undefined {
  if (rules.some((rule) => ruleSelects(rule, request, request.resource))) return request.resource;
  if (matchPolicy !== 'Equivalent' || !rules.length) return undefined;
  const others = room.shapes.equivalents(request.resource, request.subresource);
  for (const rule of rules)
    for (const other of others) if (ruleSelects(rule, request, other)) return other;
  return undefined;
}

/**
 * The resource as which the criteria see the request's object: the request's own, or an equivalent
 * one. undefined when they do not select the request.
 * @throws StatusError NotFound when the namespace decides and is missing.
 */
export function matchRequest(
  criteria: MatchCriteria,
  request: AdmissionRequest,
  room: MatchRoom,
): ResourceDefinition | undefined {
  const { matchPolicy, resourceRules = [], excludeResourceRules = [] } = criteria;
  if (!selectsObject(selectorOf(criteria.objectSelector), request)) return undefined;
  if (selectedBy(excludeResourceRules, matchPolicy, request, room)) return undefined;
  const matched =
    !resourceRules.length && criteria.withoutRules === 'all'
      ? request.resource
      : selectedBy(resourceRules, matchPolicy, request, room);
  if (!matched) return undefined;
  // Last, because a missing namespace is an error only for requests that the rest selects.
  return selectsNamespace(selectorOf(criteria.namespaceSelector), request, room.reader)
    ? matched
    : undefined;
}
