// A JSON parser for the cases that JSON.parse cannot handle: exact large integers, duplicate keys
// (the last wins, as in Go) and Go's syntax errors.
import { MAX_JSON_DEPTH } from '../limits.js';
import { setMember } from '../meta/clone.js';

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

function quoteChar(c: string): string {
  if (c === "'") return `'\\''`;
  if (c === '"') return `'"'`;
  const quoted = JSON.stringify(c);
  return `'${quoted.slice(1, -1)}'`;
}

class Parser {
  private at = 0;
  private depth = 0;
  readonly duplicates: string[] = [];

  constructor(private readonly text: string) {}

  document(): unknown {
    const value = this.value('');
    this.blanks();
    if (this.at < this.text.length) this.fail('after top-level value');
    return value;
  }

  private fail(where: string): never {
    const c = this.text[this.at];
    if (c === undefined) throw new SyntaxError('unexpected end of JSON input');
    throw new SyntaxError(`invalid character ${quoteChar(c)} ${where}`);
  }

  private blanks(): void {
    for (;;) {
      const c = this.text.charCodeAt(this.at);
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return;
      this.at++;
    }
  }

  private value(path: string): unknown {
    this.blanks();
    switch (this.text[this.at]) {
      case '{':
        return this.nested(() => this.object(path));
      case '[':
        return this.nested(() => this.array(path));
      case '"':
        return this.string();
      case 't':
        return this.literal('true', true);
      case 'f':
        return this.literal('false', false);
      case 'n':
        return this.literal('null', null);
      default:
        return this.number();
    }
  }

  private nested(parse: () => unknown): unknown {
    if (++this.depth > MAX_JSON_DEPTH) throw new SyntaxError('exceeded max depth');
    const value = parse();
    this.depth--;
    return value;
  }

  private literal(word: string, value: unknown): unknown {
    for (let i = 0; i < word.length; i++, this.at++) {
      if (this.text[this.at] !== word[i])
        this.fail(`in literal ${word} (expecting ${quoteChar(word[i]!)})`);
    }
    return value;
  }

  private number(): number | bigint {
    const start = this.at;
    NUMBER.lastIndex = start;
    const match = NUMBER.exec(this.text);
    if (!match) {
      if (this.text[start] === '-') {
        this.at++;
        this.fail('in numeric literal');
      }
      this.fail('looking for beginning of value');
    }
    this.at = NUMBER.lastIndex;
    const value = Number(match[0]);
    if (match[1] === undefined && match[2] === undefined && !Number.isSafeInteger(value))
      return BigInt(match[0]);
    return value;
  }

  private string(): string {
    let out = '';
    let start = ++this.at;
    for (;;) {
      const c = this.text[this.at];
      if (c === undefined) this.fail('');
      if (c === '"') {
        out += this.text.slice(start, this.at++);
        return out;
      }
      if (c < ' ') this.fail('in string literal');
      if (c !== '\\') {
        this.at++;
        continue;
      }
      out += this.text.slice(start, this.at);
      out += this.escape();
      start = this.at;
    }
  }

  private escape(): string {
    const c = this.text[++this.at];
    if (c === 'u') {
      const hex = this.text.slice(this.at + 1, this.at + 5);
      const bad = /[^0-9a-fA-F]|$/.exec(hex)!.index;
      this.at += 1 + bad;
      if (bad < 4) this.fail('in \\u hexadecimal character escape');
      return this.paired(parseInt(hex, 16));
    }
    const plain = c === undefined ? undefined : ESCAPES[c];
    if (plain === undefined) this.fail('in string escape code');
    this.at++;
    return plain;
  }

  /** The character of an escape; half of a surrogate pair is nothing alone, as in Go. */
  private paired(unit: number): string {
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    const next = /^\\u([dD][c-fC-F][0-9a-fA-F]{2})$/.exec(this.text.slice(this.at, this.at + 6));
    if (unit > 0xdbff || !next) return '\ufffd';
    this.at += 6;
    return String.fromCharCode(unit, parseInt(next[1]!, 16));
  }

  private array(path: string): unknown[] {
    const items: unknown[] = [];
    this.at++;
    this.blanks();
    if (this.text[this.at] === ']') {
      this.at++;
      return items;
    }
    for (;;) {
      items.push(this.value(`${path}[${items.length}]`));
      this.blanks();
      const c = this.text[this.at];
      if (c !== ',' && c !== ']') this.fail('after array element');
      this.at++;
      if (c === ']') return items;
    }
  }

  private object(path: string): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.at++;
    this.blanks();
    if (this.text[this.at] === '}') {
      this.at++;
      return object;
    }
    for (;;) {
      this.blanks();
      if (this.text[this.at] !== '"') this.fail('looking for beginning of object key string');
      const key = this.string();
      const keyPath = path === '' ? key : `${path}.${key}`;
      this.blanks();
      if (this.text[this.at] !== ':') this.fail('after object key');
      this.at++;
      if (Object.hasOwn(object, key)) {
        this.duplicates.push(keyPath);
        // The key moves to the place of its last value, where Go reports it.
        delete object[key];
      }
      setMember(object, key, this.value(keyPath));
      this.blanks();
      const c = this.text[this.at];
      if (c !== ',' && c !== '}') this.fail('after object key:value pair');
      this.at++;
      if (c === '}') return object;
    }
  }
}

/** @throws SyntaxError with Go's message. */
export function parseExactly(text: string): { value: unknown; duplicates: string[] } {
  const parser = new Parser(text);
  const value = parser.document();
  return { value, duplicates: parser.duplicates };
}
