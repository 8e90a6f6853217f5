// Evaluates the expressions of one policy for one request and one parameter object (upstream
// apiserver/pkg/admission/plugin/policy/validating/validator.go).
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { ValidatingAdmissionPolicy } from '../../apis/admissionregistration/v1/types.js';
import { utf8Length } from '../../apis/meta/v1/object-meta.js';
import type { ActivationInput } from '../../apiserver/admission/expressions/activation.js';
import type { Expressions } from '../../apiserver/admission/expressions/load.js';
import type { Clock } from '../../util/env/env.js';
import { MAX_MESSAGE_BYTES } from './limits.js';
import { policyProgram, type Result, type Results } from './program.js';

interface Denial {
  /** Of the validation; 0 when the policy could not decide. */
  readonly index: number;
  readonly message: string;
  readonly reason?: string;
}

export interface Outcome {
  /** The binding takes its actions for each. */
  readonly denials: readonly Denial[];
  /** The errors that the failure policy ignores. */
  readonly ignored: readonly string[];
  /** The duration of one validation, on average. */
  readonly seconds: number;
  /** The texts to publish, by key. */
  readonly annotations: readonly (readonly [key: string, text: string])[];
  /** Annotations that fail refuse the request whatever the actions are. */
  readonly failures: readonly string[];
}

export interface Rules {
  run(input: ActivationInput, clock: Pick<Clock, 'monotonic'>): Outcome;
}

const NOTHING: Outcome = { denials: [], ignored: [], seconds: 0, annotations: [], failures: [] };

/** A usable text of a messageExpression. */
function messageOf(result: Result): string {
  if (!result || 'error' in result || typeof result.value !== 'string') return '';
  const text = result.value.trim();
  return utf8Length(text) > MAX_MESSAGE_BYTES || text.includes('\n') ? '' : text;
}

export function compileRules(
  { metadata, spec }: ValidatingAdmissionPolicy,
  expressions: Expressions,
): Rules {
  const { validations = [], auditAnnotations = [] } = spec;
  const isFailing = spec.failurePolicy !== 'Ignore';
  const { compile, matches, evaluate } = policyProgram(spec, expressions);
  const checks = validations.map(({ expression }) => compile('validation', expression));
  const messages = validations.map(({ messageExpression }) =>
    messageExpression ? compile('message', messageExpression) : undefined,
  );
  const notes = auditAnnotations.map(({ valueExpression }) =>
    compile('auditAnnotation', valueExpression),
  );

  const failed = (message: string): Outcome =>
    isFailing
      ? { ...NOTHING, denials: [{ index: 0, message }] }
      : { ...NOTHING, ignored: [message] };

  function denialsOf(results: readonly Result[], told: Results, ignored: string[]): Denial[] {
    return results.flatMap((result, index): Denial[] => {
      const fails = (message: string): Denial[] => {
        if (isFailing) return [{ index, message }];
        ignored.push(message);
        return [];
      };
      if (result && 'error' in result) return fails(result.error);
      if (result?.value === true) return [];
      if ('exhausted' in told) return fails(`failed messageExpression: ${told.exhausted}`);
      const { message = '', expression, reason } = validations[index]!;
      const text =
        messageOf(told.results[index]) ||
        message.trim() ||
        `failed expression: ${expression.trim()}`;
      return [{ index, message: text, ...(reason && { reason }) }];
    });
  }

  return {
    run(input, clock) {
      const matched = matches(input);
      if (matched && !matched.matches) return 'error' in matched ? failed(matched.error) : NOTHING;
      const budget = expressions.policyBudget();
      const started = clock.monotonic();
      const checked = evaluate(checks, input, budget);
      const seconds = (clock.monotonic() - started) / 1000 / Math.max(checks.length, 1);
      if ('exhausted' in checked) return failed(checked.exhausted);
      const isDenied = checked.results.some(
        (result) => result && 'value' in result && result.value !== true,
      );
      const told = isDenied ? evaluate(messages, input, budget) : { results: [] };
      const ignored: string[] = [];
      const denials = denialsOf(checked.results, told, ignored);
      const noted = evaluate(notes, input, expressions.policyBudget());
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
      return { denials, ignored, seconds, annotations, failures };
    },
  };
}

/** The parameter objects of an evaluation; undefined stands for none. */
export type Params = readonly (ApiObject | undefined)[];
