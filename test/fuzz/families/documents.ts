// Bodies: JSON, YAML, protobuf, and the strict decoder behind them.
import { stringify } from 'yaml';
import { MESSAGES } from '../../../pkg/apis/facts/messages.js';
import { parseJson, stringifyJson } from '../../../pkg/apimachinery/codec/json.js';
import { decodeProtobuf } from '../../../pkg/apimachinery/codec/protobuf.js';
import { parseYaml } from '../../../pkg/apimachinery/codec/yaml.js';
import { parseBody, toObject, type ExpectedKind } from '../../../pkg/apiserver/codec/body.js';
import type { BodyFormat } from '../../../pkg/apiserver/codec/negotiate.js';
import { protobufBody } from '../../support/protobuf-body.js';
import { rule, tried, type Family } from '../family.js';
import { mutateBytes, mutateJson, mutateText, type Json } from '../mutate.js';
import type { Choice } from '../random.js';
import { sortedText } from './patches.js';
import { corpus, type CorpusObject } from './corpus.js';

const expectedOf = ({ group, version, kind, schema }: CorpusObject): ExpectedKind => ({
  group,
  version,
  kind,
  schema,
});

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '"',
  '\\',
  '\\u',
  '\\ud800',
  'null',
  'true',
  '\\u0000',
  '"a":',
  '"a":1,"a":',
  '-',
  '.',
  'e',
  '\t',
  '\r\n',
  '//',
  '/*',
  "'",
];
const YAML_TOKENS = [
  '- ',
  ': ',
  '\n',
  '\n  ',
  '&a ',
  '*a',
  '<<: ',
  '|',
  '>-',
  '!!',
  '!!str ',
  '!!binary ',
  '---\n',
  '...\n',
  '? ',
  '# ',
  '{',
  '}',
  '[',
  ']',
  "'",
  '"',
  '~',
  'yes',
  '0o7',
  '0x1',
  '.inf',
  '.nan',
  '12:30:45',
  '2001-01-01',
  '%YAML 1.1\n',
  '\t',
  '\u0085',
  '\ufeff',
];

function pairOf(choice: Choice): [CorpusObject, CorpusObject] {
  return [choice.pick(corpus()), choice.pick(corpus())];
}

export function mutatedObject(choice: Choice): { of: CorpusObject; object: Json } {
  const [of, donor] = pairOf(choice);
  return { of, object: mutateJson(choice, structuredClone(of.object), donor.object) };
}

/** Values that both parsers read must agree; a lone surrogate is replaced by some. */
function same(a: unknown, b: unknown, text: string): void {
  const [left, right] = [stringifyJson(a), stringifyJson(b)];
  rule(left === right, text, left, right);
}

export const json: Family = {
  name: 'json',
  share: 14,
  prepare: () => ({
    make(choice) {
      const { of, object } = mutatedObject(choice);
      if (choice.chance(0.4)) return Buffer.from(JSON.stringify(object) ?? '');
      if (choice.chance(0.5)) return Buffer.from(mutateText(choice, of.text, TOKENS));
      return mutateBytes(choice, Buffer.from(of.text));
    },
    run(input) {
      const parsed = tried(() => parseJson(input), Error, SyntaxError);
      let plain: unknown;
      let isPlain = true;
      try {
        plain = JSON.parse(new TextDecoder().decode(input));
      } catch {
        isPlain = false;
      }
      if (!parsed) {
        rule(!isPlain || depthOf(plain) > 900, 'refused JSON that JSON.parse reads');
        return;
      }
      rule(isPlain, 'accepted JSON that JSON.parse refuses');
      const text = stringifyJson(parsed.value);
      same(parseJson(text).value, parsed.value, 'JSON written and read again differs');
      rule(
        /\\u[dD]/.test(input.toString('latin1')) ||
          sortedText(JSON.parse(text)) === sortedText(plain),
        'parseJson and JSON.parse differ',
        text,
      );
      const yaml = tried(() => parseYaml(text), Error, SyntaxError);
      if (yaml) same(yaml.value, parsed.value, 'YAML reads JSON as another value');
    },
  }),
};

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

