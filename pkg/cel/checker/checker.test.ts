// cel-go's own cases of its checker (checker_test.go) that need no protobuf messages, with its
// types, overloads and texts.
import { deepEqual, ok } from 'node:assert/strict';
import { tests } from '@bufbuild/cel-spec/testdata/checking.js';
import { debugText } from '../../../test/support/cel-debug.js';
import { OPTIONALS } from '../library/optional.js';
import { STANDARD } from '../library/standard.js';
import { STANDARD_MACROS } from '../syntax/macros.js';
import { parse } from '../syntax/parser.js';
import { CompileError } from '../syntax/source.js';
import { check, type Checked } from './checker.js';
import { declare } from './declarations.js';
import { createEnvironment } from './environment.js';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  formatType,
  INT,
  listOf,
  mapOf,
  NULL,
  opaque,
  STRING,
  TIMESTAMP,
  typeOf,
  UINT,
  wrapperOf,
  type Type,
} from './types.js';

interface Case {
  readonly expr: string;
  readonly checkedAst: string | undefined;
  readonly error: string | undefined;
}

const NAMED: Readonly<Record<string, Type>> = {
  bool: BOOL,
  bytes: BYTES,
  double: DOUBLE,
  duration: DURATION,
  dyn: DYN,
  int: INT,
  null: NULL,
  string: STRING,
  timestamp: TIMESTAMP,
  uint: UINT,
};

function split(text: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const c of text) {
    if (c === '(') depth++;
    if (c === ')') depth--;
    if (c === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += c;
  }
  return parts.map((part) => part.trim());
}

/** A type as cel-go prints it. */
function readType(text: string): Type {
  const open = text.indexOf('(');
  if (open < 0) return NAMED[text] ?? opaque(text);
  const params = split(text.slice(open + 1, -1)).map(readType);
  switch (text.slice(0, open)) {
    case 'list':
      return listOf(params[0]!);
    case 'map':
      return mapOf(params[0]!, params[1]!);
    case 'type':
      return typeOf(params[0]);
    case 'wrapper':
      return wrapperOf(params[0]!);
    default:
      return opaque(text.slice(0, open), ...params);
  }
}

/** The variables that a recorded tree refers to. The environments themselves are not recorded. */
function variablesOf(tree: string): Record<string, Type> {
  const variables: Record<string, Type> = {};
  for (const [, name, type] of tree.matchAll(/([\w.]+)~([\w.]+(?:\([^\n~^]*\))?)\^\1(?!\w)/g))
    if (!type!.startsWith('type(')) variables[name!] = readType(type!);
  return variables;
}

/** Functions of cel-go's test environment. */
const TEST_FUNCTIONS = declare([
  ['fg_s_0', '~fg_s() string'],
  ['fi_s_s_0', 'string.fi_s_s() string'],
  ['myfun_static', '~myfun(int, bool, uint) int'],
  ['myfun_instance', 'int.myfun(bool, uint) int'],
  ['base64_encode_string', '~base64.encode(string) string'],
  ['set_list', '~set(list(A)) set(A)'],
]);

/** `~type^overloads` behind each node. */
function semantics({ types, references }: Checked): Parameters<typeof debugText>[1] {
  return (node) => {
    // The prefix of a namespaced function is no expression, so it has no type.
    if (node === 'entry' || !types[node.id]) return '';
    const reference = references.get(node.id);
    const names =
      reference === undefined
        ? ''
        : reference.kind === 'ident'
          ? `^${reference.ident.name}`
          : `^${reference.overloads
              .map(({ id }) => id)
              .toSorted()
              .join('|')}`;
    return `~${formatType(types[node.id]!)}${names}`;
  };
}

/** Variables of cases that end in an error, so that no tree tells them. */
const ERROR_VARIABLES: Readonly<Record<string, Record<string, Type>>> = {
  'x.all(y, y == true)': { x: BOOL },
  'NotAMessage{}': { NotAMessage: wrapperOf(INT) },
};
const CROSS_TYPE = /_(?:int64|uint64|double)_(?:int64|uint64|double)/;

function outcome({ expr, checkedAst }: Case): string {
  const environment = createEnvironment({
    libraries: [STANDARD, OPTIONALS, { functions: TEST_FUNCTIONS }],
    variables: ERROR_VARIABLES[expr] ?? variablesOf(checkedAst ?? ''),
    container: expr === "encode('hello')" ? 'base64' : '',
    crossTypeComparisons: CROSS_TYPE.test(checkedAst ?? ''),
  });
  try {
    const checked = check(
      parse(expr, { macros: STANDARD_MACROS, optionalSyntax: false }),
      environment,
    );
    return debugText(checked.expr, semantics(checked));
  } catch (error) {
    if (error instanceof CompileError) return error.message;
    throw error;
  }
}

const PROTOBUF =
  /google\.|TestAllTypes|proto[23]|pb[23]|Proto2Message|nestedgroup|single_|repeated_/i;
const cases: Case[] = tests.tests!.map(({ original, checkedAst, error }) => ({
  expr: (original as { expr: string }).expr,
  checkedAst,
  error: error?.replaceAll(/^ERROR: :/gm, 'ERROR: <input>:'),
}));

/**
 * Cases that differ: cel-go writes the resolved name of a function into the tree, and our parser
 * finds one more error where the syntax of optionals is off.
 */
const OTHERS: readonly string[] = [
  "encode('hello')",
  "{?'key': {'a': 'b'}.?value}",
  "{?'key': {'a': 'b'}.?value}.key",
];

describe('CEL checker', () => {
  it('agrees with cel-go', () => {
    const ours = cases.filter((c) => !PROTOBUF.test(JSON.stringify(c)));
    const wrong = ours.filter((c) => outcome(c) !== (c.checkedAst ?? c.error));
    deepEqual(
      wrong.map(({ expr }) => expr),
      OTHERS,
    );
    ok(ours.length > 90);
  });
});
