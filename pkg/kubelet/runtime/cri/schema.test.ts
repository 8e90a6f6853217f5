import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import protobuf from 'protobufjs';
import { CRI_SCHEMA, EVENTS_SCHEMA } from './schema.js';

/** The .proto files lie beside the source, not beside what is built from it. */
function load(file: string): Record<string, unknown> {
  const text = readFileSync(path.join('pkg/kubelet/runtime/cri', file), 'utf8');
  const root = new protobuf.Root();
  const parsed = protobuf.parse(text, root, { keepCase: false });
  root.resolveAll();
  const namespace = root.lookup(parsed.package!) as protobuf.Namespace;
  return JSON.parse(
    JSON.stringify(namespace.toJSON().nested, (key, value: unknown) =>
      key === 'protoName' ? undefined : value,
    ),
  ) as Record<string, unknown>;
}

describe('CRI schema', () => {
  it('is what api.proto says', () => assert.deepEqual(CRI_SCHEMA, load('api.proto')));
  it('is what events.proto says', () => assert.deepEqual(EVENTS_SCHEMA, load('events.proto')));
});