export const yaml: Family = {
  name: 'yaml',
  share: 4,
  prepare: () => {
    const texts = corpus().map(({ object }) => stringify(object));
    return {
      make(choice) {
        const text = choice.pick(texts);
        const piece = choice.chance(0.3) ? text.slice(0, choice.below(400)) : text;
        return choice.chance(0.85)
          ? Buffer.from(mutateText(choice, piece, YAML_TOKENS, choice.pick(texts)))
          : mutateBytes(choice, Buffer.from(piece));
      },
      run(input) {
        const parsed = tried(() => parseYaml(input.toString('utf8')), Error, SyntaxError);
        if (!parsed) return;
        const text = stringifyJson(parsed.value);
        if (text === undefined) return;
        same(parseJson(text).value, parsed.value, 'the value of a YAML document is no JSON');
      },
    };
  },
};

const EXPECTED_BYTES = 2;
const head = (index: number, bytes: Uint8Array): Buffer => {
  const out = Buffer.alloc(EXPECTED_BYTES + bytes.length);
  out.writeUInt16BE(index);
  out.set(bytes, EXPECTED_BYTES);
  return out;
};

/** The kind that the first bytes choose, and the body. */
function split(input: Buffer): [CorpusObject, Buffer] {
  const index = input.length < EXPECTED_BYTES ? 0 : input.readUInt16BE(0);
  return [corpus()[index % corpus().length]!, input.subarray(EXPECTED_BYTES)];
}

function decoded(body: Buffer, format: BodyFormat, of: CorpusObject): Json {
  const expected = expectedOf(of);
  return tried(() =>
    toObject(parseBody(body, format, expected, MESSAGES), expected, MESSAGES, 'Warn', () => {}),
  );
}

const encoded = (object: Json, { schema }: CorpusObject): Buffer => protobufBody(object, schema);

/** Decoding of JSON by the kind's schema, and the round trip through protobuf. */
export const strict: Family = {
  name: 'strict',
  share: 10,
  prepare: () => ({
    make(choice) {
      const index = choice.below(corpus().length);
      const donor = choice.pick(corpus()).object;
      const object = mutateJson(choice, structuredClone(corpus()[index]!.object), donor);
      return head(index, Buffer.from(JSON.stringify(object) ?? ''));
    },
    run(input) {
      const [of, body] = split(input);
      const object = decoded(body, 'json', of);
      if (!object) return;
      const text = stringifyJson(object);
      const again = decoded(Buffer.from(text), 'json', of);
      rule(again !== undefined, 'an object that was decoded is refused', text);
      same(sorted(again), sorted(object), 'decoding is not idempotent');
      const back = decoded(encoded(object, of), 'protobuf', of);
      rule(back !== undefined, 'the protobuf form of an object is refused', text);
      same(sorted(back), sorted(withoutInnerKinds(again)), 'protobuf and JSON differ');
    },
  }),
};

/** Protobuf drops the kind of an object inside another; the claims of stateful sets have one. */
function withoutInnerKinds(object: Json): Json {
  for (const claim of object?.spec?.volumeClaimTemplates ?? []) {
    delete claim?.kind;
    delete claim?.apiVersion;
  }
  return object;
}

/** Protobuf has no order of members, and no difference between absent and empty. */
function sorted(value: Json): Json {
  if (Array.isArray(value))
    return value.length ? value.map((item) => sorted(item) ?? null) : undefined;
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const members = Object.keys(value)
    .toSorted()
    .map((key) => [key, sorted(value[key])] as const)
    .filter(([, member]) => member !== undefined);
  return members.length ? Object.fromEntries(members) : undefined;
}

export const protobuf: Family = {
  name: 'protobuf',
  share: 14,
  prepare: () => {
    const bodies = corpus().map((of) => {
      const object = decoded(Buffer.from(of.text), 'json', of);
      return object ? encoded(object, of) : Buffer.from('k8s\0');
    });
    return {
      make(choice) {
        const index = choice.below(bodies.length);
        return head(index, mutateBytes(choice, bodies[index]!, choice.pick(bodies)));
      },
      run(input) {
        const [of, body] = split(input);
        const object = decoded(body, 'protobuf', of);
        if (!object) return;
        const bytes = encoded(object, of);
        const again = decodeProtobuf(bytes, MESSAGES).object;
        const canonical = decoded(Buffer.from(stringifyJson(again)), 'json', of);
        const wanted = decoded(Buffer.from(stringifyJson(object)), 'json', of);
        same(sorted(canonical), sorted(wanted), 'protobuf written and read again differs');
      },
    };
  },
};
