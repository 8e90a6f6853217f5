import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import protobuf from 'protobufjs';
import { CRI_SCHEMA, EVENTS_SCHEMA } from './schema.js';

/** The .proto files are beside the source, not beside the compiled files. */
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
  it('equals api.proto', () => assert.deepEqual(CRI_SCHEMA, load('api.proto')));
  it('equals events.proto', () => assert.deepEqual(EVENTS_SCHEMA, load('events.proto')));
});
