// Every field that kubectl explain can reach has a text (or its kind has): what hack/build writes for the server.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { MESSAGES } from '../../pkg/apis/facts/messages.js';
import { createRegistry } from '../../pkg/registry/registry.js';
import {
  DESCRIPTIONS_FILE,
  readDescriptions,
  type Descriptions,
} from '../../pkg/apiserver/openapi/descriptions.js';
import { skip } from '../support/skip.js';

const FILE = `dist/${DESCRIPTIONS_FILE}`;
const REGISTRY = { serviceClusterIPRange: '10.0.0.0/16', nodePortRange: '30000-32767' };
/** Protobuf's own (seconds, nanos, ...), and a few newer than the source of the texts. */
const MAX_SILENT = 17;

describe('field descriptions', () => {
  let texts: Descriptions;
  before(async function () {
    if (!existsSync(FILE)) skip(this, { setup: `${FILE} (hack/build)` });
    texts = await readDescriptions([FILE]);
  });

  /** Schemas that objects of the served kinds are made of. */
  function reachable(): Set<string> {
    const seen = new Set<string>();
    const visit = (schema: string): void => {
      if (seen.has(schema) || !MESSAGES[schema]) return;
      seen.add(schema);
      for (const facts of Object.values(MESSAGES[schema].fields ?? {}))
        for (const name of JSON.stringify(facts).match(/io\.k8s\.[\w.]+/g) ?? []) visit(name);
    };
    for (const { schema } of createRegistry(REGISTRY)) visit(schema);
    return seen;
  }

  it('are there for the kinds themselves and nearly all of their fields', () => {
    const silent: string[] = [];
    let fields = 0;
    for (const schema of reachable()) {
      for (const name of Object.keys(MESSAGES[schema]!.fields ?? {})) {
        fields++;
        if (!texts[schema]?.[name]) silent.push(`${schema}.${name}`);
      }
    }
    assert.ok(fields > 1_000, `${fields} fields`);
    assert.ok(
      silent.length <= MAX_SILENT,
      `${silent.length} of ${fields} without a text: ${silent.join(', ')}`,
    );
    for (const { schema } of createRegistry(REGISTRY)) assert.ok(texts[schema]?.[''], schema);
  });

  it('tell what a field is for, not what its type is', () => {
    const container = texts['io.k8s.api.core.v1.Container']!;
    assert.match(container['resources']!, /^Compute Resources required by this container/);
    assert.match(
      texts['io.k8s.api.apps.v1.Deployment']!['spec']!,
      /^Specification of the desired behavior of the Deployment/,
    );
  });
});
