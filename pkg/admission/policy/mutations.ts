// Evaluates the mutations of one policy and applies what they give (upstream
// plugin/policy/mutating/{compilation.go,patch}).
import { mergeApplied } from '../../apimachinery/apply/merge.js';
import { itemOf, memberOf, structureOf, type Typed } from '../../apimachinery/apply/structure.js';
import { problemsText, typedProblems } from '../../apimachinery/apply/typed-problems.js';
import { internalError, StatusError, statusError } from '../../apimachinery/errors/status-error.js';
import { MAX_JSON_DEPTH } from '../../apimachinery/limits.js';
import { isDeeperThan, isJsonObject } from '../../apimachinery/meta/clone.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { applyJsonPatch } from '../../apimachinery/patch/json-patch.js';
import { mutationOf } from '../../apis/admissionregistration/v1beta1/mutating-policies.js';
import type { MutatingAdmissionPolicy } from '../../apis/admissionregistration/v1beta1/types.js';
import type { ActivationInput } from '../../apiserver/admission/expressions/activation.js';
import type { Expressions } from '../../apiserver/admission/expressions/load.js';
import type { ObjectShapes } from '../../apiserver/admission/shapes.js';
import { errorText } from '../../util/errors/error-text.js';
import { policyProgram, type PolicyProgram } from './program.js';

/** Gives the changed object of the request, in the shape that the policy sees. @throws Error */
type Mutate = (input: ActivationInput, object: ApiObject) => ApiObject;

export interface Mutations {
  readonly matches: PolicyProgram['matches'];
  /** In the policy's order. An error that is a StatusError answers the request. */
  readonly list: readonly Mutate[];
}

type Shapes = Pick<ObjectShapes, 'decode' | 'typedOf'>;

/**
 * The paths of the atomic lists, maps and structs that a configuration sets. Such a value replaces
 * the whole, while its author may mean a part.
 */
function atomics(value: unknown, typed: Typed, path = ''): string[] {
  if (typeof value !== 'object' || value === null || !typed.type) return [];
  const isAtomic = structureOf(typed, value).kind === 'leaf';
  const own = isAtomic ? [path] : [];
  if (Array.isArray(value)) {
    const item = itemOf(typed);
    return [...own, ...value.flatMap((member, i) => atomics(member, item, `${path}[${i}]`))];
  }
  if (typed.type.kind !== 'struct') return own;
  const inner = Object.entries(value).flatMap(([key, member]) =>
    atomics(member, memberOf(typed, key), `${path}.${key}`),
  );
  return [...own, ...inner];
}

function applyConfiguration(
  json: unknown,
  object: ApiObject,
  { matched }: ActivationInput,
  shapes: Shapes,
): ApiObject {
  const typed = shapes.typedOf(object, matched);
  const { apiVersion, kind } = object;
  if (!typed)
    throw statusError(
      'ServiceUnavailable',
      `Resource kind ${apiVersion}, Kind=${kind} not found. There can be a delay between when CustomResourceDefinitions are created and when they are available.`,
      {},
    );
  const fail = (why: string): never => {
    throw new Error(`error applying patch: ${why}`);
  };
  const patch = { ...(isJsonObject(json) ? json : {}), apiVersion, kind };
  // Each mutation could put the object deeper into itself.
  if (isDeeperThan(patch, MAX_JSON_DEPTH)) fail('exceeded max depth');
  const problems = typedProblems(patch, typed);
  if (problems.length)
    fail(`failed to convert patch object to typed object: ${problemsText(problems)}`);
  const whole = atomics(patch, typed);
  if (whole.length)
    fail(
      `invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${whole.join(', ')}`,
    );
  return shapes.decode(mergeApplied(object, patch, typed), matched);
}

const isFailedTest = (error: unknown): boolean => errorText(error).endsWith(': test failed');

function applyPatch(
  operations: unknown,
  object: ApiObject,
  { matched }: ActivationInput,
  shapes: Shapes,
): ApiObject {
  let patched: unknown;
  try {
    patched = applyJsonPatch(object, operations);
  } catch (error) {
    const why = error instanceof StatusError ? (error.cause ?? error) : error;
    if (isFailedTest(why)) return object;
    throw new Error(`JSONPath: ${errorText(why)}`, { cause: error });
  }
  try {
    return shapes.decode(patched, matched, 'Strict');
  } catch (error) {
    throw internalError(error);
  }
}

const APPLY = { applyConfiguration, jsonPatch: applyPatch };

export function compileMutations(
  { spec }: MutatingAdmissionPolicy,
  expressions: Expressions,
  shapes: Shapes,
): Mutations {
  const { compile, matches, evaluate } = policyProgram(spec, expressions);
  return {
    matches,
    list: (spec.mutations ?? []).map((mutation) => {
      const { part, expression } = mutationOf(mutation);
      const compiled = compile(part, expression);
      return (input, object) => {
        if ('error' in compiled[1]) throw new Error(compiled[1].error);
        const done = evaluate([compiled], input, expressions.policyBudget());
        if ('exhausted' in done) throw new Error(done.exhausted);
        const [result] = done.results;
        if (!result || 'error' in result) throw new Error(result?.error ?? '');
        const json = expressions.patchJson(part, result.value);
        return APPLY[part](json, object, input, shapes);
      };
    }),
  };
}
