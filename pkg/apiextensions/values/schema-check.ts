// The checks of a whole schema: those of single values, of members and items, and of branches.
// Source of texts and rules: kube-openapi validation/validate.
import { fieldErrors } from '../../apimachinery/errors/status-error.js';
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';
import { NO_PATH, report, type Check, type Problem, type Walk } from './check.js';
import { MAX_VALUE_ERRORS } from '../limits.js';
import type { JsonObject } from './node.js';
import { enumCheck, formatCheck, numberCheck, textCheck, typeCheck } from './value-checks.js';

/** Whether further problems would be reported. */
const hasRoom = ({ problems }: Walk): boolean => problems.length < MAX_VALUE_ERRORS;

const newWalk = (): Walk => ({ problems: [], matches: 0 });

/**
 * The check of a schema. Unchanged values keep their problems: with a correlation, the problems of
 * a value that is its former one are dropped.
 *
 * Compiled at first use: most values have few of the members that their schemas allow.
 */
export function schemaCheck(schema: JSONSchemaProps): Check {
  let made: Check | undefined;
  return (value, path, walk, was) => (made ??= compile(schema))(value, path, walk, was);
}

function compile(schema: JSONSchemaProps): Check {
  const ofType = typeCheck(schema);
  const ofBranches = branchCheck(schema);
  const ofText = textCheck(schema);
  const ofFormat = formatCheck(schema);
  const ofNumber = numberCheck(schema);
  const ofItems = listCheck(schema);
  const ofEnum = enumCheck(schema);
  const ofMembers = objectCheck(schema);
  const check: Check = (value, path, walk, was) => {
    ofType?.(value, path, walk, was);
    if (value === null || value === undefined) {
      ofEnum?.(value, path, walk, was);
      return;
    }
    ofBranches?.(value, path, walk, was);
    // Every applicable check counts, the branches by themselves once more.
    walk.matches += ofType ? 5 : 4;
    switch (typeof value) {
      case 'string':
        ofText?.(value, path, walk, was);
        ofFormat?.(value, path, walk, was);
        walk.matches += ofFormat ? 2 : 1;
        break;
      case 'number':
      case 'bigint':
        ofNumber(value, path, walk, was);
        walk.matches++;
        break;
      case 'object':
        if (Array.isArray(value)) ofItems(value, path, walk, was);
        else ofMembers(value, path, walk, was);
        walk.matches++;
        break;
      default:
    }
    ofEnum?.(value, path, walk, was);
  };
  return (value, path, walk, was) => {
    const before = walk.problems.length;
    check(value, path, walk, was);
    if (was && walk.problems.length > before && was.equal()) walk.problems.length = before;
  };
}

function listCheck({ items, maxItems, minItems }: JSONSchemaProps): Check {
  const ofItem = items && !Array.isArray(items) ? schemaCheck(items) : undefined;
  return (value, path, walk, was) => {
    const list = value as readonly unknown[];
    if (ofItem)
      for (let i = 0; i < list.length && hasRoom(walk); i++)
        ofItem(list[i], `${path}[${i}]`, walk, was?.child(i));
    const size = list.length;
    if (maxItems !== undefined && size > maxItems)
      report(walk, path, `${path} in body should have at most ${maxItems} items`, (field) =>
        fieldErrors.tooMany(field, size, maxItems),
      );
    if (minItems !== undefined && size < minItems)
      report(walk, path, `${path} in body should have at least ${minItems} items`, (field, text) =>
        fieldErrors.invalid(field, size, text),
      );
    walk.matches++;
  };
}

const ALWAYS_CHECKED = new Set(['apiVersion', 'kind']);

