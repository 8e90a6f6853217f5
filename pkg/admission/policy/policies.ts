// The policies with their bindings, and their compiled expressions (upstream
// apiserver/pkg/admission/plugin/policy/generic/policy_source.go).
import type { ResourceType } from '../../apimachinery/meta/object.js';
import type { ObjectMeta } from '../../apimachinery/meta/types.js';
import type {
  MatchResources,
  ValidatingAdmissionPolicyBindingSpec,
  ValidatingAdmissionPolicySpec,
} from '../../apis/admissionregistration/v1/types.js';
import { loadExpressions, type Expressions } from '../../apiserver/admission/expressions/load.js';
import type { MatchCriteria } from '../../apiserver/admission/matching/match.js';
import type { ObjectReader } from '../../apiserver/resource/reader.js';

/** The parts of a policy that validating and mutating ones share. */
export interface AnyPolicy {
  readonly metadata: ObjectMeta;
  readonly spec: Pick<
    ValidatingAdmissionPolicySpec,
    'failurePolicy' | 'matchConstraints' | 'paramKind'
  >;
}

export interface AnyBinding {
  readonly metadata: ObjectMeta;
  readonly spec: Pick<
    ValidatingAdmissionPolicyBindingSpec,
    'policyName' | 'paramRef' | 'matchResources'
  >;
}

/** One of the two kinds of policies; `R` is what their expressions compile to. */
export interface PolicyKind<P extends AnyPolicy, B extends AnyBinding, R> {
  readonly policies: ResourceType<P>;
  readonly bindings: ResourceType<B>;
  compile(policy: P, expressions: Expressions): R;
}

interface Bound<B> {
  readonly binding: B;
  /** Absent when the binding takes every request of the policy. */
  readonly criteria?: MatchCriteria;
}

export interface BoundPolicy<P extends AnyPolicy, B extends AnyBinding, R> {
  readonly policy: P;
  readonly criteria: MatchCriteria;
  readonly bindings: readonly Bound<B>[];
  /** Compiled at the first call, for this generation of the policy. */
  readonly rules: () => Promise<R>;
}

const criteriaOf = (
  match: MatchResources | undefined,
  withoutRules: MatchCriteria['withoutRules'],
): MatchCriteria => ({ ...match, withoutRules });

function boundBy<B extends AnyBinding>(binding: B): Bound<B> {
  const { matchResources } = binding.spec;
  return { binding, ...(matchResources && { criteria: criteriaOf(matchResources, 'all') }) };
}

/** A function that gives the policies that have bindings, both by name. */
export function followPolicies<P extends AnyPolicy, B extends AnyBinding, R>(
  reader: ObjectReader,
  kind: PolicyKind<P, B, R>,
): () => readonly BoundPolicy<P, B, R>[] {
  let bound: readonly BoundPolicy<P, B, R>[] | undefined;
  let compiled = new Map<string, () => Promise<R>>();
  const forget = (): void => void (bound = undefined);
  reader.observe(kind.policies, forget);
  reader.observe(kind.bindings, forget);
  const rulesOf = (policy: P): (() => Promise<R>) => {
    let rules: Promise<R> | undefined;
    return () =>
      (rules ??= loadExpressions().then((expressions) => kind.compile(policy, expressions)));
  };
  const byName = <T extends { metadata: { name: string } }>(list: T[]): T[] =>
    list.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));

  function read(): readonly BoundPolicy<P, B, R>[] {
    const bindings = new Map<string, Bound<B>[]>();
    for (const binding of byName(reader.list(kind.bindings))) {
      const name = binding.spec.policyName ?? '';
      const own = bindings.get(name);
      if (own) own.push(boundBy(binding));
      else bindings.set(name, [boundBy(binding)]);
    }
    const kept = new Map<string, () => Promise<R>>();
    const policies = byName(reader.list(kind.policies)).flatMap((policy) => {
      const own = bindings.get(policy.metadata.name);
      if (!own) return [];
      const key = `${policy.metadata.uid}/${policy.metadata.generation}`;
      const rules = compiled.get(key) ?? rulesOf(policy);
      kept.set(key, rules);
      const criteria = criteriaOf(policy.spec.matchConstraints, 'none');
      return [{ policy, criteria, bindings: own, rules }];
    });
    compiled = kept;
    return policies;
  }

  return () => (bound ??= read());
}
