// The work of the policies for one request: an invocation for each policy, binding and parameter
// object that match (upstream plugin/policy/generic/policy_dispatcher.go).
import { notFound } from '../../apimachinery/errors/status-error.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { Namespace } from '../../apis/core/v1/types.js';
import { NAMESPACES } from '../../apis/resource-types.js';
import type { ActivationInput } from '../../apiserver/admission/expressions/activation.js';
import { matchRequest } from '../../apiserver/admission/matching/match.js';
import type { AdmissionPluginContext, AdmissionRequest } from '../../apiserver/admission/plugin.js';
import type { Authorizer } from '../../apiserver/auth/authorizer.js';
import type { ResourceDefinition } from '../../apiserver/resource/definition.js';
import { errorText } from '../../util/errors/error-text.js';
import type { ShapeCache } from '../webhooks/call.js';
import { collectParams, paramObjects } from './params.js';
import type { AnyBinding, AnyPolicy, BoundPolicy } from './policies.js';
import { EXCLUDED } from './facts.generated.js';

export const isExcluded = ({ resource: { facts } }: AdmissionRequest): boolean =>
  EXCLUDED[facts.group]?.includes(facts.resource) ?? false;

export interface Invocation<P, B, R> {
  readonly policy: P;
  readonly binding: B;
  /** The resource as which the policy sees the request. */
  readonly matched: ResourceDefinition;
  readonly param: ApiObject | undefined;
  readonly rules: R;
}

/** A policy or a binding that cannot be used, and has to deny by its failure policy. */
export interface Misconfiguration<P, B> {
  readonly policy: P;
  readonly binding?: B;
  readonly problem: string;
}

/** The invocations in the order of the policies and bindings, and what stands in their place. */
export async function* invocations<P extends AnyPolicy, B extends AnyBinding, R>(
  policies: readonly BoundPolicy<P, B, R>[],
  request: AdmissionRequest,
  context: AdmissionPluginContext,
): AsyncGenerator<Invocation<P, B, R> | Misconfiguration<P, B>> {
  for (const { policy, criteria, bindings, rules } of policies) {
    const isFailing = policy.spec.failurePolicy !== 'Ignore';
    const misconfigured = (error: unknown, binding?: B): Misconfiguration<P, B>[] => {
      const part = binding === undefined ? 'policy' : 'binding';
      const problem = `failed to configure ${part}: ${errorText(error)}`;
      return isFailing ? [{ policy, problem, ...(binding && { binding }) }] : [];
    };
    let matched: ResourceDefinition | undefined;
    let objects: ReturnType<typeof paramObjects>;
    try {
      matched = matchRequest(criteria, request, context);
      if (matched) objects = paramObjects(policy.spec.paramKind, context.shapes);
    } catch (error) {
      yield* misconfigured(error);
      continue;
    }
    if (!matched) continue;
    for (const { binding, criteria: narrower } of bindings) {
      try {
        if (narrower && !matchRequest(narrower, request, context)) continue;
        const { paramRef } = binding.spec;
        const params = await collectParams(objects, paramRef, request.namespace);
        for (const param of params) yield { policy, binding, matched, param, rules: await rules() };
      } catch (error) {
        yield* misconfigured(error, binding);
      }
    }
  }
}

/** The namespace of the request's object; a Namespace has none. @throws StatusError NotFound */
function namespaceOf(
  { namespace, resource }: AdmissionRequest,
  { reader }: AdmissionPluginContext,
): Namespace | undefined {
  const isNamespace = resource.facts.group === '' && resource.facts.kind === 'Namespace';
  if (!namespace || isNamespace) return undefined;
  const found = reader.get(NAMESPACES, '', namespace);
  if (!found) throw notFound(NAMESPACES, namespace);
  return found;
}

/**
 * The values that the expressions of an invocation see.
 * @throws StatusError NotFound for the namespace.
 */
export async function inputOf(
  { matched, param }: Pick<Invocation<unknown, unknown, unknown>, 'matched' | 'param'>,
  request: AdmissionRequest,
  cache: ShapeCache,
  context: AdmissionPluginContext,
): Promise<Omit<ActivationInput, 'authorize'> & { authorize: Authorizer }> {
  return {
    request: { ...request, ...(await cache.of(matched)) },
    matched,
    authorize: context.authorize,
    namespaceObject: namespaceOf(request, context),
    params: param,
  };
}