function objectCheck(schema: JSONSchemaProps): Check {
  const { maxProperties, minProperties, required, additionalProperties } = schema;
  const properties = new Map(
    Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, schemaCheck(inner)]),
  );
  const ofOthers =
    typeof additionalProperties === 'object' ? schemaCheck(additionalProperties) : undefined;
  const hasSizes = maxProperties !== undefined || minProperties !== undefined;
  return (value, path, walk, was) => {
    const object = value as JsonObject;
    const size = hasSizes ? Object.keys(object).length : 0;
    if (minProperties !== undefined && size < minProperties) {
      const text = `${path} in body should have at least ${minProperties} properties`;
      return report(walk, path, text, (field) => fieldErrors.invalid(field, size, text));
    }
    if (maxProperties !== undefined && size > maxProperties) {
      const text = `${path} in body should have at most ${maxProperties} properties`;
      return report(walk, path, text, (field) => fieldErrors.tooMany(field, size, maxProperties));
    }
    for (const key in object) {
      if (!hasRoom(walk)) return;
      const ofMember = properties.get(key) ?? ofOthers;
      if (!ofMember) continue;
      const isOther = ofMember === ofOthers;
      const inner = path === '' && !isOther ? key : `${path}.${key}`;
      const before = path === '' && ALWAYS_CHECKED.has(key) ? undefined : was?.child(key);
      ofMember(object[key], inner, walk, before);
    }
    for (const name of required ?? [])
      if (!Object.hasOwn(object, name)) {
        const inner = `${path}.${name}`;
        report(walk, inner, `${inner} in body is required`, (field) => fieldErrors.required(field));
      }
  };
}

const composite = (path: string, what: string): Problem => {
  const text = `${JSON.stringify(path)} must ${what}`;
  return { text, error: fieldErrors.invalid(NO_PATH, '', text) };
};

/** The checks of allOf, anyOf, oneOf and not, in which unchanged parts have no privilege. */
function branchCheck({ allOf, anyOf, oneOf, not }: JSONSchemaProps): Check | undefined {
  if (!allOf && !anyOf && !oneOf && !not) return undefined;
  const all = allOf?.map(schemaCheck);
  const any = anyOf?.map(schemaCheck);
  const one = oneOf?.map(schemaCheck);
  const none = not && schemaCheck(not);
  const run = (branch: Check, value: unknown, path: string): Walk => {
    const walk = newWalk();
    branch(value, path, walk, undefined);
    return walk;
  };
  return (value, path, walk) => {
    const judge = (branch: Check): Walk => run(branch, value, path);
    if (any?.length) mergeAny(any, judge, path, walk);
    if (one?.length) mergeOne(one.map(judge), path, walk);
    if (all?.length) mergeAll(all.map(judge), path, walk);
    if (none && judge(none).problems.length === 0)
      walk.problems.push(composite(path, 'not validate the schema (not)'));
  };
}

function merge(walk: Walk, { problems, matches }: Walk): void {
  const room = MAX_VALUE_ERRORS - walk.problems.length;
  for (const problem of problems.slice(0, Math.max(0, room))) walk.problems.push(problem);
  walk.matches += matches;
}

const isValid = ({ problems }: Walk): boolean => problems.length === 0;

/** The branch with the most passed checks tells what is wrong. */
const nearest = (results: readonly Walk[]): Walk =>
  results.reduce((best, result) => (result.matches > best.matches ? result : best));

function mergeAny(
  branches: readonly Check[],
  judge: (branch: Check) => Walk,
  path: string,
  walk: Walk,
): void {
  const failures: Walk[] = [];
  for (const branch of branches) {
    const result = judge(branch);
    if (isValid(result)) return merge(walk, result);
    failures.push(result);
  }
  walk.problems.push(composite(path, 'validate at least one schema (anyOf)'));
  merge(walk, nearest(failures));
}

function mergeOne(results: readonly Walk[], path: string, walk: Walk): void {
  const valid = results.filter(isValid);
  if (valid.length === 1) return merge(walk, valid[0]!);
  const found =
    valid.length === 0 ? 'Found none valid' : `Found ${valid.length} valid alternatives`;
  walk.problems.push(composite(path, `validate one and only one schema (oneOf). ${found}`));
  if (valid.length === 0) merge(walk, nearest(results));
}

function mergeAll(results: readonly Walk[], path: string, walk: Walk): void {
  for (const result of results) merge(walk, result);
  const valid = results.filter(isValid).length;
  if (valid === results.length) return;
  const none = valid === 0 ? '. None validated' : '';
  walk.problems.push(composite(path, `validate all the schemas (allOf)${none}`));
}
