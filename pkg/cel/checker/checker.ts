// The type checker (cel-go checker/checker.go), with its messages.
import { qualifiedName, type CallExpr, type ComprehensionExpr, type Expr } from '../syntax/ast.js';
import type { ListExpr, MapExpr, SelectExpr, StructExpr } from '../syntax/ast.js';
import type { Parsed } from '../syntax/parser.js';
import { CompileError, type Issue } from '../syntax/source.js';
import { kindOf, TypeValue, type Value } from '../values/value.js';
import { createSubstitutions, instantiate, mostGeneral } from './assign.js';
import type { FunctionDeclaration, Overload } from './declarations.js';
import type { Environment, Identifier } from './environment.js';
import {
  BOOL,
  DYN,
  ERROR,
  formatType,
  INT,
  isDyn,
  isDynOrError,
  isOptional,
  listOf,
  mapOf,
  optionalOf,
  PRIMITIVES,
  sameType,
  STRING,
  structOf,
  typeOf,
  unwrapOptional,
  type Type,
} from './types.js';

/** The meaning of a name or a call. */
export type Reference =
  | { readonly kind: 'ident'; readonly ident: Identifier }
  | { readonly kind: 'function'; readonly fn: string; readonly overloads: readonly Overload[] };

export interface Checked extends Parsed {
  readonly environment: Environment;
  readonly type: Type;
  /** By identifier of the node. */
  readonly types: readonly Type[];
  readonly references: ReadonlyMap<number, Reference>;
}

const NUMBERS: ReadonlySet<string> = new Set(['int', 'uint', 'double']);
const COMPARISONS: ReadonlySet<string> = new Set(['_<_', '_<=_', '_>_', '_>=_']);
const LOGIC: ReadonlySet<string> = new Set(['_&&_', '_||_']);

/** int < double and the like, which an option enables. */
const isCrossType = ({ args }: Overload): boolean =>
  args.length === 2 &&
  args[0]!.kind !== args[1]!.kind &&
  args.every(({ kind }) => NUMBERS.has(kind));

/** The local variables of comprehensions, innermost first. */
interface Scope {
  readonly name: string;
  readonly type: Type;
  readonly outer: Scope | undefined;
}

/** @throws CompileError with all errors. */
export function check(parsed: Parsed, environment: Environment): Checked {
  const issues: Issue[] = [];
  const checker = createChecker(parsed, environment, issues);
  checker.visit(parsed.expr);
  if (issues.length > 0) throw new CompileError(parsed.text, issues);
  const types = checker.finish();
  return {
    ...parsed,
    environment,
    type: types[parsed.expr.id]!,
    types,
    references: checker.references,
  };
}

