// Parses a YAML body to a JSON value with the semantics of sigs.k8s.io/yaml: YAML 1.1 (0644 is 420,
// yes is true) with merge keys, without timestamps, sets and binary values. One document only.
import {
  Composer,
  type CST,
  type Document,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  type ScalarTag,
  type Tags,
  YAMLParseError,
} from 'yaml';
import { MAX_YAML_ALIASES, MAX_YAML_DEPTH, MAX_YAML_LEXEMES } from '../limits.js';
import { parseJson, type ParsedJson } from './json.js';

const DROPPED_TAGS = new Set(
  ['timestamp', 'binary', 'set', 'omap', 'pairs'].map((name) => `tag:yaml.org,2002:${name}`),
);

/** Base-60 numbers (12:30:45) are strings. */
const isSexagesimal = (tag: ScalarTag): boolean => tag.format === 'TIME';

const jsonTags = (tags: Tags): Tags =>
  tags.filter(
    (tag) =>
      typeof tag === 'string' || !(DROPPED_TAGS.has(tag.tag) || isSexagesimal(tag as ScalarTag)),
  );

/**
 * @throws Error 'yaml: line N: ...' for text that is not YAML. `yamlProblem` names the duplicate
 * keys, of which the last wins. An empty document is null.
 */
export const parseYaml = (text: string): ParsedJson => jsonOf(text) ?? parsePlainYaml(text);

/** Clients send JSON as YAML (apply); the parser of JSON takes a hundredth of the time. */
function jsonOf(text: string): ParsedJson | undefined {
  if (!/^\s*\{\s*"/.test(text)) return undefined;
  try {
    const parsed = parseJson(text);
    return parsed.duplicates.length ? undefined : parsed;
  } catch {
    return undefined;
  }
}

function parsePlainYaml(text: string): ParsedJson {
  const lines = new LineCounter();
  const lineAt = (offset: number): number => lines.linePos(offset).line || 1;
  try {
    const document = compose(text, lines);
    const [error] = document.errors;
    if (error)
      throw new Error(`yaml: line ${lineAt(error.pos[0])}: ${error.message.split('\n')[0]!}`);
    const doubled: number[] = [];
    noteDoubledKeys(document.contents, doubled);
    const value = toJsonValue(document.toJS({ maxAliasCount: MAX_YAML_ALIASES }));
    if (!doubled.length) return { value, duplicates: [] };
    const problems = doubled.map(
      (at) => `  line ${lineAt(at)}: key ${JSON.stringify(keyAt(text, at))} already set in map`,
    );
    return {
      value,
      duplicates: [],
      yamlProblem: `yaml: unmarshal errors:\n${problems.join('\n')}`,
    };
  } catch (error) {
    if (error instanceof RangeError) throw new Error('yaml: exceeded max depth');
    const [, anchor] = /^Unresolved alias .*: (.*)$/s.exec((error as Error).message) ?? [];
    if (anchor !== undefined) throw new Error(`yaml: unknown anchor '${anchor}' referenced`);
    throw error;
  }
}

/** The parts of the library in a row, as its parseDocument does, with a bound on the lexemes. */
function compose(text: string, lines: LineCounter): Document.Parsed {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  function* tokens(): Generator<CST.Token, void> {
    let count = 0;
    for (const lexeme of new Lexer().lex(text)) {
      if (++count > MAX_YAML_LEXEMES)
        throw new Error(`yaml: the document has more than ${MAX_YAML_LEXEMES} tokens`);
      yield* parser.next(lexeme);
      if (parser.stack.length > MAX_YAML_DEPTH) throw new Error('yaml: exceeded max depth');
    }
    yield* parser.end();
  }
  const composer = new Composer({
    version: '1.1',
    merge: true,
    customTags: jsonTags,
    intAsBigInt: true,
    // The library compares each key with every other key of its map.
    uniqueKeys: false,
  });
  const [document, second] = composer.compose(tokens(), true, text.length);
  if (second)
    document!.errors.push(
      new YAMLParseError(
        second.range.slice(0, 2) as [number, number],
        'MULTIPLE_DOCS',
        'Source contains multiple documents; please use YAML.parseAllDocuments()',
      ),
    );
  return document as Document.Parsed;
}

/**
 * Adds the offsets of scalar keys that their map has had before. Throws for keys that are maps or
 * lists, of which the library would make texts.
 */
function noteDoubledKeys(node: unknown, doubled: number[]): void {
  if (isSeq(node)) for (const item of node.items) noteDoubledKeys(item, doubled);
  if (!isMap(node)) return;
  const keys = new Set<unknown>();
  for (const { key, value } of node.items) {
    if (isMap(key) || isSeq(key)) throw new Error(`yaml: invalid map key: ${String(key)}`);
    if (isScalar(key)) {
      if (keys.has(key.value)) doubled.push(key.range?.[0] ?? 0);
      keys.add(key.value);
    }
    noteDoubledKeys(value, doubled);
  }
}

const HEAD = /^(?:error converting YAML to JSON: )?yaml: unmarshal errors:\n/;

/** The warnings about a problem of decoding: one for each duplicate key of a document. */
export const warningsOf = (problem: string): string[] =>
  HEAD.test(problem)
    ? problem
        .replace(HEAD, '')
        .split('\n')
        .map((line) => line.trim())
    : [problem];

const keyAt = (text: string, at: number): string =>
  /^["']?([^"':\s]+)/.exec(text.slice(at))?.[1] ?? '';

/** Safe integers become numbers; larger integers stay bigint, as in parseJson. */
function toJsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(toJsonValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, toJsonValue(member)]),
  );
}
