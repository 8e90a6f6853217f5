// Protobuf bodies: kubectl and client-go from 1.32 on send them, and do not fall back to JSON.
import { decodeProtobuf } from '../../apimachinery/codec/protobuf.js';
import { apiVersionOf } from '../../apimachinery/meta/object.js';
import type { SchemaTable } from '../../apimachinery/schema/facts.js';
import type { ExpectedKind } from './body.js';

/**
 * The object as JSON values; kind and apiVersion come from the envelope. Throws 400 for a damaged
 * body.
 */
export function decodeProtobufBody(
  body: Buffer,
  expected: ExpectedKind,
  schemas: SchemaTable,
): unknown {
  return decodeProtobuf(body, schemas, {
    apiVersion: apiVersionOf(expected),
    kind: expected.kind,
    schemaName: expected.schema,
  }).object;
}
