// The OpenAPI documents of remote servers (upstream kube-aggregator, controllers/openapi and
// controllers/openapiv3). Their v3 documents stay with them: the index names them, and requests are
// passed on. Their v2 documents are read, because /openapi/v2 is one document for all groups.
import type { APIServiceSpec } from '../../apis/apiregistration/v1/types.js';
import { isDeeperThan, isJsonObject } from '../../apimachinery/meta/clone.js';
import {
  MAX_DISCOVERY_BYTES,
  MAX_REMOTE_OPENAPI_BYTES,
  MAX_REMOTE_OPENAPI_DEPTH,
} from '../limits.js';
import { convertV2 } from '../openapi/convert-v2.js';
import { groupVersionPath } from '../openapi/group-version.js';
import { onlyPaths, type Swagger } from '../openapi/merge.js';
import { openApiDocument, type OpenApiDocument } from '../openapi/openapi.js';
import type { Backend } from '../streaming/upgrade.js';
import { ask, type Answer } from './fetch.js';

const AGGREGATOR = { name: 'system:aggregator', groups: [] };

export interface Documents {
  /** v3 paths and their URLs. */
  readonly index: ReadonlyMap<string, string>;
  /** By path; for servers without v3. */
  readonly converted: ReadonlyMap<string, OpenApiDocument>;
  readonly v2: Swagger | undefined;
  /** That of the v2 document. */
  readonly etag: string | undefined;
}

export const NO_DOCUMENTS: Documents = {
  index: new Map(),
  converted: new Map(),
  v2: undefined,
  etag: undefined,
};

function parse({ code, text, url }: Answer): Swagger {
  if (code !== 200) throw new Error(`bad status from ${url}: ${code}`);
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value) || isDeeperThan(value, MAX_REMOTE_OPENAPI_DEPTH))
    throw new Error(`bad OpenAPI document from ${url}`);
  return value;
}

function indexOf(answer: Answer): Map<string, string> {
  const found = Object.entries(parse(answer).paths ?? {}).flatMap(([path, item]) => {
    const url = isJsonObject(item) ? item['serverRelativeURL'] : undefined;
    return typeof url === 'string' ? [[path, url] as const] : [];
  });
  return new Map(found);
}

/**
 * `former` is the result of the last look, which stays in part when a document has not changed.
 * `failed` learns why a document is left out.
 */
export async function fetchDocuments(
  spec: APIServiceSpec,
  backend: Backend,
  former: Documents,
  failed: (error: unknown) => void,
): Promise<Documents> {
  const { group = '', version = '' } = spec;
  const path = groupVersionPath({ group, version });
  const third = await ask(backend, '/openapi/v3', AGGREGATOR, MAX_DISCOVERY_BYTES);
  const hasThird = third.code !== 404;
  let { index } = former;
  try {
    index = hasThird ? indexOf(third) : new Map();
  } catch (error) {
    failed(error);
  }
  const known = former.etag ? { 'if-none-match': former.etag } : {};
  const second = await ask(backend, '/openapi/v2', AGGREGATOR, MAX_REMOTE_OPENAPI_BYTES, known);
  if (second.code === 304) return { ...former, index: hasThird ? index : former.index };
  try {
    if (second.code === 404) return { ...NO_DOCUMENTS, index };
    const whole = parse(second);
    const v2 = onlyPaths(whole, (one) => one.startsWith(`/${path}/`));
    if (hasThird) return { index, converted: new Map(), v2, etag: second.etag };
    const made = openApiDocument(convertV2(whole));
    return {
      index: new Map([[path, `/openapi/v3/${path}?hash=${made.hash}`]]),
      converted: new Map([[path, made]]),
      v2,
      etag: second.etag,
    };
  } catch (error) {
    failed(error);
    return { ...former, index };
  }
}
