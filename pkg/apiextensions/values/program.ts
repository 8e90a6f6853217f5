// A version's schema as a program over the values of its kind. Everything is compiled at first use.
import type { Typed } from '../../apimachinery/apply/structure.js';
import { cannotBeHandled, type Decoded, type DecodeMode } from '../../apimachinery/codec/strict.js';
import type { FieldError } from '../../apimachinery/errors/status-error.js';
import { MAX_DECODE_PROBLEMS } from '../../apimachinery/limits.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';
import { applyDefaults } from './defaults.js';
import { coerceEmbedded, coerceMetadata, MalformedMetadata } from './embedded.js';
import { createValidator, type Validator } from './validate.js';
import { nodeOf, type JsonObject, type Node } from './node.js';
import { dropNulls, prune } from './prune.js';
import { typedOf } from './structure.js';

export interface SchemaProgram {
  /**
   * Makes an object from a parsed body, which becomes part of it: canonical metadata, no unknown
   * fields, no forbidden nulls. `duplicates` are paths from the parser.
   *
   * @throws StatusError BadRequest for metadata of a wrong type.
   */
  decode(value: JsonObject, mode: DecodeMode, duplicates: readonly string[]): Decoded<ApiObject>;
  /** Fills in defaults, in place. */
  applyDefaults(object: ApiObject): void;
  /** Prunes and defaults an object of the store in place, and drops malformed metadata. */
  fromStorage(object: ApiObject): void;
  /** Removes what the schema does not specify, in place. */
  prune(object: ApiObject): void;
  /**
   * The problems of a new object, without those of its own metadata. The engine of the schema must
   * be loaded (rules/engine.ts).
   */
  validate(object: ApiObject): FieldError[];
  /**
   * As validate, for an update. Problems that unchanged parts have already are no errors; `warn`
   * gets those of rules.
   */
  validateUpdate(next: ApiObject, old: ApiObject, warn?: (text: string) => void): FieldError[];
  /** The schema as managed fields and server-side apply see it. */
  typed(): Typed;
}

/** A kind whose objects may have any fields. */
const ANYTHING: JSONSchemaProps = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/**
 * The program of a structural schema; `kind` is the name in messages. Without a schema, all fields
 * are kept.
 */
export function compileSchema(schema: JSONSchemaProps | undefined, kind: string): SchemaProgram {
  let made: Node | undefined;
  let typed: Typed | undefined;
  const root = (): Node => (made ??= nodeOf(schema ?? ANYTHING));
  let validate: Validator | undefined;
  const validator = (): Validator => (validate ??= createValidator(root(), true));
  const fill = (object: ApiObject): void => {
    dropNulls(object, root());
    applyDefaults(object, root());
  };
  return {
    decode: (value, mode, duplicates) => decode(root(), kind, value, mode, duplicates),
    applyDefaults: fill,
    fromStorage(object) {
      const value = object as unknown as JsonObject;
      coerceMetadata(value, '', { drops: true });
      prune(value, root(), true);
      coerceEmbedded(value, root(), '', { drops: true });
      fill(object);
    },
    prune: (object) => prune(object, root(), true),
    validate: (object) => validator()(object, undefined),
    validateUpdate: (next, old, warn) => validator()(next, old, warn),
    typed: () => (typed ??= typedOf(root())),
  };
}

function decode(
  root: Node,
  kind: string,
  value: JsonObject,
  mode: DecodeMode,
  duplicates: readonly string[],
): Decoded<ApiObject> {
  const unknown: string[] | undefined = mode === 'Ignore' ? undefined : [];
  try {
    coerceMetadata(value, '', { drops: false, unknown });
    prune(value, root, true, unknown);
    dropNulls(value, root);
    coerceEmbedded(value, root, '', { drops: false, unknown });
  } catch (error) {
    if (!(error instanceof MalformedMetadata)) throw error;
    throw cannotBeHandled(String(value['apiVersion']), kind, kind, error.message);
  }
  const problems = unknown
    ? [
        ...duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`),
        ...unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
      ]
    : [];
  return {
    object: value as unknown as ApiObject,
    problems: problems.slice(0, MAX_DECODE_PROBLEMS),
  };
}
