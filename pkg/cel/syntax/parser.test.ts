// cel-go's own cases of its parser (parser_test.go), with its trees and texts.
import { deepEqual, match, ok, strictEqual } from 'node:assert/strict';
import { tests } from '@bufbuild/cel-spec/testdata/parsing.js';
import { debugText, kindAdorner } from '../../../test/support/cel-debug.js';
import { MAX_EXPRESSION_SIZE, MAX_NESTING } from '../limits.js';
import { EXISTS_ONE_ALIAS, OPTIONAL_MACROS, STANDARD_MACROS } from './macros.js';
import { parse, type ParseOptions } from './parser.js';
import { CompileError } from './source.js';

const RECORDED: ParseOptions = {
  macros: [...STANDARD_MACROS, EXISTS_ONE_ALIAS],
  optionalSyntax: false,
  maxNesting: 32,
};
const FULL: ParseOptions = {
  macros: [...STANDARD_MACROS, ...OPTIONAL_MACROS],
  optionalSyntax: true,
};

/** The tree, or the text of the errors. */
function outcome(expr: string, options = RECORDED): string {
  try {
    return debugText(parse(expr, options).expr, kindAdorner);
  } catch (error) {
    if (error instanceof CompileError) return error.message;
    throw error;
  }
}

/**
 * Cases with several errors, of which ANTLR finds others than we do after the first one. The last
 * one stops at the bounds of recovery that cel-go's test sets.
 */
const OTHER_RECOVERY: readonly RegExp[] = [
  /^func\{\{a}}$/,
  /^--$/,
  /^a \? b \(\(\?\)\)$/,
  /^-\[-1--1--1--1---1/,
  /^ó/,
  /^x\{\?\.$/,
  /^x\{\.$/,
];

describe('what follows a dropped sign', () => {
  for (const expr of ['!)!', '-)-d', '!)-', '[)!', '-,-u'])
    it(`is an error in ${expr}`, () => match(outcome(expr), /^ERROR: <input>:1:/));
});

describe('CEL parser', () => {
  it('agrees with cel-go', () => {
    const wrong: string[] = [];
    for (const { original, ast, error } of tests.tests!) {
      const expr = (original as { expr: string }).expr;
      const want = ast ?? error!.replaceAll(/^ERROR: :/gm, 'ERROR: <input>:');
      const got = outcome(expr);
      if (got !== want) wrong.push(expr);
    }
    deepEqual(
      wrong.filter((expr) => !OTHER_RECOVERY.some((known) => known.test(expr))),
      [],
    );
    strictEqual(wrong.length, OTHER_RECOVERY.length);
    ok(wrong.length <= tests.tests!.length * 0.05);
  });

  const errors: [expr: string, message: string][] = [
    ['', "1:1: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '('"],
    ['object.', "1:8: Syntax error: no viable alternative at input '.'"],
    ['1 2', "1:3: Syntax error: extraneous input '2' expecting <EOF>"],
    ['(1', "1:3: Syntax error: mismatched input '<EOF>' expecting ')'"],
    ['a[1', "1:4: Syntax error: mismatched input '<EOF>' expecting ']'"],
    ['has(a.b', "1:8: Syntax error: mismatched input '<EOF>' expecting ')'"],
    ['a = 1', "1:3: Syntax error: token recognition error at: '= '"],
    ['9223372036854775808', '1:1: invalid int literal'],
    ['18446744073709551616u', '1:1: invalid uint literal'],
    ['a.map(1, 2)', '1:7: argument is not an identifier'],
    ['a.all(b.c, true)', '1:8: argument must be a simple name'],
    ['a.optMap(1, 2)', '1:10: optMap() variable name must be a simple identifier'],
    ["'\\ud800'", '1:1: invalid unicode code point'],
    [
      `${'('.repeat(251)}1${')'.repeat(251)}`,
      `-1:0: expression recursion limit exceeded: ${MAX_NESTING}`,
    ],
    [`${'1+'.repeat(251)}1`, '-1:0: max recursion depth exceeded'],
    ['1'.repeat(MAX_EXPRESSION_SIZE + 1), '-1:0: expression code point size exceeds limit'],
  ];
  for (const [expr, message] of errors)
    it(`refuses ${expr.slice(0, 20) || 'an empty text'}`, () => {
      ok(outcome(expr, FULL).startsWith(`ERROR: <input>:${message}`), outcome(expr, FULL));
    });

  it('reads the syntax of optionals', () => {
    match(outcome('a.?b', FULL), /^_\?\._\(\n {2}a\^.*,\n {2}"b"\^/);
    match(outcome('a[?0]', FULL), /^_\[\?_\]\(/);
    match(outcome('[?a, b]', FULL), /^\[\n {2}\?a\^/);
    match(outcome('{?"k": v}', FULL), /^\{\n {2}\?"k"\^/);
  });

  it('stays within the bounds on long chains', () => {
    ok(parse(Array.from({ length: 5000 }, () => 'a').join(' && '), FULL));
    ok(parse(`${'!'.repeat(10_001)}a`, FULL));
    ok(parse(`${'('.repeat(249)}1${')'.repeat(249)}`, FULL));
  });
});
