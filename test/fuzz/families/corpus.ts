// Objects that mutations start from: a sample of every kind, and the recorded requests.
import { join } from 'node:path';
import { MESSAGES } from '../../../pkg/apis/facts/messages.js';
import { RESOURCES } from '../../../pkg/apis/facts/resources.js';
import { apiVersionOf } from '../../../pkg/apimachinery/meta/object.js';
import { schemaNameOf } from '../../../pkg/apimachinery/schema/kinds.js';
import { readRecording } from '../../support/recording.js';
import { sampleOf } from '../../../pkg/registry/samples.test.js';
import { ROOT } from '../../support/root.js';
import type { Json } from '../mutate.js';

export interface CorpusObject {
  object: Json;
  schema: string;
  group: string;
  version: string;
  kind: string;
  text: string;
}

/** One of so many recorded requests is part of the corpus; neighbours differ in one field. */
const STEP = 7;

let made: readonly CorpusObject[] | undefined;

export function corpus(): readonly CorpusObject[] {
  return (made ??= make());
}

function make(): CorpusObject[] {
  const samples = RESOURCES.map((facts) => sampleOf(facts) as Json).filter(Boolean);
  const recorded = readRecording(join(ROOT, 'test/parity/validation.jsonl.gz'))
    .requests.map(({ body }) => body)
    .filter((_, index) => index % STEP === 0);
  return [...samples, ...recorded].flatMap((object: Json): CorpusObject[] => {
    if (typeof object?.apiVersion !== 'string' || typeof object.kind !== 'string') return [];
    const schema = schemaNameOf(MESSAGES, object.apiVersion, object.kind);
    if (!schema) return [];
    const [group, version] = object.apiVersion.includes('/')
      ? object.apiVersion.split('/')
      : ['', object.apiVersion];
    if (apiVersionOf({ group, version }) !== object.apiVersion) return [];
    return [{ object, schema, group, version, kind: object.kind, text: JSON.stringify(object) }];
  });
}
