// Which values an overload takes at run time. Parameters of lists and maps are not looked at.
import type { Overload } from '../checker/declarations.js';
import type { Type } from '../checker/types.js';
import { isInt, kindOf, Opaque, Optional, Uint, type Value } from '../values/value.js';

type Guard = (v: Value) => boolean;

const anything: Guard = () => true;
const ofKind =
  (kind: string): Guard =>
  (v) =>
    kindOf(v) === kind;

const GUARDS: Readonly<Record<string, Guard>> = {
  bool: (v) => typeof v === 'boolean',
  int: isInt,
  uint: (v) => v instanceof Uint,
  double: ofKind('double'),
  string: (v) => typeof v === 'string',
  bytes: (v) => v instanceof Uint8Array,
  duration: ofKind('duration'),
  timestamp: ofKind('timestamp'),
  list: ofKind('list'),
  map: ofKind('map'),
  type: ofKind('type'),
  null: (v) => v === null,
};

function guardOf(type: Type): Guard {
  const { kind, name } = type;
  if (kind !== 'opaque' && kind !== 'struct') return GUARDS[kind] ?? anything;
  if (name === 'optional_type') {
    const inner = guardOf(type.params[0]!);
    return (v) => v instanceof Optional && (v.value === undefined || inner(v.value));
  }
  return (v) => v instanceof Opaque && v.typeName === name;
}

export type Guards = readonly Guard[];

const known = new WeakMap<Overload, Guards>();

export function guardsOf(overload: Overload): Guards {
  let guards = known.get(overload);
  if (!guards) {
    guards = overload.args.map(guardOf);
    known.set(overload, guards);
  }
  return guards;
}
