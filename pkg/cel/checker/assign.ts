// Which types fit which, with type parameters (cel-go checker/types.go). Substitutions are kept in
// one map with a trail, so that a failed attempt leaves no trace.
import { isDyn, isDynOrError, sameType, typeOf, DYN, type Type } from './types.js';

const NULLABLE: ReadonlySet<string> = new Set(
  'opaque duration timestamp struct any wrapper'.split(' '),
);

/** Whether `a` is at least as general as `b`. */
function isAsGeneral(a: Type, b: Type): boolean {
  if (isDyn(a) || a.kind === 'param') return true;
  if (isDyn(b) || b.kind === 'param') return false;
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'opaque':
      if (a.name !== b.name || a.params.length !== b.params.length) return false;
      return a.params.every((param, i) => isAsGeneral(param, b.params[i]!));
    case 'list':
    case 'map':
      return a.params.every((param, i) => isAsGeneral(param, b.params[i]!));
    case 'type':
      return true;
    default:
      return sameType(a, b);
  }
}

export const mostGeneral = (a: Type, b: Type): Type => (isAsGeneral(a, b) ? a : b);

export interface Substitutions {
  /**
   * Whether a value of type `b` may stand where `a` is expected; on success parameters are bound.
   */
  assign(a: Type, b: Type): boolean;
  assignAll(a: readonly Type[], b: readonly Type[]): boolean;
  /** `t` with bound parameters replaced; free ones become dyn when `toDyn` is set. */
  apply(t: Type, toDyn: boolean): Type;
  fresh(): Type;
}

/** Replaces parameters by name, for the instantiation of a signature. */
export function instantiate(t: Type, by: ReadonlyMap<string, Type>): Type {
  if (t.kind === 'param') return by.get(t.name) ?? t;
  if (t.params.length === 0) return t;
  return { ...t, params: t.params.map((param) => instantiate(param, by)) };
}

export function createSubstitutions(): Substitutions {
  const bound = new Map<string, Type>();
  const trail: [name: string, before: Type | undefined][] = [];
  let free = 0;

  const bind = (param: Type, to: Type): void => {
    trail.push([param.name, bound.get(param.name)]);
    bound.set(param.name, to);
  };
  const attempt = (body: () => boolean): boolean => {
    const mark = trail.length;
    if (body()) return true;
    while (trail.length > mark) {
      const [name, before] = trail.pop()!;
      if (before) bound.set(name, before);
      else bound.delete(name);
    }
    return false;
  };
  const isUnreferenced = (param: Type, within: Type): boolean => {
    if (sameType(param, within)) return false;
    if (within.kind === 'param') {
      const next = bound.get(within.name);
      return !next || isUnreferenced(param, next);
    }
    return within.params.every((inner) => isUnreferenced(param, inner));
  };
  /** Tries `t` as what the parameter stands for. */
  const bindTo = (t: Type, param: Type): { isValid: boolean; wasBound: boolean } => {
    if (t.kind === 'param' && sameType(t, param)) return { isValid: true, wasBound: true };
    const before = bound.get(param.name);
    if (before) {
      if (sameType(t, before)) return { isValid: true, wasBound: true };
      if (!fits(t, before)) return { isValid: false, wasBound: true };
      const general = mostGeneral(t, before);
      if (isUnreferenced(param, general)) bind(param, general);
      return { isValid: true, wasBound: true };
    }
    if (!isUnreferenced(param, t)) return { isValid: false, wasBound: false };
    bind(param, t);
    return { isValid: true, wasBound: false };
  };
  const fits = (a: Type, b: Type): boolean => {
    if (b.kind === 'param') {
      const { isValid, wasBound } = bindTo(a, b);
      if (isValid) return true;
      if (wasBound) return false;
    }
    if (a.kind === 'param') return bindTo(b, a).isValid;
    if (isDynOrError(a) || isDynOrError(b)) return true;
    if (a.kind === 'null') return b.kind === 'null' || NULLABLE.has(b.kind);
    if (b.kind === 'null') return NULLABLE.has(a.kind);
    if (a.kind === 'wrapper') return b.kind === 'wrapper' ? sameType(a, b) : fits(a.params[0]!, b);
    if (b.kind === 'wrapper') return fits(a, b.params[0]!);
    switch (a.kind) {
      case 'type':
        return b.kind === 'type';
      case 'opaque':
      case 'list':
      case 'map':
        return a.kind === b.kind && a.name === b.name && fitAll(a.params, b.params);
      default:
        return a.kind === b.kind && a.name === b.name;
    }
  };
  const fitAll = (a: readonly Type[], b: readonly Type[]): boolean =>
    a.length === b.length && a.every((t, i) => fits(t, b[i]!));

  const apply = (t: Type, toDyn: boolean): Type => {
    if (t.kind === 'param') {
      const next = bound.get(t.name);
      if (next) return apply(next, toDyn);
      return toDyn ? DYN : t;
    }
    if (t.params.length === 0) return t;
    const params = t.params.map((param) => apply(param, toDyn));
    return t.kind === 'type' ? typeOf(params[0]) : { ...t, params };
  };

  return {
    assign: (a, b) => attempt(() => fits(a, b)),
    assignAll: (a, b) => attempt(() => fitAll(a, b)),
    apply,
    fresh: () => ({ kind: 'param', name: `_var${free++}`, params: [] }),
  };
}
