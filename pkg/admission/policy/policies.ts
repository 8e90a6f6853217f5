// The policies with their bindings, and their compiled expressions (upstream
// apiserver/pkg/admission/plugin/policy/generic/policy_source.go).
import type {
  MatchResources,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from '../../apis/admissionregistration/v1/types.js';
import {
  VALIDATING_ADMISSION_POLICIES,
  VALIDATING_ADMISSION_POLICY_BINDINGS,
} from '../../apis/resource-types.js';
import { loadExpressions, type Expressions } from '../../apiserver/admission/expressions/load.js';
import type { MatchCriteria } from '../../apiserver/admission/matching/match.js';
import type { ObjectReader } from '../../apiserver/resource/reader.js';
import { compileRules, type Rules } from './rules.js';

interface Binding {
  readonly binding: ValidatingAdmissionPolicyBinding;
  /** Absent when the binding takes every request of the policy. */
  readonly criteria?: MatchCriteria;
}

export interface BoundPolicy {
  readonly policy: ValidatingAdmissionPolicy;
  readonly criteria: MatchCriteria;
  readonly bindings: readonly Binding[];
  /** Compiled at the first call, for this generation of the policy. */
  readonly rules: () => Promise<Rules & { readonly expressions: Expressions }>;
}

const criteriaOf = (
  match: MatchResources | undefined,
  withoutRules: MatchCriteria['withoutRules'],
): MatchCriteria => ({ ...match, withoutRules });

function boundBy(binding: ValidatingAdmissionPolicyBinding): Binding {
  const { matchResources } = binding.spec;
  return { binding, ...(matchResources ? { criteria: criteriaOf(matchResources, 'all') } : {}) };
}

/** A function that gives the policies that have bindings, both by name. */
export function followPolicies(reader: ObjectReader): () => readonly BoundPolicy[] {
  let bound: readonly BoundPolicy[] | undefined;
  let compiled = new Map<string, BoundPolicy['rules']>();
  const forget = (): void => void (bound = undefined);
  reader.observe(VALIDATING_ADMISSION_POLICIES, forget);
  reader.observe(VALIDATING_ADMISSION_POLICY_BINDINGS, forget);
  const rulesOf = (policy: ValidatingAdmissionPolicy): BoundPolicy['rules'] => {
    let rules: ReturnType<BoundPolicy['rules']> | undefined;
    return () =>
      (rules ??= loadExpressions().then((expressions) => ({
        ...compileRules(policy, expressions),
        expressions,
      })));
  };
  const byName = <T extends { metadata: { name: string } }>(list: T[]): T[] =>
    list.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));

  function read(): readonly BoundPolicy[] {
    const bindings = new Map<string, Binding[]>();
    for (const binding of byName(reader.list(VALIDATING_ADMISSION_POLICY_BINDINGS))) {
      const name = binding.spec.policyName ?? '';
      const own = bindings.get(name);
      if (own) own.push(boundBy(binding));
      else bindings.set(name, [boundBy(binding)]);
    }
    const kept = new Map<string, BoundPolicy['rules']>();
    const policies = byName(reader.list(VALIDATING_ADMISSION_POLICIES)).flatMap((policy) => {
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
