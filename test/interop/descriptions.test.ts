// Every field that kubectl explain can reach has a description, or its kind has. hack/build
// generates them.
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
/**
 * Fields without a description: those of protobuf (seconds, nanos, ...), a few recent ones, and
 * structs that upstream does not describe either.
 */
const MAX_SILENT = 21;

describe('field descriptions', () => {
  let texts: Descriptions;
  before(async function () {
    if (!existsSync(FILE)) skip(this, { setup: `${FILE} (hack/build)` });
    texts = await readDescriptions([FILE]);
  });

  /** The schemas that served kinds refer to. */
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

  it('exist for the kinds and nearly all of their fields', () => {
    const silent: string[] = [];
    let fields = 0;
    for (const schema of reachable()) {
      // Upstream describes no keyword of schemas.
      if (/JSONSchemaProps|ExternalDocumentation|v1\.JSON$/.test(schema)) continue;
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

  it('describe the purpose of a field, not its type', () => {
    const container = texts['io.k8s.api.core.v1.Container']!;
    assert.match(container['resources']!, /^Compute Resources required by this container/);
    assert.match(
      texts['io.k8s.api.apps.v1.Deployment']!['spec']!,
      /^Specification of the desired behavior of the Deployment/,
    );
  });
});
