// Patches of the four kinds. An input is the JSON text of [number of the object, object, patch].
import { MESSAGES } from '../../../pkg/apis/facts/messages.js';
import { serverSideApply as applySteps } from '../../../pkg/apimachinery/apply/server-side-apply.js';
import { updateManagedFields as updateSteps } from '../../../pkg/apimachinery/apply/managed-fields.js';
import { parseJson, stringifyJson } from '../../../pkg/apimachinery/codec/json.js';
import { decodeAsWritten, decodeObject } from '../../../pkg/apimachinery/codec/strict.js';
import { applyJsonPatch } from '../../../pkg/apimachinery/patch/json-patch.js';
import { applyMergePatch } from '../../../pkg/apimachinery/patch/merge-patch.js';
import { applyStrategicMergePatch } from '../../../pkg/apimachinery/patch/strategic-merge.js';
import { rule, tried, type Family, type Prepared } from '../family.js';
import { mutateJson, type Json } from '../mutate.js';
import type { Choice } from '../random.js';
import { corpus, type CorpusObject } from './corpus.js';
import { unasked } from '../../support/asking.js';

const updateManagedFields = unasked(updateSteps);
const serverSideApply = unasked(applySteps);

type Patch = (object: Json, patch: Json, of: CorpusObject) => void;

function prepared(patchOf: (choice: Choice, of: CorpusObject) => Json, apply: Patch): Prepared {
  return {
    make(choice) {
      const index = choice.below(corpus().length);
      const of = corpus()[index]!;
      const object = choice.chance(0.7)
        ? of.object
        : mutateJson(choice, structuredClone(of.object), of.object, 1);
      return Buffer.from(JSON.stringify([index, object, patchOf(choice, of)]) ?? '');
    },
    run(input) {
      const value = tried(() => parseJson(input).value, Error, SyntaxError) as Json;
      if (!Array.isArray(value)) return;
      const [index, object, patch] = value;
      const of = corpus()[Number.isInteger(index) ? Math.abs(index) % corpus().length : 0]!;
      const before = stringifyJson([object, patch]);
      apply(object, patch, of);
      rule(stringifyJson([object, patch]) === before, 'the patch changed its arguments');
      rule(
        ({} as Json).polluted === undefined && Object.keys(Object.prototype).length === 0,
        'Object.prototype is polluted',
      );
    },
  };
}

/** RFC 7396 in its own words. */
function mergeReference(target: Json, patch: Json): Json {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const out: [string, Json][] =
    typeof target === 'object' && target !== null && !Array.isArray(target)
      ? Object.entries(target)
      : [];
  const result = new Map(out);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, mergeReference(result.get(key), value));
  }
  return Object.fromEntries(result);
}

const partOf = (choice: Choice, object: Json): Json => {
  const keys = Object.keys(object);
  return Object.fromEntries(
    keys.filter(() => choice.chance(0.5)).map((key) => [key, structuredClone(object[key])]),
  );
};
const mergeOf = (choice: Choice, of: CorpusObject): Json =>
  mutateJson(choice, partOf(choice, of.object), choice.pick(corpus()).object);

export const mergePatch: Family = {
  name: 'merge-patch',
  share: 6,
  prepare: () =>
    prepared(mergeOf, (object, patch) => {
      const result = applyMergePatch(object, patch);
      const wanted = mergeReference(object, patch);
      rule(sortedText(result) === sortedText(wanted), 'not RFC 7396', result, wanted);
    }),
};

export function sortedText(value: Json): string {
  const sort = (one: Json): Json => {
    if (Array.isArray(one)) return one.map(sort);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(
      Object.keys(one)
        .toSorted()
        .map((key) => [key, sort(one[key])]),
    );
  };
  return stringifyJson(sort(value));
}

const DIRECTIVES = ['delete', 'merge', 'replace', 'x', 1, null];

