// The grammar of label selectors; behaviour and texts as in
// k8s.io/apimachinery/pkg/labels/selector.go.
import { errorText } from '../../util/errors/error-text.js';
import { isQualifiedName } from '../validation/names.js';
import { newRequirement, type LabelOperator, type LabelRequirement } from './requirement.js';

type Sign = ')' | '(' | ',' | '!' | '==' | '=' | '!=' | '>' | '<';
type TokenKind = 'identifier' | 'end' | 'in' | 'notin' | Sign;
interface Token {
  kind: TokenKind;
  text: string;
}

const SPECIAL = new Set(['=', '!', '(', ')', ',', '>', '<']);
const SYMBOLS = new Set<string>([')', ',', '!', '==', '=', '!=', '(', '>', '<']);
const BLANKS = new Set([' ', '\t', '\r', '\n']);

const OPERATORS: Partial<Record<TokenKind, LabelOperator>> = {
  in: 'in',
  notin: 'notin',
  '=': '=',
  '==': '==',
  '!=': '!=',
  '>': 'gt',
  '<': 'lt',
};

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const c = text[at]!;
    if (BLANKS.has(c)) {
      at++;
      continue;
    }
    const start = at;
    if (SPECIAL.has(c)) {
      const two = text.slice(at, at + 2);
      at += SYMBOLS.has(two) ? 2 : 1;
      const symbol = text.slice(start, at);
      tokens.push({ kind: symbol as TokenKind, text: symbol });
      continue;
    }
    while (at < text.length && !SPECIAL.has(text[at]!) && !BLANKS.has(text[at]!)) at++;
    const word = text.slice(start, at);
    tokens.push({ kind: word === 'in' || word === 'notin' ? word : 'identifier', text: word });
  }
  tokens.push({ kind: 'end', text: '' });
  return tokens;
}

class Parser {
  private at = 0;
  constructor(private readonly tokens: readonly Token[]) {}

  /** Outside of operator position the words 'in' and 'notin' are identifiers. */
  peek(operator = false): Token {
    const token = this.tokens[Math.min(this.at, this.tokens.length - 1)]!;
    if (!operator && (token.kind === 'in' || token.kind === 'notin'))
      return { kind: 'identifier', text: token.text };
    return token;
  }

  next(operator = false): Token {
    const token = this.peek(operator);
    this.at++;
    return token;
  }

  requirement(): LabelRequirement {
    let token = this.next();
    const absent = token.kind === '!';
    if (absent) token = this.next();
    if (token.kind !== 'identifier') throw new Error(`found '${token.text}', expected: identifier`);
    const key = token.text;
    const problems = isQualifiedName(key);
    if (problems.length)
      throw new Error(`<nil>: Invalid value: ${JSON.stringify(key)}: ${problems.join('; ')}`);
    if (absent) return newRequirement(key, '!', []);
    const after = this.peek().kind;
    if (after === 'end' || after === ',') return newRequirement(key, 'exists', []);
    const word = this.next(true);
    const operator = OPERATORS[word.kind];
    if (!operator) throw new Error(`found '${word.text}', expected: in, notin, =, ==, !=, gt, lt`);
    const values = operator === 'in' || operator === 'notin' ? this.values() : [this.exactValue()];
    return newRequirement(key, operator, [...new Set(values)].sort());
  }

  private values(): string[] {
    const open = this.next();
    if (open.kind !== '(') throw new Error(`found '${open.text}' expected: '('`);
    const first = this.peek();
    if (first.kind === ')') {
      this.next();
      return [];
    }
    if (first.kind !== 'identifier' && first.kind !== ',')
      throw new Error(`found '${first.text}', expected: ',', ')' or identifier`);
    const values = this.identifiers();
    if (this.next().kind !== ')') throw new Error(`found '${first.text}', expected: ')'`);
    return values;
  }

  private identifiers(): string[] {
    const values: string[] = [];
    for (;;) {
      const token = this.next();
      if (token.kind === 'identifier') {
        values.push(token.text);
        const after = this.peek();
        if (after.kind === ')') return values;
        if (after.kind !== ',') throw new Error(`found '${after.text}', expected: ',' or ')'`);
      } else if (token.kind === ',') {
        if (values.length === 0) values.push('');
        const after = this.peek();
        if (after.kind === ')') return [...values, ''];
        if (after.kind === ',') {
          this.next();
          values.push('');
        }
      } else {
        throw new Error(`found '${token.text}', expected: ',', or identifier`);
      }
    }
  }

  private exactValue(): string {
    const after = this.peek();
    if (after.kind === 'end' || after.kind === ',') return '';
    const token = this.next();
    if (token.kind !== 'identifier') throw new Error(`found '${token.text}', expected: identifier`);
    return token.text;
  }
}

/** @throws Error with upstream's message. */
export function parseRequirements(text: string): LabelRequirement[] {
  const parser = new Parser(tokenize(text));
  const requirements: LabelRequirement[] = [];
  for (;;) {
    const token = parser.peek();
    if (token.kind === 'end') return requirements;
    if (token.kind !== 'identifier' && token.kind !== '!')
      throw new Error(`found '${token.text}', expected: !, identifier, or 'end of string'`);
    try {
      requirements.push(parser.requirement());
    } catch (error) {
      throw new Error(`unable to parse requirement: ${errorText(error)}`, { cause: error });
    }
    const separator = parser.next();
    if (separator.kind === 'end') return requirements;
    if (separator.kind !== ',')
      throw new Error(`found '${separator.text}', expected: ',' or 'end of string'`);
    const after = parser.peek();
    if (after.kind !== 'identifier' && after.kind !== '!')
      throw new Error(`found '${after.text}', expected: identifier after ','`);
  }
}
