// Text to syntax tree. The grammar is cel-go's (parser/gen/CEL.g4), by recursive descent. Clients
// see the texts of errors, so errors are found, worded and recovered from as ANTLR does by default:
// a rule that fails reports, skips to a token that some caller can go on with, and returns.
import { MAX_EXPRESSION_SIZE, MAX_NESTING, MAX_SYNTAX_ERRORS } from '../limits.js';
import type { Value } from '../values/value.js';
import type { Expr, MapEntry, StructField } from './ast.js';
import { tokenize, type Token } from './lexer.js';
import {
  bytesLiteral,
  doubleLiteral,
  intLiteral,
  LiteralError,
  stringLiteral,
  uintLiteral,
} from './literals.js';
import { createBuilder, MacroError, type Macro } from './macros.js';
import { CompileError, type Issue } from './source.js';

export interface ParseOptions {
  readonly macros: readonly Macro[];
  /** `a.?b`, `a[?b]`, `[?a]` and `{?k: v}`. */
  readonly optionalSyntax: boolean;
  /** MAX_NESTING when absent. */
  readonly maxNesting?: number;
}

export interface Parsed {
  readonly text: string;
  readonly expr: Expr;
  /** Offsets in `text` by the identifier of the node. */
  readonly positions: readonly number[];
}

const setOf = (names: string): ReadonlySet<string> => new Set(names.split(' '));
const RESERVED = setOf(
  'as break const continue else false for function if import in let loop package namespace null return true var void while',
);

/** Tokens in the order in which ANTLR lists them. */
const ORDER = [
  '== != in < <= >= > && || [ ] { } ( ) . , - ! ? : + * / % true false null',
  'WHITESPACE COMMENT NUM_FLOAT NUM_INT NUM_UINT STRING BYTES IDENTIFIER ESC_IDENTIFIER',
].flatMap((names) => names.split(' '));
const EXPR_START = '[ { ( . - ! true false null NUM_FLOAT NUM_INT NUM_UINT STRING BYTES IDENTIFIER';
const STARTS = setOf(EXPR_START);
const MAP_STARTS = setOf(`${EXPR_START} } , ?`);
const FIELD_STARTS = setOf('} , ? IDENTIFIER ESC_IDENTIFIER');
const FIELD_NAMES = setOf('IDENTIFIER ESC_IDENTIFIER');
const RELATIONS = setOf('== != in < <= >= >');
const FACTORS = setOf('* / %');
const TERMS = setOf('+ -');
const ARITHMETIC = setOf('* / % + -');
const NO_TOKENS: ReadonlySet<string> = new Set();

const FUNCTION_OF: Readonly<Record<string, string>> = { in: '@in' };
const operator = (text: string): string => FUNCTION_OF[text] ?? `_${text}_`;

const keyOf = ({ kind, text }: Token): string =>
  kind === 'WORD' || kind === 'PUNCTUATION' ? text : kind;

/** `{'[', NUM_INT}`, or without braces when there is one. */
function namesOf(keys: ReadonlySet<string>): string {
  const shown = (key: string): string =>
    key === 'EOF' ? '<EOF>' : /^[A-Z_]{4,}$/.test(key) ? key : `'${key}'`;
  const list = [...keys].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)).map(shown);
  return list.length === 1 ? list[0]! : `{${list.join(', ')}}`;
}

/** A rule cannot go on; the rule reports it and recovers. */
class SyntaxFailure {
  constructor(readonly message: string) {}
}
/** Parsing ends at once. */
class Abort {
  constructor(readonly message: string) {}
}

/**
 * @throws CompileError with every error that was found. Takes linear time in the length of `text`.
 */
export function parse(text: string, options: ParseOptions): Parsed {
  const size = Array.from(text).length;
  const issues: Issue[] = [];
  if (size > MAX_EXPRESSION_SIZE)
    throw new CompileError(text, [
      {
        offset: -1,
        message: `expression code point size exceeds limit: size: ${size}, limit ${MAX_EXPRESSION_SIZE}`,
      },
    ]);
  const parser = createParser(tokenize(text, issues), options, issues);
  let expr: Expr;
  try {
    expr = parser.start();
  } catch (error) {
    if (!(error instanceof Abort)) throw error;
    throw new CompileError(text, [...issues, { offset: -1, message: error.message }]);
  }
  if (issues.length > 0) throw new CompileError(text, issues);
  return { text, expr, positions: parser.positions };
}

