// The expression language, loaded when the first schema needs it: most servers of most tests use
// none. Validation is synchronous, so that its callers await `loadEngine` before.
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';
import type * as Patterns from '../../cel/values/pattern.js';
import { assert } from '../../util/assert/assert.js';
import { someSchema } from '../schema/walk.js';
import type * as Compiler from './compile.js';
import type * as Evaluator from './evaluate.js';
import type * as Scopes from './scope.js';

type Engine = typeof Compiler & typeof Evaluator & typeof Scopes & typeof Patterns;

let engine: Engine | undefined;
let loading: Promise<void> | undefined;

const load = async (): Promise<void> => {
  const [compiler, evaluator, scopes, patterns] = await Promise.all([
    import('./compile.js'),
    import('./evaluate.js'),
    import('./scope.js'),
    import('../../cel/values/pattern.js'),
  ]);
  engine = { ...compiler, ...evaluator, ...scopes, ...patterns };
};

/** Undefined when the schema needs no engine, or when the engine is here already. */
export function loadEngine(schemas: Iterable<JSONSchemaProps>): Promise<void> | undefined {
  if (engine) return undefined;
  for (const schema of schemas) if (someSchema(schema, needsEngine)) return (loading ??= load());
  return undefined;
}

const needsEngine = (schema: JSONSchemaProps): boolean =>
  Boolean(schema['x-kubernetes-validations']?.length) || Boolean(schema.pattern);

/** @throws AssertionFailure when no caller awaited loadEngine for the schema. */
export function celEngine(): Engine {
  assert(engine !== undefined, 'a schema with rules or patterns is used before its engine');
  return engine;
}
