// The syntax tree of CEL as text, in the form of cel-go's common/debug, which the recorded cases
// hold.
import type { Expr } from '../../pkg/cel/syntax/ast.js';
import { Double, kindOf, type Uint, type Value } from '../../pkg/cel/values/value.js';

/** The text that is written behind each node. */
export type Adorn = (node: Expr | 'entry') => string;

const KIND_NAMES: Record<Expr['kind'], string> = {
  const: '',
  ident: 'Expr_IdentExpr',
  select: 'Expr_SelectExpr',
  call: 'Expr_CallExpr',
  list: 'Expr_ListExpr',
  map: 'Expr_StructExpr',
  struct: 'Expr_StructExpr',
  comprehension: 'Expr_ComprehensionExpr',
};
const CONSTANT_NAMES: Record<string, string> = {
  null_type: 'Null',
  bool: 'Bool',
  int: 'Int64',
  uint: 'Uint64',
  double: 'Double',
  string: 'String',
  bytes: 'Bytes',
};

/** `^#*expr.Expr_CallExpr#` */
export const kindAdorner: Adorn = (node) => {
  if (node === 'entry') return '^#*expr.Expr_CreateStruct_Entry#';
  const name =
    node.kind === 'const'
      ? `Constant_${CONSTANT_NAMES[kindOf(node.value)]}Value`
      : KIND_NAMES[node.kind];
  return `^#*expr.${name}#`;
};

const SHORT: Record<string, string> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

/** Go's strconv.Quote for the characters that the cases have. */
function quote(text: string): string {
  let out = '';
  for (const c of text) {
    const code = c.codePointAt(0)!;
    if (SHORT[c]) out += SHORT[c];
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(c))
      out +=
        code > 0xffff
          ? `\\U${code.toString(16).padStart(8, '0')}`
          : `\\u${code.toString(16).padStart(4, '0')}`;
    else out += c;
  }
  return `"${out}"`;
}

/** Bytes that are no UTF-8 are written in hexadecimal. */
function quoteBytes(bytes: Uint8Array): string {
  let out = '';
  for (let at = 0; at < bytes.length;) {
    const length = [1, 2, 3, 4].find((n) => {
      try {
        return (
          new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
            bytes.slice(at, at + n),
          ) !== ''
        );
      } catch {
        return false;
      }
    });
    if (length === undefined) {
      out += `\\x${bytes[at]!.toString(16).padStart(2, '0')}`;
      at += 1;
    } else {
      out += quote(new TextDecoder().decode(bytes.slice(at, at + length))).slice(1, -1);
      at += length;
    }
  }
  return `b"${out}"`;
}

function constant(value: Value): string {
  switch (kindOf(value)) {
    case 'string':
      return quote(value as string);
    case 'bytes':
      return quoteBytes(value as Uint8Array);
    case 'uint':
      return `${(value as Uint).value}u`;
    case 'double': {
      const number = (value as Double).value;
      if (Object.is(number, -0)) return '-0';
      return /^-?[0-9.]+$/.test(String(number)) && Math.abs(number) < 1e21
        ? String(number)
        : number.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
    }
    default:
      return String(value as bigint | boolean | null);
  }
}

export function debugText(expr: Expr, adorn: Adorn): string {
  const lines: string[] = [''];
  let indent = 0;
  const write = (text: string): void => {
    if (lines.at(-1) === '') lines[lines.length - 1] = '  '.repeat(indent);
    lines[lines.length - 1] += text;
  };
  const newline = (): void => void lines.push('');
  const block = (open: string, close: string, parts: (() => void)[]): void => {
    write(open);
    if (parts.length > 0) {
      newline();
      indent++;
      for (const [i, part] of parts.entries()) {
        if (i > 0) {
          write(',');
          newline();
        }
        part();
      }
      indent--;
      newline();
    }
    write(close);
  };
  const visit = (e: Expr): void => {
    switch (e.kind) {
      case 'const':
        write(constant(e.value));
        break;
      case 'ident':
        write(e.name);
        break;
      case 'select':
        visit(e.operand);
        write(`.${e.field}${e.testOnly ? '~test-only~' : ''}`);
        break;
      case 'call':
        if (e.target) {
          visit(e.target);
          write('.');
        }
        write(e.fn);
        block(
          '(',
          ')',
          e.args.map((arg) => () => visit(arg)),
        );
        break;
      case 'list':
        block(
          '[',
          ']',
          e.elements.map((element, i) => () => {
            if (e.optional.has(i)) write('?');
            visit(element);
          }),
        );
        break;
      case 'map':
        block(
          '{',
          '}',
          e.entries.map((entry) => () => {
            if (entry.optional) write('?');
            visit(entry.key);
            write(':');
            visit(entry.value);
            write(adorn('entry'));
          }),
        );
        break;
      case 'struct':
        write(e.typeName);
        block(
          '{',
          '}',
          e.fields.map((field) => () => {
            write(`${field.optional ? '?' : ''}${field.name}:`);
            visit(field.value);
            write(adorn('entry'));
          }),
        );
        break;
      case 'comprehension': {
        write('__comprehension__(');
        newline();
        indent++;
        const part = (title: string, body: () => void, end = ','): void => {
          write(`// ${title}`);
          newline();
          body();
          write(end);
          if (end === ',') newline();
        };
        part('Variable', () => write(e.iterVar));
        if (e.iterVar2 !== undefined) {
          write(e.iterVar2);
          write(',');
          newline();
        }
        part('Target', () => visit(e.range));
        part('Accumulator', () => write(e.accuVar));
        part('Init', () => visit(e.accuInit));
        part('LoopCondition', () => visit(e.condition));
        part('LoopStep', () => visit(e.step));
        part('Result', () => visit(e.result), ')');
        indent--;
        break;
      }
    }
    write(adorn(e));
  };
  visit(expr);
  return lines.join('\n');
}