/** The operands of a chain of `&&` or `||` as a balanced tree; `join` makes an operator's node. */
function balanced(
  operands: readonly Expr[],
  join: (operator: number, left: Expr, right: Expr) => Expr,
): Expr {
  const tree = (low: number, high: number): Expr => {
    const middle = Math.floor((low + high + 1) / 2);
    const left = middle === low ? operands[middle]! : tree(low, middle - 1);
    const right = middle === high ? operands[middle + 1]! : tree(middle + 1, high);
    return join(middle, left, right);
  };
  return operands.length === 1 ? operands[0]! : tree(0, operands.length - 2);
}

/** The stream of tokens, and ANTLR's default error strategy over it. */
function createStream(tokens: readonly Token[], issues: Issue[]) {
  /** Tokens that each open rule may be followed by. */
  const follows: ReadonlySet<string>[] = [];
  let at = 0;
  let isRecovering = false;
  let lastFailure = -1;

  const current = (): Token => tokens[at]!;
  const ahead = (distance: number): Token => tokens[Math.min(at + distance, tokens.length - 1)]!;
  const key = (distance = 0): string => keyOf(ahead(distance));
  const report = (message: string, token: Token): void => {
    if (isRecovering) return;
    isRecovering = true;
    issues.push({ offset: token.offset, message: `Syntax error: ${message}` });
    if (issues.length > MAX_SYNTAX_ERRORS)
      throw new Abort(`error recovery attempt limit exceeded: ${MAX_SYNTAX_ERRORS}`);
  };
  const consume = (): Token => {
    const token = current();
    if (at < tokens.length - 1) at++;
    return token;
  };
  const take = (): Token => {
    isRecovering = false;
    return consume();
  };
  const extraneous = (expected: ReadonlySet<string>): boolean => {
    if (current().kind === 'EOF' || !expected.has(key(1))) return false;
    report(`extraneous input '${current().text}' expecting ${namesOf(expected)}`, current());
    consume();
    return true;
  };
  const mismatch = (expected: ReadonlySet<string>): SyntaxFailure =>
    new SyntaxFailure(`mismatched input '${current().text}' expecting ${namesOf(expected)}`);

  return {
    current,
    key,
    ahead,
    take,
    report,
    mismatch,
    /** The next token must be one of these; one wrong token before it is dropped. */
    sync(expected: ReadonlySet<string>): void {
      if (expected.has(key())) return;
      if (extraneous(expected)) return;
      throw mismatch(expected);
    },
    /** Takes a token of this kind; `next` holds what may follow it, to see that it was left out. */
    expect(wanted: string, next: ReadonlySet<string> = NO_TOKENS): Token {
      if (key() === wanted) return take();
      const expected = new Set([wanted]);
      if (extraneous(expected)) return take();
      if (next.has(key())) {
        report(`missing ${namesOf(expected)} at '${current().text}'`, current());
        return current();
      }
      throw mismatch(expected);
    },
    /** Runs a rule after which one of `follow` may come in the rule that calls it. */
    rule(follow: ReadonlySet<string>, body: () => Expr): Expr {
      follows.push(follow);
      try {
        return body();
      } catch (error) {
        if (!(error instanceof SyntaxFailure)) throw error;
        report(error.message, current());
        if (lastFailure === at) consume();
        lastFailure = at;
        while (current().kind !== 'EOF' && !follows.some((set) => set.has(key()))) consume();
        return { id: 0, kind: 'ident', name: '<error>' };
      } finally {
        follows.pop();
      }
    },
  };
}

