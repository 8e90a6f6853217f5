// Conversion of custom resources by webhooks. The converter sees stored objects and may change
// all but their identity; of the metadata it may change labels and annotations only.
// Source: apiextensions-apiserver pkg/apiserver/conversion/webhook_converter.go.
import { stringifyJson } from '../../apimachinery/codec/json.js';
import { fieldErrorsText, StatusError } from '../../apimachinery/errors/status-error.js';
import { isJsonObject, setMember } from '../../apimachinery/meta/clone.js';
import { goTypeOf } from '../../apimachinery/meta/go-text.js';
import { apiVersionOf, type ApiObject } from '../../apimachinery/meta/object.js';
import type { ConversionReview, WebhookConversion } from '../../apis/apiextensions/v1/types.js';
import { MESSAGES } from '../../apis/facts/messages.js';
import { validateAnnotations, validateLabels } from '../../apis/meta/v1/object-meta.js';
import type { Env } from '../../util/env/env.js';
import { errorText } from '../../util/errors/error-text.js';
import {
  CONVERSION_TIMEOUT_MS,
  MAX_CONVERTED_BYTES,
  MAX_CONVERSION_BYTES,
  MAX_CONVERSION_OBJECTS,
} from '../limits.js';
import { decodeReview } from '../webhook/answer.js';
import type { WebhookClient } from '../extension/webhooks.js';

/**
 * Converts objects, which may be of several versions, to `apiVersion`. May change and use up its
 * argument. One call takes many objects.
 * @throws StatusError 500 in upstream's words, when the webhook fails or answers badly.
 */
export type Convert = (
  webhook: WebhookConversion,
  objects: readonly ApiObject[],
  apiVersion: string,
) => Promise<ApiObject[]>;

const GROUP = 'apiextensions.k8s.io';
/** The versions of reviews that this server speaks. They have the same fields. */
const VERSIONS = ['v1', 'v1beta1'];

const failure = (message: string): StatusError => new StatusError({ message, code: 500 });

const review = (version: string, uid: string, desired: string, objects: readonly ApiObject[]) =>
  stringifyJson({
    kind: 'ConversionReview',
    apiVersion: apiVersionOf({ group: GROUP, version }),
    request: { uid, desiredAPIVersion: desired, objects },
    response: { uid: '', convertedObjects: null, result: { metadata: {} } },
  });

