// The kinds with which the expressions of a policy are checked, and the warnings (upstream
// apiserver/pkg/admission/plugin/policy/validating/typechecking.go). Pure.
import type {
  ExpressionWarning,
  ValidatingAdmissionPolicy,
} from '../../apis/admissionregistration/v1/types.js';
import type { policyCompiler } from '../../cel/kubernetes/policy.js';
import type { Declaration } from '../../cel/kubernetes/schema.js';
import { MAX_CHECKED_KINDS } from './limits.js';

export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** As Go prints a kind: `apps/v1, Kind=Deployment`. */
export const kindText = ({ group, version, kind }: Kind): string =>
  `${group}/${version}, Kind=${kind}`;

/** Sorted names; none when one of them is a wildcard. */
const namesOf = (names: readonly string[] | undefined): readonly string[] =>
  names?.some((name) => name.includes('*')) ? [] : (names ?? []).toSorted();

/** The kinds that the rules name, in order; a rule with a wildcard names none. */
export function kindsToCheck(
  { spec }: ValidatingAdmissionPolicy,
  kindOf: (group: string, version: string, resource: string) => string | undefined,
): Kind[] {
  const found = new Map<string, Kind>();
  for (const rule of spec.matchConstraints?.resourceRules ?? []) {
    const resources = (rule.resources ?? []).filter((name) => !/[*/]/.test(name)).toSorted();
    let count = 0;
    for (const group of namesOf(rule.apiGroups))
      for (const version of namesOf(rule.apiVersions))
        for (const resource of resources) {
          const kind = count < MAX_CHECKED_KINDS ? kindOf(group, version, resource) : undefined;
          if (kind === undefined) continue;
          found.set(kindText({ group, version, kind }), { group, version, kind });
          count++;
        }
    if (count === MAX_CHECKED_KINDS) break;
  }
  const key = ({ group, version, kind }: Kind): string => `${group}\0${version}\0${kind}`;
  return [...found.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** A kind with the schema of its objects. */
export interface CheckedKind {
  readonly kind: Kind;
  readonly object: Declaration;
}

/** Complaints about the validations and their messages, each for all kinds. */
export function warningsOf(
  { spec }: ValidatingAdmissionPolicy,
  kinds: readonly CheckedKind[],
  params: Declaration | undefined,
  compilerOf: typeof policyCompiler,
): ExpressionWarning[] {
  const compilers = kinds.map(({ kind, object }) => {
    const types = { object, ...(params && { params }) };
    const compiler = compilerOf(spec, { isStored: true, kinds: types });
    for (const { name, expression } of spec.variables ?? []) compiler.variable(name, expression);
    return { name: kindText(kind), compiler };
  });
  const check = (fieldRef: string, expression: string | undefined): ExpressionWarning[] => {
    if (!expression) return [];
    const lines = compilers.flatMap(({ name, compiler }) => {
      const problem = compiler.problem(expression);
      return problem === undefined ? [] : [`${name}: ${problem}\n`];
    });
    return lines.length ? [{ fieldRef, warning: lines.join('\n') }] : [];
  };
  return (spec.validations ?? []).flatMap(({ expression, messageExpression }, i) => [
    ...check(`spec.validations[${i}].expression`, expression),
    ...check(`spec.validations[${i}].messageExpression`, messageExpression),
  ]);
}
