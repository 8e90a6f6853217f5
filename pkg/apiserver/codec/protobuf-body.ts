// Protobuf bodies: kubectl and client-go from 1.32 on send them and do not try JSON again.
import type { SchemaTable } from '../../apimachinery/schema/facts.js';
import { statusError } from '../../apimachinery/errors/status-error.js';
import type { ExpectedKind } from './body.js';

/** The object as JSON values, kind and apiVersion from the envelope. Throws 400 for a damaged body. */
export function decodeProtobufBody(_body: Buffer, expected: ExpectedKind, _schemas: SchemaTable): unknown {
  throw statusError('UnsupportedMediaType', `protobuf bodies of ${expected.kind} are not read`);
}
