// Contract of the OpenAPI documents with servers behind this one.
import type { HandlerRequest } from '../extension/handler.js';
import type { ServerServices } from '../extension/services.js';
import type { OpenApiDocument } from './openapi.js';
import type { Swagger } from './merge.js';

export interface RemoteDocuments {
  /** Grows with every change. */
  readonly generation: number;
  /** The v3 documents by their paths: the URL with the hash, as the index shows it. */
  index(): ReadonlyMap<string, string>;
  /**
   * A v3 document: made here from a v2 document, or read from its server by the function. undefined
   * for an unknown path.
   */
  document(
    path: string,
  ):
    | OpenApiDocument
    | ((request: HandlerRequest, services: ServerServices) => Promise<void>)
    | undefined;
  /** The v2 documents, with the paths of their group versions only. */
  v2(): readonly Swagger[];
}