function createChecker({ positions }: Parsed, environment: Environment, issues: Issue[]) {
  const substitutions = createSubstitutions();
  const types: Type[] = [];
  const references = new Map<number, Reference>();
  let scope: Scope | undefined;

  const refuse = (at: { readonly id: number }, message: string): void =>
    void issues.push({ offset: positions[at.id] ?? -1, message });
  const failed = (at: { readonly id: number }, message: string): Type => {
    refuse(at, message);
    return ERROR;
  };
  const typeIs = (e: Expr): Type => types[e.id]!;
  const set = (e: Expr, type: Type): void => void (types[e.id] = type);
  const undeclared = (at: { readonly id: number }, name: string): Type =>
    failed(at, `undeclared reference to '${name}' (in container '${environment.container}')`);
  const mismatch = (e: Expr, expected: Type, found: Type): void =>
    refuse(e, `expected type '${formatType(expected)}' but found '${formatType(found)}'`);
  const assertType = (e: Expr, expected: Type): void => {
    if (!substitutions.assign(expected, typeIs(e)))
      mismatch(e, substitutions.apply(expected, false), substitutions.apply(typeIs(e), false));
  };

  const local = (name: string): Scope | undefined => {
    for (let at = scope; at; at = at.outer) if (at.name === name) return at;
    return undefined;
  };
  /** A struct type of which expressions make values. */
  const writtenType = (name: string): Identifier | undefined =>
    environment.types.construct && environment.types.hasStruct(name)
      ? { name, type: typeOf(structOf(name)), value: new TypeValue(name) }
      : undefined;
  const lookup = (name: string): Identifier | undefined => {
    const found = local(name);
    if (found) return found;
    for (const candidate of environment.candidates(name)) {
      const ident = environment.identifiers.get(candidate) ?? writtenType(candidate);
      if (ident) return ident;
    }
    return undefined;
  };
  const functionNamed = (name: string): FunctionDeclaration | undefined => {
    for (const candidate of environment.candidates(name)) {
      const fn = environment.functions.get(candidate);
      if (fn) return fn;
    }
    return undefined;
  };

  const visitIdent = (e: Expr, name: string): boolean => {
    const ident = lookup(name);
    if (!ident) return false;
    set(e, ident.type);
    references.set(e.id, { kind: 'ident', ident });
    return true;
  };

  const visitSelect = (e: SelectExpr): void => {
    const name = qualifiedName(e);
    const root = name?.split('.', 1)[0];
    if (name !== undefined && !local(root!) && visitIdent(e, name)) return;
    const type = fieldOf(e, e.operand, e.field, false);
    set(e, e.testOnly ? BOOL : substitutions.apply(type, false));
  };

  const fieldOf = (e: Expr, operand: Expr, field: string, toOptional: boolean): Type => {
    visit(operand);
    const operandType = substitutions.apply(typeIs(operand), false);
    const target = unwrapOptional(operandType);
    const type = memberType(e, target, field);
    return toOptional || isOptional(operandType) ? optionalOf(type) : type;
  };

  const memberType = (e: Expr, target: Type, field: string): Type => {
    switch (target.kind) {
      case 'map':
        return target.params[1]!;
      case 'param':
        substitutions.assign(DYN, target);
        return DYN;
      case 'struct': {
        if (!environment.types.hasStruct(target.name))
          return failed(e, `unexpected failed resolution of '${target.name}'`);
        const found = environment.types.fieldType(target.name, field);
        return found ?? failed(e, `undefined field '${field}'`);
      }
      default:
        return isDynOrError(target)
          ? DYN
          : failed(e, `type '${formatType(target)}' does not support field selection`);
    }
  };

  const visitOptionalSelect = (e: CallExpr): void => {
    const [operand, field] = e.args;
    const name = field?.kind === 'const' ? field.value : undefined;
    if (typeof name !== 'string')
      return set(e, failed(field ?? e, 'unsupported optional field selection'));
    set(e, substitutions.apply(fieldOf(e, operand!, name, true), false));
    set(field!, STRING);
    const { overloads } = environment.functions.get('_?._')!;
    references.set(e.id, { kind: 'function', fn: '_?._', overloads });
  };

  const visitCall = (e: CallExpr): void => {
    if (e.fn === '_?._') return visitOptionalSelect(e);
    e.args.forEach(visit);
    const prefix = e.target && qualifiedName(e.target);
    const namespaced = prefix === undefined ? undefined : functionNamed(`${prefix}.${e.fn}`);
    if (namespaced) return resolve(e, namespaced, undefined);
    if (e.target) visit(e.target);
    const fn = functionNamed(e.fn);
    if (fn) return resolve(e, fn, e.target);
    set(e, undeclared(e, e.fn));
  };

  const resolve = (e: CallExpr, fn: FunctionDeclaration, target: Expr | undefined): void => {
    if (LOGIC.has(fn.name)) {
      const wrong = e.args.filter((arg) => !substitutions.assign(typeIs(arg), BOOL));
      for (const arg of wrong) mismatch(arg, BOOL, substitutions.apply(typeIs(arg), false));
      references.set(e.id, { kind: 'function', fn: fn.name, overloads: fn.overloads });
      return set(e, wrong.length > 0 ? ERROR : BOOL);
    }
    const args = [...(target ? [target] : []), ...e.args].map(typeIs);
    const { matching, result } = matchOverloads(fn, args, target !== undefined);
    if (!result) {
      const shown = args.map((t) => formatType(substitutions.apply(t, true)));
      const list = target ? `${shown[0]}.(${shown.slice(1).join(', ')})` : `(${shown.join(', ')})`;
      const problem = `found no matching overload for '${fn.name}' applied to '${list}'`;
      return set(e, failed(e, problem));
    }
    references.set(e.id, { kind: 'function', fn: fn.name, overloads: matching });
    set(e, result);
  };

  const matchOverloads = (
    fn: FunctionDeclaration,
    args: readonly Type[],
    isMember: boolean,
  ): { matching: Overload[]; result: Type | undefined } => {
    const matching: Overload[] = [];
    let result: Type | undefined;
    const isOff = COMPARISONS.has(fn.name) && !environment.crossTypeComparisons;
    for (const overload of fn.overloads) {
      if (overload.isMember !== isMember || (isOff && isCrossType(overload))) continue;
      const fresh = new Map(overload.params.map((name) => [name, substitutions.fresh()]));
      const expected = overload.args.map((t) => instantiate(t, fresh));
      if (!substitutions.assignAll(args, expected)) continue;
      matching.push(overload);
      const type = substitutions.apply(instantiate(overload.result, fresh), false);
      if (!result) result = type;
      else if (!isDyn(result) && !sameType(type, result)) result = DYN;
    }
    return { matching, result };
  };

  /** The common type of the elements of a literal. */
  const join = (e: Expr, before: Type | undefined, type: Type): Type => {
    if (!before) return type;
    if (substitutions.assign(before, type)) return mostGeneral(before, type);
    if (!environment.homogeneousLiterals) return DYN;
    mismatch(e, substitutions.apply(before, false), substitutions.apply(type, false));
    return ERROR;
  };

  /** The type of an element that is written with a question mark. */
  const withoutOptional = (e: Expr, isMarked: boolean): Type => {
    const type = substitutions.apply(typeIs(e), false);
    if (!isMarked) return typeIs(e);
    if (!isOptional(type) && !isDyn(type)) mismatch(e, optionalOf(type), type);
    return unwrapOptional(type);
  };

  const visitList = (e: ListExpr): void => {
    let element: Type | undefined;
    for (const [i, item] of e.elements.entries()) {
      visit(item);
      element = join(item, element, withoutOptional(item, e.optional.has(i)));
    }
    set(e, listOf(element ?? substitutions.fresh()));
  };

  const visitMap = (e: MapExpr): void => {
    let key: Type | undefined;
    let value: Type | undefined;
    for (const entry of e.entries) {
      visit(entry.key);
      key = join(entry.key, key, typeIs(entry.key));
      visit(entry.value);
      value = join(entry.value, value, withoutOptional(entry.value, entry.optional));
    }
    set(e, mapOf(key ?? substitutions.fresh(), value ?? substitutions.fresh()));
  };

  const structType = (e: StructExpr): Type => {
    const ident = lookup(e.typeName);
    if (!ident) return undeclared(e, e.typeName);
    references.set(e.id, { kind: 'ident', ident });
    if (ident.type.kind === 'error') return ERROR;
    if (ident.type.kind !== 'type') return failed(e, `'${formatType(ident.type)}' is not a type`);
    const type = ident.type.params[0] ?? DYN;
    if (['struct', 'wrapper', 'any', 'timestamp', 'duration'].includes(type.kind)) return type;
    return failed(e, `'${formatType(type)}' is not a message type`);
  };

  const visitStruct = (e: StructExpr): void => {
    const type = structType(e);
    set(e, type);
    for (const field of e.fields) {
      visit(field.value);
      const found = withoutOptional(field.value, field.optional);
      if (type.kind === 'error') continue;
      const declared = environment.types.fieldType(type.name, field.name);
      if (!declared) refuse(field, `undefined field '${field.name}'`);
      else if (!substitutions.assign(declared, found))
        refuse(
          field,
          `expected type of field '${field.name}' is '${formatType(declared)}' but provided type is '${formatType(substitutions.apply(found, false))}'`,
        );
    }
  };

  /** The types of the variables of a loop over `range`. */
  const iterTypes = (e: ComprehensionExpr, range: Type): readonly [Type, Type] => {
    switch (range.kind) {
      case 'list':
        return e.iterVar2 === undefined ? [range.params[0]!, DYN] : [INT, range.params[0]!];
      case 'map':
        return [range.params[0]!, range.params[1]!];
      case 'dyn':
      case 'any':
      case 'error':
      case 'param':
        substitutions.assign(DYN, range);
        return [DYN, DYN];
      default:
        refuse(
          e.range,
          `expression of type '${formatType(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
        );
        return [ERROR, ERROR];
    }
  };

  const visitComprehension = (e: ComprehensionExpr): void => {
    visit(e.range);
    visit(e.accuInit);
    const [first, second] = iterTypes(e, substitutions.apply(typeIs(e.range), false));
    const accuType = typeIs(e.accuInit);
    const outer = scope;
    const inner: Scope = { name: e.accuVar, type: accuType, outer };
    scope = { name: e.iterVar, type: first, outer: inner };
    if (e.iterVar2 !== undefined) scope = { name: e.iterVar2, type: second, outer: scope };
    visit(e.condition);
    assertType(e.condition, BOOL);
    visit(e.step);
    assertType(e.step, accuType);
    scope = inner;
    visit(e.result);
    scope = outer;
    set(e, substitutions.apply(typeIs(e.result), false));
  };

  const constantType = (value: Value): Type => PRIMITIVES[kindOf(value)]!;

  const visit = (e: Expr): void => {
    switch (e.kind) {
      case 'const':
        return set(e, constantType(e.value));
      case 'ident':
        if (!visitIdent(e, e.name)) {
          undeclared(e, e.name);
          set(e, ERROR);
        }
        return;
      case 'select':
        return visitSelect(e);
      case 'call':
        return visitCall(e);
      case 'list':
        return visitList(e);
      case 'map':
        return visitMap(e);
      case 'struct':
        return visitStruct(e);
      case 'comprehension':
        return visitComprehension(e);
    }
  };

  return {
    visit,
    references,
    finish: (): Type[] => types.map((type) => substitutions.apply(type, true)),
  };
}