function createParser(tokens: readonly Token[], options: ParseOptions, issues: Issue[]) {
  const stream = createStream(tokens, issues);
  const { current, key, take } = stream;
  const positions: number[] = [];
  const builder = createBuilder(positions);
  /** Nodes on the longest path below a node, each macro as one: all later walks recurse so deep. */
  const depths: number[] = [];
  /** Nodes below a node and itself, each macro as one, with the copies that macros make. */
  const sizes: number[] = [];
  const maxNesting = options.maxNesting ?? MAX_NESTING;
  let nesting = 0;

  const depthOf = (e: Expr): number => depths[e.id] ?? 0;
  const deepen = (e: Expr, below: readonly Expr[]): Expr => {
    depths[e.id] = 1 + below.reduce((most, one) => Math.max(most, depthOf(one)), 0);
    const size = below.reduce((sum, one) => sum + (sizes[one.id] ?? 1), 1);
    if (size > MAX_EXPRESSION_SIZE)
      throw new Abort(`expression node count exceeds limit: ${MAX_EXPRESSION_SIZE}`);
    sizes[e.id] = size;
    return e;
  };
  /** A call of an operator. */
  const operation = (offset: number, fn: string, args: readonly Expr[]): Expr =>
    deepen(builder.at(offset).call(fn, args), args);
  const refuse = (offset: number, message: string): void => void issues.push({ offset, message });
  const literal = (offset: number, read: () => Value): Expr => {
    try {
      return builder.at(offset).constant(read());
    } catch (error) {
      if (!(error instanceof LiteralError)) throw error;
      refuse(offset, error.message);
      return builder.at(offset).constant(null);
    }
  };

  const expression = (follow: ReadonlySet<string>): Expr =>
    stream.rule(follow, () => {
      if (++nesting > maxNesting)
        throw new Abort(`expression recursion limit exceeded: ${maxNesting}`);
      try {
        const condition = chain('||', new Set(['?']));
        if (key() !== '?') return condition;
        const { offset } = take();
        const yes = chain('||', new Set([':']));
        stream.expect(':', STARTS);
        const no = expression(NO_TOKENS);
        return operation(offset, '_?_:_', [condition, yes, no]);
      } finally {
        nesting--;
      }
    });

  /** conditionalOr and conditionalAnd */
  const chain = (sign: '||' | '&&', follow: ReadonlySet<string>): Expr =>
    stream.rule(follow, () => {
      const operands: Expr[] = [];
      const offsets: number[] = [];
      const next = (): Expr =>
        sign === '||' ? chain('&&', new Set(['||'])) : stream.rule(new Set(['&&']), relation);
      operands.push(next());
      while (key() === sign) {
        offsets.push(take().offset);
        operands.push(next());
      }
      return balanced(operands, (at, left, right) =>
        operation(offsets[at]!, operator(sign), [left, right]),
      );
    });

  /** Operands with the operators between them, which bind to the left. */
  const operations = (operators: ReadonlySet<string>, operand: () => Expr): Expr => {
    let left = operand();
    while (operators.has(key())) {
      const { offset, text } = take();
      left = operation(offset, operator(text), [left, operand()]);
    }
    return left;
  };
  const relation = (): Expr => operations(RELATIONS, () => stream.rule(RELATIONS, calculation));
  const calculation = (): Expr => operations(TERMS, factor);
  const factor = (): Expr => operations(FACTORS, () => stream.rule(ARITHMETIC, unary));

  const unary = (): Expr => {
    stream.sync(STARTS);
    const sign = key();
    const isNumber = /^NUM_(INT|FLOAT)$/.test(key(1));
    if (sign !== '!' && (sign !== '-' || isNumber)) return stream.rule(NO_TOKENS, member);
    const { offset } = current();
    let count = 0;
    while (key() === sign && !(sign === '-' && count > 0 && /^NUM_(INT|FLOAT)$/.test(key(1)))) {
      take();
      count++;
    }
    const operand = stream.rule(NO_TOKENS, member);
    return count % 2 === 0 ? operand : operation(offset, sign === '!' ? '!_' : '-_', [operand]);
  };

  const member = (): Expr => {
    let operand = stream.rule(new Set(['.', '[']), primary);
    for (;;) {
      if (key() === '.') operand = afterDot(operand);
      else if (key() === '[') operand = index(operand);
      else return operand;
    }
  };

  const afterDot = (operand: Expr): Expr => {
    const isOptional = key(1) === '?';
    const name = stream.ahead(isOptional ? 2 : 1);
    const isName = name.kind === 'IDENTIFIER' || name.kind === 'ESC_IDENTIFIER';
    if (!isName) {
      const isChain = operand.kind === 'ident' || operand.kind === 'select';
      const dot = take();
      if (isOptional) take();
      if (isChain && name.kind !== 'EOF') stream.expect('IDENTIFIER');
      const rest = name.kind === 'EOF' ? '' : name.text;
      throw new SyntaxFailure(`no viable alternative at input '${dot.text}${rest}'`);
    }
    const { offset } = take();
    if (isOptional) take();
    const isEscaped = name.kind === 'ESC_IDENTIFIER';
    if (isEscaped) refuse(name.offset, "unsupported syntax: '`'");
    take();
    if (isOptional) return optionalSelect(operand, offset, name);
    if (key() === '(' && !isEscaped) {
      const open = take();
      return invoke(open.offset, name.text, operand, argumentsOf());
    }
    return deepen(builder.at(offset).select(operand, name.text), [operand]);
  };

  const optionalSelect = (operand: Expr, offset: number, name: Token): Expr => {
    if (!options.optionalSyntax) refuse(offset, "unsupported syntax '.?'");
    const field = builder.at(name.offset).constant(name.text);
    return deepen(builder.at(offset).call('_?._', [operand, field]), [operand]);
  };

  const index = (operand: Expr): Expr => {
    const { offset } = take();
    const isOptional = key() === '?';
    if (isOptional) {
      take();
      if (!options.optionalSyntax) refuse(offset, "unsupported syntax '[?'");
    }
    const at = expression(new Set([']']));
    stream.expect(']');
    return operation(offset, isOptional ? '_[?_]' : '_[_]', [operand, at]);
  };

  /** A call, or the expansion of a macro. */
  const invoke = (
    offset: number,
    fn: string,
    target: Expr | undefined,
    args: readonly Expr[],
  ): Expr => {
    const below = target ? [target, ...args] : args;
    const macro = options.macros.find(
      (m) =>
        m.name === fn && m.isMember === (target !== undefined) && m.arity.includes(args.length),
    );
    if (macro) {
      try {
        const expanded = macro.expand(builder.at(offset), target, args);
        if (expanded) return deepen(expanded, macro.copiesTarget ? [target!, ...below] : below);
      } catch (error) {
        if (!(error instanceof MacroError)) throw error;
        refuse(positions[error.at.id] ?? offset, error.message);
        return builder.at(offset).constant(null);
      }
    }
    return deepen(builder.at(offset).call(fn, args, target), below);
  };

  const argumentsOf = (): Expr[] => {
    const args: Expr[] = [];
    if (key() !== ')') {
      args.push(expression(new Set([',', ')'])));
      while (key() === ',') {
        take();
        args.push(expression(new Set([',', ')'])));
      }
    }
    stream.expect(')');
    return args;
  };

  /** An identifier, a call, or a struct: they begin alike. */
  const named = (): Expr => {
    const start = current();
    const hasDot = key() === '.';
    if (hasDot && key(1) !== 'IDENTIFIER') {
      take();
      const rest = current().kind === 'EOF' ? '' : current().text;
      throw new SyntaxFailure(`no viable alternative at input '.${rest}'`);
    }
    if (hasDot) take();
    const typeName = structName();
    if (typeName !== undefined) return struct(hasDot ? `.${typeName}` : typeName);
    const name = take();
    if (RESERVED.has(name.text)) {
      refuse(name.offset, `reserved identifier: ${name.text}`);
      if (key() !== '(') return builder.at(name.offset).constant(null);
    }
    const full = hasDot ? `.${name.text}` : name.text;
    if (key() !== '(') return builder.at(start.offset).ident(full);
    const open = take();
    return invoke(open.offset, full, undefined, argumentsOf());
  };

  /** Takes `a.b.c` when an opening brace follows. */
  const structName = (): string | undefined => {
    let length = 1;
    while (key(length) === '.' && key(length + 1) === 'IDENTIFIER') length += 2;
    if (key(length) !== '{') return undefined;
    let name = '';
    for (let i = 0; i < length; i++) name += take().text;
    return name;
  };

  /** Elements with commas between them up to `close`; another follows where `goesOn` says so. */
  const elementsUntil = (
    close: string,
    element: () => void,
    goesOn = (): boolean => key(1) !== close,
  ): void => {
    while (key() !== close && key() !== ',') {
      element();
      if (key() !== ',' || !goesOn()) break;
      take();
    }
    if (key() === ',') take();
    stream.expect(close);
  };

  /** The colon and the value of a field or an entry. */
  const valueOf = (): { id: number; value: Expr } => {
    const colon = stream.expect(':', STARTS);
    const value = expression(new Set([',', '}']));
    return { id: builder.at(colon.offset).nextId(), value };
  };

  const struct = (typeName: string): Expr => {
    const { offset } = take();
    const fields: StructField[] = [];
    stream.sync(FIELD_STARTS);
    const field = (): void => {
      const optional = optionalMark();
      const name = current();
      if (!FIELD_NAMES.has(key())) stream.sync(FIELD_NAMES);
      if (name.kind === 'ESC_IDENTIFIER') refuse(name.offset, "unsupported syntax: '`'");
      take();
      fields.push({ name: name.text, optional, ...valueOf() });
    };
    elementsUntil('}', field, () => FIELD_NAMES.has(key(1)) || key(1) === '?');
    return deepen(
      builder.at(offset).struct(typeName, fields),
      fields.map((f) => f.value),
    );
  };

  const optionalMark = (): boolean => {
    if (key() !== '?') return false;
    const { offset } = take();
    if (!options.optionalSyntax) refuse(offset, "unsupported syntax '?'");
    return true;
  };

  const list = (): Expr => {
    const { offset } = take();
    const elements: Expr[] = [];
    const optional = new Set<number>();
    elementsUntil(']', () => {
      if (optionalMark()) optional.add(elements.length);
      elements.push(expression(new Set([',', ']'])));
    });
    return deepen(builder.at(offset).list(elements, optional), elements);
  };

  const map = (): Expr => {
    const { offset } = take();
    const entries: MapEntry[] = [];
    stream.sync(MAP_STARTS);
    elementsUntil('}', () => {
      const optional = optionalMark();
      entries.push({ key: expression(new Set([':'])), optional, ...valueOf() });
    });
    return deepen(
      builder.at(offset).map(entries),
      entries.flatMap((e) => [e.key, e.value]),
    );
  };

  const primary = (): Expr => {
    stream.sync(STARTS);
    const { offset, text } = current();
    switch (key()) {
      case 'IDENTIFIER':
      case '.':
        return named();
      case '(': {
        take();
        const inner = expression(new Set([')']));
        stream.expect(')');
        return inner;
      }
      case '[':
        return list();
      case '{':
        return map();
      case '-': {
        take();
        const isFloat = key() === 'NUM_FLOAT';
        const number = isFloat ? take() : stream.expect('NUM_INT');
        return literal(offset, () =>
          isFloat ? doubleLiteral(number.text, true) : intLiteral(number.text, true),
        );
      }
      default: {
        const read = LITERALS[key()];
        // The sign behind a dropped one may begin an operand, but no primary: `!)!`.
        if (!read) throw stream.mismatch(STARTS);
        take();
        return literal(offset, () => read(text));
      }
    }
  };

  return {
    positions,
    start() {
      const expr = stream.rule(NO_TOKENS, () => {
        const whole = expression(new Set(['EOF']));
        stream.expect('EOF');
        return whole;
      });
      if (depthOf(expr) > maxNesting) throw new Abort('max recursion depth exceeded');
      return expr;
    },
  };
}

const LITERALS: Readonly<Record<string, (text: string) => Value>> = {
  NUM_INT: (text) => intLiteral(text, false),
  NUM_UINT: uintLiteral,
  NUM_FLOAT: (text) => doubleLiteral(text, false),
  STRING: stringLiteral,
  BYTES: bytesLiteral,
  true: () => true,
  false: () => false,
  null: () => null,
};