/** The converted objects in an answer. Throws Error. */
function convertedIn(body: Buffer, version: string, uid: string): unknown[] {
  const expected = {
    group: GROUP,
    version,
    kind: 'ConversionReview',
    schema: 'io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.ConversionReview',
  };
  const { response } = decodeReview<ConversionReview>(body, expected, VERSIONS, MESSAGES).value;
  if (!response) throw new Error('no response provided');
  if (version === 'v1' && response.uid !== uid)
    throw new Error(
      `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`,
    );
  const { status = '', message } = response.result ?? {};
  if (status !== 'Success')
    throw new Error(message || `response.result.status was '${status}', not 'Success'`);
  return response.convertedObjects ?? [];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function checkIdentity(original: ApiObject, converted: Record<string, unknown>): void {
  const metadata = converted['metadata'];
  const given = (isJsonObject(metadata) ? metadata : {}) as Record<string, unknown>;
  const own = original.metadata;
  for (const [what, was, is] of [
    ['name', own.name, given['name']],
    ['namespace', own.namespace, given['namespace']],
    ['UID', own.uid, given['uid']],
  ] as const)
    if ((was ?? '') !== textOf(is))
      throw new Error(`must have the same ${what}: ${was ?? ''} != ${textOf(is)}`);
}

/** The metadata of `original` with the labels and annotations of `converted`. Throws Error. */
function restoredMetadata(
  original: ApiObject,
  converted: Record<string, unknown>,
): ApiObject['metadata'] {
  if (!Object.hasOwn(converted, 'metadata'))
    throw new Error('missing metadata in converted object');
  const given = converted['metadata'];
  if (!isJsonObject(given))
    throw new Error(`invalid metadata of type ${goTypeOf(given)} in converted object`);
  const restored = { ...original.metadata };
  for (const field of ['labels', 'annotations'] as const) {
    const value = given[field];
    delete restored[field];
    if (value === undefined || value === null) continue;
    if (!isJsonObject(value))
      throw new Error(`invalid metadata.${field} of type ${goTypeOf(value)} in converted object`);
    const texts: Record<string, string> = {};
    for (const [key, text] of Object.entries(value)) {
      if (typeof text !== 'string')
        throw new Error(
          `metadata.${field}[${key}] must be a string, but is ${goTypeOf(text)} in converted object`,
        );
      setMember(texts, key, text);
    }
    const errors =
      field === 'labels'
        ? validateLabels(texts, 'metadata.labels')
        : validateAnnotations(texts, 'metadata.annotation');
    if (errors.length) throw new Error(fieldErrorsText(errors));
    restored[field] = texts;
  }
  return restored;
}

/** Throws StatusError for an object that is not the converted `original`. */
function checked(
  original: ApiObject,
  converted: unknown,
  apiVersion: string,
  head: string,
): ApiObject {
  const invalid = (why: string) => failure(`${head} returned invalid object at index 0: ${why}`);
  if (!isJsonObject(converted)) throw invalid(`unexpected type ${goTypeOf(converted)}`);
  const got = textOf(converted['apiVersion']);
  if (got !== apiVersion)
    throw invalid(`invalid groupVersion (expected ${apiVersion}, received ${got})`);
  const kind = textOf(converted['kind']);
  if (kind !== original.kind)
    throw invalid(`invalid kind (expected ${original.kind}, received ${kind})`);
  try {
    checkIdentity(original, converted);
  } catch (error) {
    throw failure(`${head} returned invalid object: ${errorText(error)}`);
  }
  try {
    return { ...converted, metadata: restoredMetadata(original, converted) } as ApiObject;
  } catch (error) {
    throw failure(`${head} returned invalid metadata: ${errorText(error)}`);
  }
}

/** Parts of a list that one request may hold. */
function* batches(objects: readonly ApiObject[]): Generator<ApiObject[]> {
  let batch: ApiObject[] = [];
  let bytes = 0;
  for (const object of objects) {
    const size = stringifyJson(object).length;
    if (
      batch.length >= MAX_CONVERSION_OBJECTS ||
      (batch.length && bytes + size > MAX_CONVERSION_BYTES)
    ) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(object);
    bytes += size;
  }
  if (batch.length) yield batch;
}

export function createConverter(
  webhooks: Pick<WebhookClient, 'post'>,
  { random }: Pick<Env, 'random'>,
): Convert {
  const convertBatch = async (
    { clientConfig, conversionReviewVersions }: WebhookConversion,
    objects: readonly ApiObject[],
    apiVersion: string,
  ): Promise<ApiObject[]> => {
    const [first] = objects;
    const head = `conversion webhook for ${first!.apiVersion}, Kind=${first!.kind}`;
    const version = conversionReviewVersions.find((one) => VERSIONS.includes(one)) ?? '';
    const uid = random.uuid();
    let converted: unknown[];
    try {
      const call = { timeoutMs: CONVERSION_TIMEOUT_MS, maxBytes: MAX_CONVERTED_BYTES };
      const body = review(version, uid, apiVersion, objects);
      converted = convertedIn(await webhooks.post(clientConfig ?? {}, body, call), version, uid);
    } catch (error) {
      throw failure(`${head} failed: ${errorText(error)}`);
    }
    if (converted.length !== objects.length)
      throw failure(`${head} returned ${converted.length} objects, expected ${objects.length}`);
    return objects.map((object, at) => {
      const own = `conversion webhook for ${object.apiVersion}, Kind=${object.kind}`;
      return checked(object, converted[at], apiVersion, own);
    });
  };
  return async (webhook, objects, apiVersion) => {
    // The revision belongs to the store and not to the object.
    for (const { metadata } of objects) delete metadata.resourceVersion;
    const out: ApiObject[] = [];
    for (const batch of batches(objects))
      out.push(...(await convertBatch(webhook, batch, apiVersion)));
    return out;
  };
}
