// Literal arguments that can never work: patterns, times, durations and formats (cel-go
// cel/validator.go, ext/formatting.go).
import type { Checked } from '../checker/checker.js';
import type { CallExpr, Expr } from '../syntax/ast.js';
import type { Issue } from '../syntax/source.js';
import { checkFormat } from '../library/format.js';
import { durationFromText, timestampFromText } from '../values/convert.js';
import { patternOf } from '../values/pattern.js';
import { isError, type Value } from '../values/value.js';

const PROBES: Readonly<Record<string, (text: string) => boolean>> = {
  matches: (text) => isError(patternOf(text) as unknown as Value),
  duration: (text) => isError(durationFromText(text)),
  timestamp: (text) => isError(timestampFromText(text)),
};

function childrenOf(e: Expr): readonly Expr[] {
  switch (e.kind) {
    case 'select':
      return [e.operand];
    case 'call':
      return e.target ? [e.target, ...e.args] : e.args;
    case 'list':
      return e.elements;
    case 'map':
      return e.entries.flatMap(({ key, value }) => [key, value]);
    case 'struct':
      return e.fields.map(({ value }) => value);
    case 'comprehension':
      return [e.range, e.accuInit, e.condition, e.step, e.result];
    default:
      return [];
  }
}

const textOf = (e: Expr | undefined): string | undefined =>
  e?.kind === 'const' && typeof e.value === 'string' ? e.value : undefined;

export function literalIssues({ expr, positions, types }: Checked): Issue[] {
  const issues: Issue[] = [];
  const refuse = (at: Expr, message: string): void =>
    void issues.push({ offset: positions[at.id]!, message });
  const visitFormat = (e: CallExpr): void => {
    const format = textOf(e.target);
    const [list] = e.args;
    if (format === undefined || list?.kind !== 'list') return;
    const problem = checkFormat(
      format,
      list.elements.map((item) => types[item.id]!),
    );
    if (!problem) return;
    refuse(problem.index === undefined ? e : list.elements[problem.index]!, problem.message);
  };
  const visit = (e: Expr): void => {
    if (e.kind === 'call') {
      const probe = Object.hasOwn(PROBES, e.fn) ? PROBES[e.fn] : undefined;
      const argument = e.args.at(-1);
      const text = probe && textOf(argument);
      if (text !== undefined && probe!(text)) refuse(argument!, `invalid ${e.fn} argument`);
      if (e.fn === 'format') visitFormat(e);
    }
    childrenOf(e).forEach(visit);
  };
  visit(expr);
  return issues;
}
