// OpenAPI documents of the served resources: one v3 document per group version, the v3 index with
// their hashes, and one v2 document, derived from the resource and schema tables. Documents are
// made at the first request and kept; a change of the served resources makes a new OpenApi.
// handlers.ts has the routes and caching headers, descriptions.ts the field descriptions.
//
// Invariants: clients cache a document under its hash for a year, so equal inputs give equal bytes;
// kubectl finds merge keys, fieldValidation support and patch types here (reference: kubectl's
// openapi3 verifier and apply).
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { ResourceFacts, SchemaTable } from '../../apimachinery/schema/facts.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import type { PublishedKind } from '../resource/definition.js';
import { convertPaths } from './convert-v2.js';
import type { Descriptions } from './descriptions.js';
import { generalDocuments, generalPath, resourceListOf } from './general-paths.js';
import { groupVersionPath } from './group-version.js';
import { mergeSpecs, type Swagger } from './merge.js';
import { pathsOf } from './paths.js';
import type { RemoteDocuments } from './remote.js';
import { SchemaWriter, type Json } from './schemas.js';
import { v2Protobuf } from './v2-protobuf.js';

export interface OpenApiOptions {
  resources: readonly ResourceFacts[];
  table: SchemaTable;
  descriptions?: Descriptions;
  /** The documents' info.version. */
  version?: string;
  /** The custom resources among `resources`. */
  customs?: ReadonlyMap<ResourceFacts, PublishedKind>;
  /** Documents of the list before. Those of group versions without a change are kept. */
  former?: OpenApi;
}

export interface OpenApiDocument {
  readonly bytes: Uint8Array;
  /** Compressed bytes, made at first use. */
  readonly gzip: Uint8Array;
  /** Upper-case hex; part of the URL in the index. */
  readonly hash: string;
}

export interface OpenApi {
  /** Body of GET /openapi/v3; `remote` has the URLs of documents of other servers. */
  index(remote?: ReadonlyMap<string, string>): {
    paths: Record<string, { serverRelativeURL: string }>;
  };
  /**
   * `groupVersionPath` is 'api/v1' or 'apis/apps/v1'; undefined when the group version is not
   * served.
   */
  document(groupVersionPath: string): OpenApiDocument | undefined;
  /** Body of GET /openapi/v2 as JSON, with the documents of servers behind this one. */
  v2(remote?: RemoteDocuments): OpenApiDocument;
  /** The document of a group version with exactly these resources, if it was made. */
  kept(path: string, members: readonly ResourceFacts[]): OpenApiDocument | undefined;
  /** The same as protobuf. */
  v2Protobuf(remote?: RemoteDocuments): OpenApiDocument;
}

/** The v2 document in both forms, merged at a generation of the remote documents. */
interface Second {
  generation: number;
  json: OpenApiDocument | undefined;
  protobuf: OpenApiDocument | undefined;
}

/** Messages of every document, besides its kinds and the messages that they refer to. */
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const COMMON = [`${META}.Status`, `${META}.DeleteOptions`, `${META}.APIResourceList`];

const encoder = new TextEncoder();

export const openApiDocument = (content: Json): OpenApiDocument =>
  finished(encoder.encode(JSON.stringify(content)));

function finished(bytes: Uint8Array): OpenApiDocument {
  const hash = createHash('sha512').update(bytes).digest('hex').toUpperCase();
  let gzip: Uint8Array | undefined;
  return {
    bytes,
    hash,
    get gzip() {
      return (gzip ??= gzipSync(bytes));
    },
  };
}

