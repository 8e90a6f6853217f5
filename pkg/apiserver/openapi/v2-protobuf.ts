// The v2 document as protobuf (gnostic's openapi_v2.Document). kubectl asks for it, in this form only, when it meets a kind
// that no v3 document has, to look for a schema there; it is told the document's head, which names no kind either, and goes
// on to say that there are no matches for that kind. What is served is in v3.
import { BYTES, WireWriter } from '../../apimachinery/codec/wire.js';

export const V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

const SWAGGER = 1;
const INFO = 2;
const TITLE = 1;
const VERSION = 2;

/** Whether an Accept header asks for it; kubectl writes the dot before the version as @. */
export const acceptsV2Protobuf = (accept: string) => /application\/com\.github\.proto-openapi\.spec\.v2[.@]v1\.0\+protobuf/.test(accept);

export function v2Protobuf(version: string): Uint8Array {
  const document = new WireWriter();
  document.key(SWAGGER, BYTES);
  document.text('2.0');
  document.key(INFO, BYTES);
  document.nested((info) => {
    info.key(TITLE, BYTES);
    info.text('Kubernetes');
    info.key(VERSION, BYTES);
    info.text(version);
  });
  return document.finish();
}
