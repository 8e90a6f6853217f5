// CEL expressions, and custom resource definitions with values of their kinds.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ApiObject } from '../../../pkg/apimachinery/meta/object.js';
import { decodeObject } from '../../../pkg/apimachinery/codec/strict.js';
import { schemaNameOf } from '../../../pkg/apimachinery/schema/kinds.js';
import { parseJson, stringifyJson } from '../../../pkg/apimachinery/codec/json.js';
import { parseJsonPath } from '../../../pkg/apiextensions/jsonpath/json-path.js';
import { loadEngine } from '../../../pkg/apiextensions/rules/engine.js';
import { validateDefinition } from '../../../pkg/apiextensions/validation/definition.js';
import { compileSchema } from '../../../pkg/apiextensions/values/program.js';
import type { CustomResourceDefinition } from '../../../pkg/apis/apiextensions/v1/types.js';
import { MESSAGES } from '../../../pkg/apis/facts/messages.js';
import {
  BOOL,
  DOUBLE,
  DYN,
  INT,
  listOf,
  mapOf,
  STRING,
  UINT,
} from '../../../pkg/cel/checker/types.js';
import { AUTHORIZER_TYPE, authorizerValue } from '../../../pkg/cel/kubernetes/authorizer.js';
import { checkKubernetes, kubernetesEnvironment } from '../../../pkg/cel/kubernetes/environment.js';
import { PER_CALL_LIMIT } from '../../../pkg/cel/limits.js';
import { createProgram } from '../../../pkg/cel/program/program.js';
import { ProgramError } from '../../../pkg/cel/program/compile.js';
import { CompileError } from '../../../pkg/cel/syntax/source.js';
import { createMap } from '../../../pkg/cel/values/map.js';
import { Double, intOf, isError, Uint } from '../../../pkg/cel/values/value.js';
import { specCases } from '../../support/cel-cases.js';
import { ROOT } from '../../support/root.js';
import { rule, tried, type Family } from '../family.js';
import { mutateJson, mutateText, type Json } from '../mutate.js';
import { corpus } from './corpus.js';
import { sortedText } from './patches.js';

const VARIABLES = {
  object: DYN,
  i: INT,
  u: UINT,
  d: DOUBLE,
  s: STRING,
  b: BOOL,
  l: listOf(INT),
  m: mapOf(STRING, INT),
  authorizer: AUTHORIZER_TYPE,
};
const OWN = [
  'object.metadata.name == s && i + 1 > 0',
  'l.map(x, x * 2).filter(x, x > 2).exists(x, x == 4)',
  "has(object.spec) && object.spec.containers.all(c, c.image.startsWith('r/'))",
  "authorizer.group('apps').resource('deployments').namespace(s).check('get').allowed()",
  "quantity('1Gi').isGreaterThan(quantity('1Mi')) && ip('10.0.0.1').family() == 4",
  "url('https://a.b:80/c?d=e').getHost() + s.replace('a', 'b').upperAscii()",
  "cidr('10.0.0.0/8').containsIP('10.1.2.3') ? s.split(',') : ['x']",
  "'%s %d %.3f'.format([s, i, d]) + string(duration('1h')) + string(timestamp('2025-01-01T00:00:00Z'))",
  'l.all(x, l.all(y, l.all(z, x + y + z > 0)))',
  "s.matches('^[a-z]+(x|y)*$') && s.find('[0-9]+') == '' && s.findAll('.').size() > 0",
  'object.?spec.?replicas.orValue(1) + optional.of(1).value()',
  "sets.contains(l, [1, 2]) && l.sum() > l.max() && l.indexOf(3) == -1 && m['a'] > 0",
];
const TOKENS = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '.',
  ',',
  '?',
  ':',
  '&&',
  '||',
  '!',
  '==',
  '<',
  '+',
  '-',
  '*',
  '/',
  '%',
  ' in ',
  'object',
  'i',
  'u',
  'd',
  's',
  'b',
  'l',
  'm',
  'null',
  'true',
  "'a'",
  '"""',
  'b"x"',
  'r"\\"',
  '0x1F',
  '1u',
  '1e9',
  '.size()',
  '.map(x, x)',
  '.exists(x, x)',
  '.all(x, x)',
  'x',
  'type(',
  'dyn(',
  'int(',
  'uint(',
  'bytes(',
  'string(',
  '.?',
  '[?',
  'optional.none()',
  '.matches(',
  '.format([',
  '.replace(',
  '.join(',
  '//',
  '\\u0000',
  '9223372036854775807',
];

