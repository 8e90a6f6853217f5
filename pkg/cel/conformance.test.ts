// cel-spec's conformance cases that need neither protobuf messages nor a library that Kubernetes
// does not have.
import { deepEqual, ok } from 'node:assert/strict';
import { specCases, type SpecCase } from '../../test/support/cel-cases.js';
import { check } from './checker/checker.js';
import { createEnvironment, extendEnvironment, type Environment } from './checker/environment.js';
import { LISTS, SETS, TWO_VARIABLE_COMPREHENSIONS } from './library/lists.js';
import { OPTIONALS } from './library/optional.js';
import { STANDARD } from './library/standard.js';
import { STRINGS } from './library/strings.js';
import { createProgram } from './program/program.js';
import { parse } from './syntax/parser.js';
import { CompileError } from './syntax/source.js';
import { equalValues } from './values/compare.js';
import { doubleOf, isError, kindOf, type Value } from './values/value.js';

const SUITES = [
  'basic',
  'comparisons',
  'conversions',
  'fields',
  'fp_math',
  'integer_math',
  'lists',
  'logic',
  'macros',
  'macros2',
  'namespace',
  'optionals',
  'parse',
  'plumbing',
  'string',
  'string_ext',
  'timestamps',
  'type_deductions',
];

/** Cases that Kubernetes 1.32 answers in another way, or that cel-go does not have either. */
const OTHERS: readonly [reason: string, names: RegExp][] = [
  ['1.32 does not read fields between backquotes', /^fields\/quoted_map_fields\//],
  ['expressions are always checked', /qualified_identifier_resolution_unchecked /],
  ['1.32 has the library of cel-go 0.22', /^string_ext\/last_index_of\/empty_string /],
  [
    '1.32 has the library of cel-go 0.22',
    /^string_ext\/value_errors\/(last)?indexof_out_of_range /,
  ],
  [
    'Kubernetes leaves an option off: has() and .? of a value without fields find nothing',
    /^optionals\/optionals\/map_(null_entry_no_such_key|present_key_invalid_field) /,
  ],
  ["cel-go's most general type of the two is null", /null_assignable_to_abstract_parameter/],
];

function same(a: Value, b: Value): boolean {
  if (kindOf(a) === 'double' && kindOf(b) === 'double')
    return Object.is(doubleOf(a), doubleOf(b)) || doubleOf(a) === doubleOf(b);
  return equalValues(a, b);
}

const environments = new Map<string, Environment>();

function environmentOf({ container, variables }: SpecCase): Environment {
  let base = environments.get(container);
  if (!base) {
    base = createEnvironment({
      libraries: [STANDARD, OPTIONALS, STRINGS, LISTS, SETS, TWO_VARIABLE_COMPREHENSIONS],
      variables: {},
      container,
      crossTypeComparisons: true,
    });
    environments.set(container, base);
  }
  return extendEnvironment(base, { variables });
}

/** undefined when the case holds. */
function failure(c: SpecCase): string | undefined {
  const environment = environmentOf(c);
  let got: Value;
  try {
    const parsed = parse(c.expr, environment);
    const checked = c.isChecked
      ? check(parsed, environment)
      : { ...parsed, environment, types: [], references: new Map(), type: undefined as never };
    if (c.isCheckOnly)
      return c.typeText === undefined || JSON.stringify(checked.type) === c.typeText
        ? undefined
        : `type ${JSON.stringify(checked.type)}, not ${c.typeText}`;
    got = createProgram(checked).evaluate(c.bindings, Infinity).value;
  } catch (error) {
    if (c.value === undefined) return undefined;
    return error instanceof CompileError ? error.message : (error as Error).stack;
  }
  if (c.value === undefined) return isError(got) ? undefined : `${show(got)}, not an error`;
  return same(got, c.value) ? undefined : `${show(got)}, not ${show(c.value)}`;
}

const show = (v: Value): string =>
  `${kindOf(v)} ${JSON.stringify(v, (_, x) => (typeof x === 'bigint' ? `${x}n` : x))}`;

describe('CEL conformance', () => {
  it('holds', () => {
    const cases = specCases(SUITES);
    const failed = cases.flatMap((c) => {
      const problem = failure(c);
      return problem === undefined ? [] : [`${c.path.join('/')}/${c.name} ${c.expr}: ${problem}`];
    });
    deepEqual(
      failed.filter((text) => !OTHERS.some(([, names]) => names.test(text))),
      [],
    );
    ok(cases.length > 1400);
    ok(failed.length <= cases.length * 0.02);
    const unused = OTHERS.filter(([, names]) => !failed.some((text) => names.test(text)));
    deepEqual(unused, []);
  }).timeout(60_000);
});
