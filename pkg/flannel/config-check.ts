// Validates hand-written JSON against a schema. Keys match in any case and null means absent, as in
// Go; defaults are filled in; the message for a wrong value names its key.
import { Ajv } from 'ajv';

/** The config is not usable; the message says why. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

interface ObjectSchema {
  type?: unknown;
  enum?: readonly unknown[];
  properties?: Readonly<Record<string, ObjectSchema>>;
}

const ajv = new Ajv({ useDefaults: true, allowUnionTypes: true });

/** Renames keys to the spelling of the schema; of keys that differ only in case, the last wins. */
function spelled(value: unknown, schema: ObjectSchema): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !schema.properties)
    return value;
  const names = new Map(Object.keys(schema.properties).map((name) => [name.toLowerCase(), name]));
  const out: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    const name = names.get(key.toLowerCase()) ?? key;
    if (inner !== null) out[name] = spelled(inner, schema.properties[name] ?? {});
  }
  return out;
}

/**
 * Returns a copy with defaults. `what` is the name of the document in messages. Throws ConfigError.
 */
export function checkConfig<T>(what: string, schema: ObjectSchema, value: unknown): T {
  const copy = spelled(value, schema);
  if (ajv.validate<T>(schema, copy)) return copy;
  const error = ajv.errors![0]!;
  const allowed =
    error.keyword === 'enum'
      ? `: ${(error.params as { allowedValues: unknown[] }).allowedValues.join(', ')}`
      : '';
  throw new ConfigError(
    `${[what, ...error.instancePath.split('/').slice(1)].join(' ')} ${error.message}${allowed}`,
  );
}
