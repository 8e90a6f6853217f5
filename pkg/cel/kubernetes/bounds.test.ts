// Hostile expressions: each walk through an expression recurses, so parsing bounds the longest path
// whatever it is made of; and errors stay smaller than a request.
import { ok, throws } from 'node:assert/strict';
import { estimateCost } from '../cost/estimate.js';
import { MAX_ERROR_TEXT, MAX_EXPRESSION_SIZE, MAX_REPORTED_ERRORS } from '../limits.js';
import { createProgram } from '../program/program.js';
import { CompileError } from '../syntax/source.js';
import { EvalError } from '../values/value.js';
import { declareSchema, schemaSizes, schemaTypes } from './schema.js';
import { checkKubernetes, kubernetesEnvironment } from './environment.js';

const SELF = declareSchema(
  {
    type: 'object',
    properties: { a: { type: 'boolean' }, l: { type: 'array', items: { type: 'string' } } },
  },
  'Self',
  false,
)!;
const ENVIRONMENT = kubernetesEnvironment({ self: SELF.type }, { types: schemaTypes([SELF]) });

/** Every step that an expression takes; a program may fail with an error of the language. */
function run(text: string): void {
  const checked = checkKubernetes(text, ENVIRONMENT);
  const program = createProgram(checked);
  estimateCost(checked, schemaSizes(SELF));
  try {
    program.evaluate({ self: {} });
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
  }
}

const around = (open: string, n: number, close: string): string => open.repeat(n) + close.repeat(n);

/** Expressions with n nested parts, for as many kinds of nodes. */
const SHAPES: Record<string, (n: number) => string> = {
  parentheses: (n) => `${'('.repeat(n)}true${')'.repeat(n)}`,
  'the operand of has': (n) => `has(self${'.a'.repeat(n)})`,
  'field selections': (n) => `self${'.a'.repeat(n)} == 1`,
  'optional selections': (n) => `self${'.?a'.repeat(n)}.hasValue()`,
  indexes: (n) => `self.l${'[0]'.repeat(n)} == 1`,
  calls: (n) => `${'dyn('.repeat(n)}1${')'.repeat(n)} == 1`,
  methods: (n) => `''${'.trim()'.repeat(n)} == ''`,
  sums: (n) => `1${'+1'.repeat(n)} == 1`,
  relations: (n) => `self.a${' == true'.repeat(n)}`,
  'conditions to the right': (n) => `${'true ? true : '.repeat(n)}true`,
  lists: (n) => `${around('[', n, ']')} == []`,
  'keys of maps': (n) => `${'{'.repeat(n)}1${': 1}'.repeat(n)} == {}`,
  'values of maps': (n) => `${'{1: '.repeat(n)}1${'}'.repeat(n)} == {}`,
  negations: (n) => `${'!('.repeat(n)}true${')'.repeat(n)}`,
  minus: (n) => `${'-('.repeat(n)}1${')'.repeat(n)} == 1`,
  conjunctions: (n) => `${'(true && '.repeat(n)}true${')'.repeat(n)}`,
  'macros in their target': (n) => `[1]${'.filter(x, true)'.repeat(n)} == [1]`,
  'macros in their body': (n) => `${'[1].exists_one(x, '.repeat(n)}true${')'.repeat(n)}`,
  'maps with filters': (n) => `${'[1].map(x, true, '.repeat(n)}1${')'.repeat(n)}.size() == 1`,
  'macros of optionals': (n) =>
    `${'optional.of(1).optMap(x, '.repeat(n)}1${')'.repeat(n)}.hasValue()`,
};

describe('CEL expressions', function () {
  this.timeout(60_000);

  for (const [name, make] of Object.entries(SHAPES)) {
    it(`may nest ${name} to the bound, and are refused beyond it`, () => {
      try {
        run(make(240));
      } catch (error) {
        // A type that does not fit is an answer, the end of the stack is none.
        ok(error instanceof CompileError && !/recursion/.test(error.message), String(error));
      }
      for (const n of [260, 2_000, Math.floor(MAX_EXPRESSION_SIZE / make(1).length) - 10])
        throws(() => run(make(n)), /recursion (limit|depth) exceeded/, `${n}`);
    });
  }

  it('are bounded by the path through parts of several kinds', () => {
    const chains = {
      'lists and indexes': `${'['.repeat(200)}1${`]${'[0]'.repeat(100)}`.repeat(200)} == 1`,
      'calls and methods': `${'string('.repeat(200)}1${`)${'.trim()'.repeat(40)}`.repeat(200)}`,
      'sums in parentheses': `${'('.repeat(200)}1${`${'+1'.repeat(100)})`.repeat(200)} == 1`,
      'wide conjunctions': `${'('.repeat(240)}true${`${' && true'.repeat(40)})`.repeat(240)}`,
      'macros and selections': `${'[1].all(x, has(self.a'.repeat(100)}${'.a'.repeat(200)}`,
    };
    for (const [name, text] of Object.entries(chains)) throws(() => run(text), CompileError, name);
  });

  it('may copy their targets a few times, and are refused when copies grow without end', () => {
    const shapes: Record<string, (n: number) => string> = {
      targets: (n) => `optional.of(1)${'.optMap(x, x + 1)'.repeat(n)}.hasValue()`,
      'flat targets': (n) =>
        `optional.of(1)${'.optFlatMap(x, optional.of(x))'.repeat(n)}.hasValue()`,
      'targets of other targets': (n) =>
        `${'optional.of('.repeat(n)}1${').optMap(x, x)'.repeat(n)}.hasValue()`,
      'targets in lists': (n) =>
        `${'optional.of(['.repeat(n)}1${']).optMap(x, x)'.repeat(n)}.hasValue()`,
    };
    for (const [name, make] of Object.entries(shapes)) {
      run(make(8));
      for (const n of [30, 120])
        throws(() => run(make(n)), /expression node count exceeds limit: 100000/, name);
    }
  });

  it('may be wide', () => {
    run(Array(10_000).fill('true').join(' && '));
    run(`[${Array(20_000).fill('1').join(',')}].size() > 0`);
    run(`${'!'.repeat(20_001)}self.a`);
  });

  it('are told of their errors in less text than a request has', () => {
    const texts = [
      Array(8_000).fill('foo').join('&&'),
      `[${Array(5_000).fill('1,"a"').join(',')}] == []`,
      `[${Array(4_000).fill('99999999999999999999').join(',')}] == []`,
      Array(8_000).fill('while').join('&&'),
      Array(14_000).fill('foo').join(' &&\n'),
    ];
    for (const text of texts)
      throws(
        () => run(text),
        ({ message }: Error) => {
          const longest = Math.max(...text.split('\n').map(({ length }) => length));
          ok(message.length < MAX_ERROR_TEXT + 3 * longest + 1_000, `${message.length}`);
          ok(message.split('ERROR:').length <= MAX_REPORTED_ERRORS + 1);
          return /ERROR: .*\d+ more errors were truncated$/s.test(message);
        },
      );
  });
});