function strategicOf(choice: Choice, of: CorpusObject): Json {
  const patch = mergeOf(choice, of);
  const walk = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      const member = value[key];
      walk(member);
      if (Array.isArray(value) || !choice.chance(0.08)) continue;
      const how = choice.below(5);
      const set = (name: string, one: Json): void => {
        Object.defineProperty(value, name, {
          value: one,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      };
      if (how === 0) set('$patch', choice.pick(DIRECTIVES));
      else if (how === 1) set('$retainKeys', Object.keys(value));
      else if (how === 2 && Array.isArray(member))
        set(`$setElementOrder/${key}`, structuredClone(member));
      else if (how === 3 && Array.isArray(member))
        set(`$deleteFromPrimitiveList/${key}`, structuredClone(member));
      else if (Array.isArray(member)) member.push({ $patch: choice.pick(DIRECTIVES) });
    }
  };
  walk(patch);
  return patch;
}

function hasDirective(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.keys(value).some(
    (key) =>
      /^\$(patch|retainKeys|setElementOrder\/|deleteFromPrimitiveList\/)/.test(key) ||
      hasDirective(value[key]),
  );
}

export const strategicPatch: Family = {
  name: 'strategic-patch',
  share: 8,
  prepare: () =>
    prepared(strategicOf, (object, patch, of) => {
      const result = tried(() => applyStrategicMergePatch(object, patch, of.schema, MESSAGES));
      if (!result || hasDirective(object)) return;
      // Directives below unknown fields go with their fields.
      const known = tried(() => decodeObject(result, of.schema, MESSAGES, 'Ignore').object);
      rule(!hasDirective(known), 'a directive survives', known);
    }),
};

const POINTER = [
  '',
  '/',
  '/-',
  '/0',
  '/-1',
  '/00',
  '/1e0',
  '~',
  '~2',
  '/~1',
  '/__proto__',
  '/constructor/prototype',
  '/length',
  '/99999999999999999999',
];

function pointerOf(choice: Choice, object: Json): string {
  let at = object;
  let text = '';
  while (typeof at === 'object' && at !== null && Object.keys(at).length && choice.chance(0.8)) {
    const key = choice.pick(Object.keys(at));
    text += `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    at = at[key];
  }
  return choice.chance(0.2) ? text + choice.pick(POINTER) : text;
}

function jsonPatchOf(choice: Choice, of: CorpusObject): Json {
  const list = choice.times(choice.between(0, 6), () => ({
    op: choice.pick(['add', 'remove', 'replace', 'move', 'copy', 'test']),
    path: pointerOf(choice, of.object),
    from: pointerOf(choice, of.object),
    value: mutateJson(choice, partOf(choice, choice.pick(corpus()).object), of.object, 1),
  }));
  return choice.chance(0.15) ? mutateJson(choice, list, of.object) : list;
}

export const jsonPatch: Family = {
  name: 'json-patch',
  share: 8,
  prepare: () =>
    prepared(jsonPatchOf, (object, patch) => {
      const result = tried(() => applyJsonPatch(object, patch));
      if (result === undefined || !Array.isArray(patch)) return;
      const whole = applyJsonPatch(object, [{ op: 'replace', path: '', value: result }]);
      rule(sortedText(whole) === sortedText(result), 'replacing the document gives another one');
    }),
};

const TIME = '2026-01-01T00:00:00Z';

export const apply: Family = {
  name: 'apply',
  share: 6,
  prepare: () =>
    prepared(mergeOf, (object, patch, of) => {
      const options = {
        schemaName: of.schema,
        table: MESSAGES,
        apiVersion: of.object.apiVersion,
        time: TIME,
      };
      const live = tried(
        () => decodeObject(structuredClone(object), of.schema, MESSAGES, 'Ignore').object,
      );
      const config = tried(
        () => decodeAsWritten(structuredClone(patch), of.schema, MESSAGES, 'Ignore').object,
      );
      if (!live || !config) return;
      const managed = tried(() =>
        updateManagedFields(undefined, live, { ...options, manager: 'a' }),
      );
      if (!managed) return;
      const metadata = { ...(live['metadata'] as Json), managedFields: managed };
      const tracked = { ...live, metadata } as Json;
      const once = tried(() =>
        serverSideApply(tracked, config, { ...options, manager: 'b', force: true }),
      );
      if (!once) return;
      const twice = serverSideApply(once, config, { ...options, manager: 'b', force: false });
      rule(
        sortedText(twice) === sortedText(once),
        'a second apply changes the object',
        once,
        twice,
      );
    }),
};
