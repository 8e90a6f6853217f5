// MutatingAdmissionPolicy: changes the object of a request by the policies that the request
// matches, one after the other (upstream plugin/policy/mutating/dispatcher.go of v1.34).
import { StatusError, internalError, statusError } from '../../apimachinery/errors/status-error.js';
import { equalJson, isDeeperThan, isJsonObject } from '../../apimachinery/meta/clone.js';
import { keyOf, type ApiObject } from '../../apimachinery/meta/object.js';
import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
} from '../../apis/admissionregistration/v1beta1/types.js';
import {
  MUTATING_ADMISSION_POLICIES,
  MUTATING_ADMISSION_POLICY_BINDINGS,
} from '../../apis/resource-types.js';
import type { AdmissionPluginFactory, AdmissionRequest } from '../../apiserver/admission/plugin.js';
import { errorText } from '../../util/errors/error-text.js';
import { withAnswers } from '../../apiserver/auth/authorizer.js';
import { refusal } from '../refuse.js';
import { reinvocationOf } from '../reinvocation.js';
import { shapesOf } from '../webhooks/call.js';
import { inputOf, invocations, isExcluded, type Invocation } from './dispatch.js';
import { mutatingChecks } from './metrics.js';
import { followPolicies, type BoundPolicy } from './policies.js';
import { mergeApplied } from '../../apimachinery/apply/merge.js';
import { itemOf, memberOf, structureOf, type Typed } from '../../apimachinery/apply/structure.js';
import { problemsText, typedProblems } from '../../apimachinery/apply/typed-problems.js';
import { MAX_JSON_DEPTH } from '../../apimachinery/limits.js';
import { applyJsonPatch } from '../../apimachinery/patch/json-patch.js';
import { mutationOf } from '../../apis/admissionregistration/v1beta1/mutating-policies.js';
import type { ActivationInput } from '../../apiserver/admission/expressions/activation.js';
import type { Expressions } from '../../apiserver/admission/expressions/load.js';
import type { ObjectShapes } from '../../apiserver/admission/shapes.js';
import { policyProgram, type PolicyProgram } from './program.js';

// Evaluates the mutations of one policy and applies what they give (upstream
// plugin/policy/mutating/{compilation.go,patch}).

/** Gives the changed object of the request, in the shape that the policy sees. @throws Error */
type Mutate = (input: ActivationInput, object: ApiObject) => ApiObject;

interface Mutations {
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
  const patch = { ...(isJsonObject(json) && json), apiVersion, kind };
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
    if (errorText(why).endsWith(': test failed')) return object;
    throw new Error(`JSONPath: ${errorText(why)}`, { cause: error });
  }
  try {
    return shapes.decode(patched, matched, 'Strict');
  } catch (error) {
    throw internalError(error);
  }
}

const APPLY = { applyConfiguration, jsonPatch: applyPatch };

function compileMutations(
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

const NAME = 'MutatingAdmissionPolicy';

type Policies = readonly BoundPolicy<
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  Mutations
>[];
type Step = Invocation<MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, Mutations>;

interface Denial {
  readonly message: string;
  readonly reason?: 'Invalid';
}

const nameOf = ({ metadata }: { readonly metadata: { readonly name: string } }): string =>
  metadata.name;

const deniedBy = (policy: string, binding: string | undefined, why: string): string =>
  binding === undefined
    ? `policy ${JSON.stringify(policy)} denied request: ${why}`
    : `policy '${policy}' with binding '${binding}' denied request: ${why}`;

/** 403 with all denials as causes; the first gives text and reason. */
function denied(request: AdmissionRequest, denials: readonly Denial[]): StatusError {
  const [first] = denials;
  const causes = denials.map(({ message }) => ({ message }));
  const { status, code } = refusal(request, '', causes);
  return new StatusError({
    ...status,
    code,
    message: first!.message,
    reason: first!.reason ?? 'Forbidden',
  });
}

export const mutatingPolicies: AdmissionPluginFactory = (context) => {
  const policies = followPolicies(context.reader, {
    policies: MUTATING_ADMISSION_POLICIES,
    bindings: MUTATING_ADMISSION_POLICY_BINDINGS,
    compile: (policy, expressions) => compileMutations(policy, expressions, context.shapes),
  });
  const count = mutatingChecks(context.env.metrics);

  /** The denial for a mutation or condition that failed, if the failure policy denies. */
  const failed = ({ policy, binding }: Step, why: string): Denial[] =>
    policy.spec.failurePolicy === 'Ignore'
      ? []
      : [{ message: deniedBy(nameOf(policy), nameOf(binding), why), reason: 'Invalid' }];

  /** Gives the denials of the policy's mutations. @throws StatusError that answers the request */
  async function mutate(step: Step, request: AdmissionRequest): Promise<Denial[]> {
    const { policy, binding, matched, rules } = step;
    const { clock } = context.env;
    const denials: Denial[] = [];
    for (const change of rules.list) {
      const input = await inputOf(step, request, shapesOf(request, context), context);
      const { object } = input.request;
      if (!object) continue;
      const started = clock.monotonic();
      let problem: string | undefined;
      try {
        const next = await withAnswers(input, (ready) => change(ready, object));
        request.object =
          matched === request.resource
            ? next
            : await context.shapes.convert(next, matched, request.resource);
        request.patched = true;
      } catch (error) {
        problem = errorText(error);
        if (error instanceof StatusError) throw error;
        denials.push(...failed(step, problem));
      } finally {
        count(
          { policy: nameOf(policy), policy_binding: nameOf(binding) },
          problem,
          (clock.monotonic() - started) / 1000,
        );
      }
    }
    return denials;
  }

  async function run(policies: Policies, request: AdmissionRequest): Promise<void> {
    const denials: Denial[] = [];
    const steps: Step[] = [];
    // The policies are chosen before the first of them changes the object.
    for await (const step of invocations(policies, request, context)) {
      if ('rules' in step) steps.push(step);
      else {
        const binding = step.binding && nameOf(step.binding);
        denials.push({ message: deniedBy(nameOf(step.policy), binding, step.problem) });
      }
    }
    const reinvocation = reinvocationOf(request, NAME);
    for (const step of steps) {
      const { policy, binding, param, rules } = step;
      const asked = await inputOf(step, request, shapesOf(request, context), context);
      const matched = await withAnswers(asked, rules.matches);
      if (matched && !matched.matches) {
        if ('error' in matched) denials.push(...failed(step, matched.error));
        continue;
      }
      const id = `${nameOf(policy)}/${nameOf(binding)}/${param ? keyOf(param) : ''}`;
      if (!reinvocation.asks(id)) continue;
      const before = request.object;
      denials.push(...(await mutate(step, request)));
      if (!equalJson(before, request.object)) reinvocation.changed();
      if (policy.spec.reinvocationPolicy === 'IfNeeded') reinvocation.wasAsked(id);
    }
    reinvocation.end();
    if (denials.length) throw denied(request, denials);
  }

  return {
    name: NAME,
    operations: ['CREATE', 'UPDATE', 'CONNECT'],
    mutate(request) {
      const list = policies();
      return list.length && !isExcluded(request) ? run(list, request) : undefined;
    },
  };
};