export const cel: Family = {
  name: 'cel',
  share: 10,
  growth: 600,
  prepare: () => {
    const suites = [
      'basic',
      'comparisons',
      'conversions',
      'fp_math',
      'integer_math',
      'lists',
      'logic',
      'macros',
      'macros2',
      'string',
      'string_ext',
      'timestamps',
      'fields',
      'optionals',
    ];
    const seeds = [...OWN, ...specCases(suites).map(({ expr }) => expr)].filter(
      (text) => text.length < 600,
    );
    const environment = kubernetesEnvironment(VARIABLES);
    const asked: string[] = [];
    const input = {
      object: corpus()[0]!.object,
      i: intOf(7n),
      u: new Uint(7n),
      d: new Double(1.5),
      s: 'abc,def',
      b: true,
      l: [1, 2, 3],
      m: mapWithA(),
      authorizer: authorizerValue((check) => {
        asked.push(check.verb);
        asked.length = 0;
        return { allowed: check.verb === 'get', reason: '' };
      }),
    } as never;
    return {
      make: (choice) =>
        Buffer.from(mutateText(choice, choice.pick(seeds), TOKENS, choice.pick(seeds))),
      run(bytes) {
        const text = bytes.toString('utf8');
        const checked = tried(() => checkKubernetes(text, environment), CompileError);
        const program = checked && tried(() => createProgram(checked), ProgramError);
        if (!program) return;
        const one = program.evaluate(input);
        const two = program.evaluate(input);
        rule(
          one.cost === two.cost && isError(one.value) === isError(two.value),
          'two evaluations differ',
          text,
        );
        rule(one.cost <= 2 * PER_CALL_LIMIT, 'beyond the limit of costs', text, one.cost);
      },
    };
  },
};

function mapWithA() {
  const map = createMap();
  map.insert('a', intOf(1n));
  return map;
}

function recordedBodies(): Json[] {
  const lines = gunzipSync(readFileSync(join(ROOT, 'test/parity/extension.jsonl.gz')))
    .toString()
    .split('\n')
    .filter(Boolean);
  return lines.flatMap((line) =>
    (JSON.parse(line).steps as Json[])
      .map(({ b }) => b)
      .filter((b) => typeof b === 'object' && b !== null),
  );
}

const CRD = schemaNameOf(MESSAGES, 'apiextensions.k8s.io/v1', 'CustomResourceDefinition')!;

/** An input is [definition, value, former value] in JSON. */
export const definitions: Family = {
  name: 'definitions',
  share: 8,
  growth: 600,
  async prepare() {
    await loadEngine([{ pattern: 'x' }]);
    const bodies = recordedBodies();
    const crds = bodies.filter(
      ({ kind, spec }) => kind === 'CustomResourceDefinition' && Array.isArray(spec?.versions),
    );
    const others = bodies.filter(
      ({ kind }) => typeof kind === 'string' && kind !== 'CustomResourceDefinition',
    );
    const valuesOf = (group: string): Json[] =>
      others.filter(({ apiVersion }) => String(apiVersion).startsWith(`${group}/`));
    const byCrd = crds.map((crd) => valuesOf(crd.spec.group));
    return {
      make(choice) {
        const at = choice.below(crds.length);
        const crd = structuredClone(crds[at]);
        const values = byCrd[at]!.length ? byCrd[at]! : others;
        if (choice.chance(0.6))
          mutateJson(choice, crd.spec, choice.pick(crds).spec, choice.between(1, 2));
        const value = mutateJson(choice, structuredClone(choice.pick(values)), choice.pick(values));
        return Buffer.from(JSON.stringify([crd, value, choice.pick(values)]));
      },
      run(input) {
        const parsed = tried(() => parseJson(input).value, Error, SyntaxError) as Json;
        if (!Array.isArray(parsed)) return;
        const [body, value, old] = parsed;
        const crd = tried(
          () => decodeObject<CustomResourceDefinition>(body, CRD, MESSAGES, 'Ignore').object,
        );
        if (!crd || validateDefinition(crd).length) return;
        for (const column of crd.spec.versions[0]?.additionalPrinterColumns ?? [])
          parseJsonPath(column.jsonPath)?.find(value);
        const schema = crd.spec.versions[0]?.schema?.openAPIV3Schema;
        const program = compileSchema(schema, crd.spec.names.kind);
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
        const object = tried(() => program.decode(value, 'Ignore', []).object);
        if (!object) return;
        program.applyDefaults(object);
        const text = sortedText(object);
        program.applyDefaults(object);
        program.prune(object);
        rule(sortedText(object) === text, 'defaults and pruning are not idempotent', text, object);
        program.validate(object);
        const before =
          typeof old === 'object' && old !== null && !Array.isArray(old)
            ? tried(() => program.decode(old, 'Ignore', []).object)
            : undefined;
        if (before) program.validateUpdate(object, before);
        rule(
          program.validateUpdate(object, structuredClone(object) as ApiObject).length <= 1000,
          'errors without a bound',
        );
        rule(sortedText(object) === text, 'validation changes the value');
        stringifyJson(object);
      },
    };
  },
};