export function buildOpenApi({
  resources,
  table,
  descriptions = {},
  version = 'v1.32.0',
  customs = new Map(),
  former,
}: OpenApiOptions): OpenApi {
  const groups = new Map<string, ResourceFacts[]>();
  for (const resource of resources) {
    getOrInsert(groups, groupVersionPath(resource), () => []).push(resource);
  }
  const info = { title: 'Kubernetes', version };
  const documents = new Map<string, OpenApiDocument>();
  let local: OpenApiDocument | undefined;
  const second = { generation: -1, json: undefined, protobuf: undefined } as Second;

  // Upstream publishes no discovery paths for groups of custom resources.
  const builtIn = resources.filter((resource) => !customs.has(resource));
  const general = new Map(generalDocuments(builtIn).map((one) => [one.document, one]));

  function thirdDocument(
    paths: Json,
    schemas: SchemaWriter,
    members: readonly ResourceFacts[],
  ): OpenApiDocument {
    const components = { schemas: schemas.finish(members) };
    return openApiDocument({ openapi: '3.0.0', info, paths: convertPaths(paths), components });
  }

  function generalDocument(path: string): OpenApiDocument | undefined {
    const one = general.get(path);
    if (!one) return undefined;
    return getOrInsert(documents, path, () => {
      const schemas = new SchemaWriter(table, descriptions, '#/components/schemas/', true);
      return thirdDocument(generalPath(one, schemas), schemas, []);
    });
  }

  function document(path: string): OpenApiDocument | undefined {
    const members = groups.get(path);
    if (!members) return generalDocument(path);
    let made = documents.get(path) ?? former?.kept(path, members);
    if (!made) {
      const own = members.flatMap((member) => customs.get(member) ?? []);
      const schemas = new SchemaWriter(table, descriptions, '#/components/schemas/', true, own);
      const list = own.length === members.length ? undefined : resourceListOf(members[0]!);
      const paths = { ...(list && generalPath(list, schemas)), ...pathsOf(members, schemas) };
      for (const name of COMMON) schemas.reference(name);
      made = thirdDocument(paths, schemas, members);
    }
    documents.set(path, made);
    return made;
  }

  function localV2(): OpenApiDocument {
    const schemas = new SchemaWriter(table, descriptions, '#/definitions/', false, [
      ...customs.values(),
    ]);
    const others = [
      ...general.values(),
      ...[...groups.values()]
        .filter((members) => !members.every((member) => customs.has(member)))
        .map((members) => resourceListOf(members[0]!)),
    ].map((one) => generalPath(one, schemas));
    const paths = Object.assign({}, ...others, pathsOf(resources, schemas)) as Json;
    for (const name of COMMON) schemas.reference(name);
    const definitions = schemas.finish(resources);
    return openApiDocument({ swagger: '2.0', info, paths, definitions });
  }

  function v2(remote?: RemoteDocuments): OpenApiDocument {
    local ??= localV2();
    const { generation = 0 } = remote ?? {};
    if (!second.json || second.generation !== generation) {
      const others = remote?.v2() ?? [];
      const mine = (): Swagger => JSON.parse(Buffer.from(local!.bytes).toString()) as Swagger;
      second.json = others.length ? openApiDocument(mergeSpecs(mine(), others)) : local;
      second.generation = generation;
      second.protobuf = undefined;
    }
    return second.json;
  }

  return {
    document,
    v2,
    kept(path, members) {
      const own = groups.get(path);
      const isSame = own?.length === members.length && own.every((one, at) => one === members[at]);
      return isSame ? documents.get(path) : undefined;
    },
    v2Protobuf(remote) {
      const { bytes } = v2(remote);
      return (second.protobuf ??= finished(v2Protobuf(bytes)));
    },
    index(remote = new Map()) {
      const paths: Record<string, { serverRelativeURL: string }> = {};
      for (const path of [
        ...new Set([...groups.keys(), ...general.keys(), ...remote.keys()]),
      ].sort()) {
        const hash = document(path)?.hash;
        const serverRelativeURL =
          hash === undefined ? remote.get(path)! : `/openapi/v3/${path}?hash=${hash}`;
        paths[path] = { serverRelativeURL };
      }
      return { paths };
    },
  };
}
