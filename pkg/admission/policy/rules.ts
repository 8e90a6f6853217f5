// Evaluates the expressions of one policy for one request and one parameter object (upstream
// apiserver/pkg/admission/plugin/policy/validating/validator.go).
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { ValidatingAdmissionPolicy } from '../../apis/admissionregistration/v1/types.js';
import { utf8Length } from '../../apis/meta/v1/object-meta.js';
import type { ActivationInput } from '../../apiserver/admission/expressions/activation.js';
import type { Compiled } from '../../apiserver/admission/expressions/environment.js';
import type { Expressions } from '../../apiserver/admission/expressions/load.js';
import { MAX_MESSAGE_BYTES } from './limits.js';

interface Denial {
  /** Of the validation; 0 when the policy could not decide. */
  readonly index: number;
  readonly message: string;
  readonly reason?: string;
}

export interface Outcome {
  /** The binding takes its actions for each. */
  readonly denials: readonly Denial[];
  /** The texts to publish, by key. */
  readonly annotations: readonly (readonly [key: string, text: string])[];
  /** Annotations that fail refuse the request whatever the actions are. */
  readonly failures: readonly string[];
}

export interface Rules {
  run(input: ActivationInput): Outcome;
}

const NOTHING: Outcome = { denials: [], annotations: [], failures: [] };

type Result = { readonly value: unknown } | { readonly error: string } | undefined;

/** The results of the expressions in order, or why there are none. */
type Results = { readonly results: readonly Result[] } | { readonly exhausted: string };

/** A usable text of a messageExpression. */
function messageOf(result: Result): string {
  if (!result || 'error' in result || typeof result.value !== 'string') return '';
  const text = result.value.trim();
  return utf8Length(text) > MAX_MESSAGE_BYTES || text.includes('\n') ? '' : text;
}

type Expression = readonly [text: string, compiled: Compiled];

export function compileRules(
  { metadata, spec }: ValidatingAdmissionPolicy,
  expressions: Expressions,
): Rules {
  const { validations = [], auditAnnotations = [], matchConditions = [] } = spec;
  const isFailing = spec.failurePolicy !== 'Ignore';
  const hasParams = spec.paramKind !== undefined;
  const hasVariables = Boolean(spec.variables?.length);
  const compiler = expressions.policyCompiler({ hasParams, hasVariables, isStored: true });
  const variables = (spec.variables ?? []).map(({ name, expression }) => ({
    name,
    compiled: compiler.variable(name, expression),
  }));
  const compile = (part: Parameters<typeof compiler.expression>[0], text: string): Expression => [
    text,
    compiler.expression(part, text),
  ];
  const conditions = matchConditions.length
    ? expressions.compileConditions(matchConditions, { hasParams })
    : undefined;
  const checks = validations.map(({ expression }) => compile('validation', expression));
  const messages = validations.map(({ messageExpression }) =>
    messageExpression ? compile('message', messageExpression) : undefined,
  );
  const notes = auditAnnotations.map(({ valueExpression }) =>
    compile('auditAnnotation', valueExpression),
  );

  /** Variables are evaluated anew for each list, on its budget. */
  function evaluateAll(
    list: readonly (Expression | undefined)[],
    input: ActivationInput,
    budget: { remaining: number },
  ): Results {
    const plain = expressions.activationOf(input);
    const activation = hasVariables ? expressions.withVariables(plain, variables, budget) : plain;
    try {
      return {
        results: list.map(
          (item) => item && expressions.evaluate(item[0], item[1], activation, budget),
        ),
      };
    } catch (error) {
      if (error instanceof expressions.BudgetError) return { exhausted: error.message };
      throw error;
    }
  }

  const failed = (message: string): Outcome =>
    isFailing ? { ...NOTHING, denials: [{ index: 0, message }] } : NOTHING;

  function denialsOf(results: readonly Result[], told: Results): Denial[] {
    return results.flatMap((result, index): Denial[] => {
      const fails = (message: string): Denial[] => (isFailing ? [{ index, message }] : []);
      if (result && 'error' in result) return fails(result.error);
      if (result?.value === true) return [];
      if ('exhausted' in told) return fails(`failed messageExpression: ${told.exhausted}`);
      const { message = '', expression, reason } = validations[index]!;
      const text =
        messageOf(told.results[index]) ||
        message.trim() ||
        `failed expression: ${expression.trim()}`;
      return [{ index, message: text, ...(reason ? { reason } : {}) }];
    });
  }

  return {
    run(input) {
      const matched = conditions?.(input);
      if (matched && !matched.matches) return 'error' in matched ? failed(matched.error) : NOTHING;
      const budget = expressions.policyBudget();
      const checked = evaluateAll(checks, input, budget);
      if ('exhausted' in checked) return failed(checked.exhausted);
      const isDenied = checked.results.some(
        (result) => result && 'value' in result && result.value !== true,
      );
      const told = isDenied ? evaluateAll(messages, input, budget) : { results: [] };
      const denials = denialsOf(checked.results, told);
      const noted = evaluateAll(notes, input, expressions.policyBudget());
      if ('exhausted' in noted) return failed(noted.exhausted);
      const annotations: [string, string][] = [];
      const failures: string[] = [];
      for (const [index, result] of noted.results.entries()) {
        if (result && 'error' in result) {
          if (isFailing) failures.push(result.error);
        } else if (typeof result?.value === 'string' && result.value.trim())
          annotations.push([
            `${metadata.name}/${auditAnnotations[index]!.key}`,
            result.value.trim(),
          ]);
      }
      return { denials, annotations, failures };
    },
  };
}

/** The parameter objects of an evaluation; undefined stands for none. */
export type Params = readonly (ApiObject | undefined)[];
