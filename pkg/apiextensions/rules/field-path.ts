// Paths of rules and of selectable fields: `.spec.a`, `.spec.map['key']` (upstream
// apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go, ValidFieldPath).
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';

export interface FieldPath {
  /** The names from the root. */
  readonly steps: readonly string[];
  /** As field errors write the path: `spec.a`, `spec.map[key]`. */
  readonly text: string;
  /** The schema at the end of the path. */
  readonly schema: JSONSchemaProps;
}

/** A quoted name without its end at the end of the text, a delimiter, or a name. */
const TOKENS = /'(?:[^']|(?<=\\)')*'?|[.[\]]|[^.[\]]+/g;

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  "'": "'",
  '\\': '\\',
};

class PathProblem extends Error {}

/**
 * Reads a path into `schema`. `brackets` allows the form `['name']`. A text is the reason why the
 * path is none.
 */
export function parseFieldPath(
  path: string,
  schema: JSONSchemaProps,
  { brackets }: { brackets: boolean },
): FieldPath | string {
  try {
    return follow(path.match(TOKENS) ?? [], schema, brackets);
  } catch (error) {
    if (error instanceof PathProblem) return error.message;
    throw error;
  }
}

function follow(tokens: readonly string[], root: JSONSchemaProps, brackets: boolean): FieldPath {
  const steps: string[] = [];
  let text = '';
  let schema = root;
  let at = 0;
  const next = (): string => {
    const token = tokens[at++];
    if (token === undefined) throw new PathProblem('unexpected end of JSON path');
    return token;
  };
  const enter = (name: string): void => {
    const { additionalProperties, properties } = schema;
    const isNamed = properties !== undefined;
    const inner = isNamed
      ? Object.hasOwn(properties, name) && properties[name]
      : additionalProperties;
    if (typeof inner !== 'object') throw new PathProblem('does not refer to a valid field');
    text += isNamed ? `${text && '.'}${name}` : `[${name}]`;
    steps.push(name);
    schema = inner;
  };
  while (at < tokens.length) {
    const token = next();
    if (token === '.') enter(next());
    else if (token === '[') {
      if (!brackets) throw new PathProblem('array notation is not allowed');
      enter(unquote(next()));
      const end = next();
      if (end !== ']') throw new PathProblem(`expected ] but got ${end}`);
    } else throw new PathProblem(`expected [ or . but got: ${token}`);
  }
  return { steps, text, schema };
}

function unquote(token: string): string {
  if (token.length < 2 || !token.startsWith("'") || !token.endsWith("'"))
    throw new PathProblem(`expected single quoted string but got ${token}`);
  return token.slice(1, -1).replace(/\\(.)/g, (escape, letter: string) => {
    const meant = ESCAPES[letter];
    if (meant === undefined)
      throw new PathProblem(`invalid string literal: invalid escape char ${escape}`);
    return meant;
  });
}
