// Field selectors: 'metadata.name=x,status.phase!=Failed'. Values may escape \, \= and \\.
// Any field name is accepted here; the kind decides which fields it supports.
// Source of behaviour and texts: k8s.io/apimachinery/pkg/fields/selector.go.
import { badRequest } from '../errors/status-error.js';

export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

export class FieldSelector {
  readonly empty: boolean;
  constructor(readonly requirements: readonly FieldRequirement[]) {
    this.empty = requirements.length === 0;
  }

  /** `get` returns the text of a field; undefined equals ''. */
  matches(get: (field: string) => string | undefined): boolean {
    for (const { field, operator, value } of this.requirements) {
      if (((get(field) ?? '') === value) !== (operator === '=')) return false;
    }
    return true;
  }

  /** The value that '=' requires of `field`, if any: a list by name reads one object. */
  exact(field: string): string | undefined {
    return this.requirements.find((r) => r.field === field && r.operator === '=')?.value;
  }

  toString(): string {
    return this.requirements
      .map((r) => `${r.field}${r.operator}${escapeFieldValue(r.value)}`)
      .join(',');
  }
}

export const EVERY_FIELD = new FieldSelector([]);

export const fieldSelector = (requirements: readonly FieldRequirement[]): FieldSelector =>
  requirements.length ? new FieldSelector(requirements) : EVERY_FIELD;

export const escapeFieldValue = (value: string): string =>
  value.replace(/[\\,=]/g, (c) => `\\${c}`);

/** @throws StatusError BadRequest. '' selects everything. */
export function parseFieldSelector(text: string): FieldSelector {
  const requirements: FieldRequirement[] = [];
  for (const term of splitTerms(text)) {
    if (term === '') continue;
    const split = /^((?:[^\\!=]|\\.|!(?!=))*?)(!=|==|=)(.*)$/s.exec(term);
    if (!split) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    requirements.push({
      field: split[1]!,
      operator: split[2] === '!=' ? '!=' : '=',
      value: unescape(split[3]!),
    });
  }
  return fieldSelector(requirements);
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === ',') {
      terms.push(text.slice(start, i));
      start = i + 1;
    }
  }
  terms.push(text.slice(start));
  return terms;
}

function unescape(value: string): string {
  if (!/[\\,=]/.test(value)) return value;
  let out = '';
  for (let i = 0; i < value.length; i++) {
    const c = value[i]!;
    if (c === '\\') {
      const next = value[i + 1];
      if (next !== '\\' && next !== ',' && next !== '=')
        throw badRequest(`invalid field selector: invalid escape sequence: \\${next ?? ''}`);
      out += next;
      i++;
    } else if (c === ',' || c === '=') {
      throw badRequest(`invalid field selector: unescaped character in value: ${c.codePointAt(0)}`);
    } else out += c;
  }
  return out;
}
