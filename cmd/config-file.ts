// Converts the file of --config, a component's configuration in upstream's version, to flags. Flags
// of the command line take precedence, as upstream. Unknown fields are refused, and so are values
// that would be ignored to somebody's harm.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { FlagError } from './flags.js';
import { upstreamFlags } from './upstream-flags.js';

type Plain = 'string' | 'number' | 'boolean' | 'strings' | 'map';
export type FieldKind = Plain | 'gates' | 'thresholds' | 'taints' | 'profiles';

/** The file of one program, and the meaning of its fields. */
export interface ConfigKind {
  binary: string;
  /** Completes "failed to load": 'kubelet config file'. */
  what: string;
  apiVersion: string;
  kind: string;
  /** Flag and value type by field path. */
  fields: Readonly<Record<string, readonly [flag: string, kind: FieldKind]>>;
  /** Fields with a single supported value. */
  fixed: Readonly<Record<string, unknown>>;
  /** Paths of fields and objects that cannot matter here. */
  ignored: readonly string[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';

/** The text of a flag; `undefined`: the value has another type. */
type Renderer = (value: unknown) => string | undefined;

const pairs =
  (sign: string, type: 'string' | 'boolean' = 'string'): Renderer =>
  (value) => {
    if (!isObject(value)) return undefined;
    const entries = Object.entries(value);
    if (!entries.every(([, given]) => typeof given === type)) return undefined;
    return entries.map(([key, given]) => `${key}${sign}${String(given)}`).join(',');
  };

const RENDERERS: Readonly<Record<FieldKind, Renderer>> = {
  string: (value) => (isText(value) ? value : undefined),
  number: (value) => (typeof value === 'number' ? String(value) : undefined),
  boolean: (value) => (typeof value === 'boolean' ? String(value) : undefined),
  strings: (value) => (Array.isArray(value) && value.every(isText) ? value.join(',') : undefined),
  map: pairs('='),
  gates: pairs('=', 'boolean'),
  thresholds: pairs('<'),
  taints: (value) => {
    if (!Array.isArray(value) || !value.every(isObject)) return undefined;
    const parts = value.map(({ key, value: of = '', effect }) => [key, of, effect]);
    if (!parts.flat().every(isText)) return undefined;
    return parts
      .map(([key, of, effect]) => `${String(key)}=${String(of)}:${String(effect)}`)
      .join();
  },
  // The plugins of a profile are not configurable, so a profile has only a name.
  profiles: (value) => {
    if (!Array.isArray(value) || value.length !== 1 || !isObject(value[0])) return undefined;
    const { schedulerName = 'default-scheduler', ...others } = value[0];
    return isText(schedulerName) && !Object.keys(others).length ? schedulerName : undefined;
  },
};

/** 'syncFrequency' as the flag 'sync-frequency'. */
const flagOf = (field: string): string =>
  field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Values by field path. An object is a value unless fields below it have a meaning. */
function* leaves(
  kind: ConfigKind,
  object: Record<string, unknown>,
  prefix = '',
): Generator<[string, unknown]> {
  const paths = [...Object.keys(kind.fields), ...Object.keys(kind.fixed), ...kind.ignored];
  for (const [name, value] of Object.entries(object)) {
    const path = `${prefix}${name}`;
    const holdsFields = paths.some((field) => field.startsWith(`${path}.`));
    if (holdsFields && isObject(value)) yield* leaves(kind, value, `${path}.`);
    else yield [path, value];
  }
}

/** In Go's structs these are the zero values, in place of which the defaults stand. */
const isZero = (value: unknown): boolean => value === null || value === '' || value === '0s';

/** Documents may hold any value where a text belongs. */
const shown = (value: unknown): string => (isText(value) ? value : (JSON.stringify(value) ?? ''));

/** @throws FlagError that names the file and the field. */
export function configFlags(kind: ConfigKind, path: string, text: string): Map<string, string> {
  const fail = (message: string): never => failed(kind, path, message);
  let object: unknown;
  try {
    object = parse(text);
  } catch (error) {
    return fail((error as Error).message);
  }
  if (!isObject(object)) return fail('the document is not an object');
  const { apiVersion, kind: name, ...fields } = object;
  if (apiVersion !== kind.apiVersion || name !== kind.kind)
    fail(`no kind "${shown(name)}" is registered for version "${shown(apiVersion)}"`);
  const foreign = new Set(upstreamFlags(kind.binary).map((flag) => flag.name));
  const flags = new Map<string, string>();
  for (const [field, value] of leaves(kind, fields)) {
    const known = Object.hasOwn(kind.fields, field) ? kind.fields[field] : undefined;
    if (known) {
      const flag = isZero(value) ? '' : RENDERERS[known[1]](value);
      if (flag !== '') flags.set(known[0], flag ?? fail(`${field}: wrong type`));
    } else if (Object.hasOwn(kind.fixed, field)) {
      if (!isZero(value) && JSON.stringify(value) !== JSON.stringify(kind.fixed[field]))
        fail(`${field}: only ${JSON.stringify(kind.fixed[field])} is supported`);
    } else if (kind.ignored.includes(field)) continue;
    else if (!foreign.has(flagOf(field))) fail(`strict decoding error: unknown field "${field}"`);
    else if (!isZero(value))
      flags.set(flagOf(field), isText(value) ? value : JSON.stringify(value));
  }
  return flags;
}

function failed({ binary, what }: ConfigKind, path: string, message: string): never {
  throw new FlagError(`${binary}: failed to load ${what}, path: ${path}, error: ${message}`);
}

/**
 * The configuration of `argv`. With --config it is that of the file's flags which `argv` does not
 * have, and of `argv`.
 */
export function withConfig<C extends { config?: string | undefined }>(
  kind: ConfigKind,
  argv: readonly string[],
  parse: (words: readonly string[]) => C,
): C {
  const given = parse(argv);
  const path = given.config;
  if (path === undefined) return given;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return failed(kind, path, (error as Error).message);
  }
  const isGiven = (flag: string) => argv.some((word) => new RegExp(`^--?${flag}(=|$)`).test(word));
  const fromFile = [...configFlags(kind, path, text)].filter(([flag]) => !isGiven(flag));
  return parse([...fromFile.map(([flag, value]) => `--${flag}=${value}`), ...argv]);
}
