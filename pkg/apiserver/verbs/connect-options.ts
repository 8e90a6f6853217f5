// The options of a connect request as an object, which admission judges: PodExecOptions and the
// like (upstream handlers/rest.go getRequestOptions).
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { MESSAGES } from '../../apis/facts/messages.js';
import { isTrue } from '../request/request-info.js';
import type { ApiRequest } from './request.js';

const READERS: Readonly<Record<string, (query: URLSearchParams, field: string) => unknown>> = {
  bool: (query, field) => isTrue(query.get(field)) || undefined,
  string: (query, field) => query.get(field) || undefined,
  'repeated string': (query, field) => listOf(query.getAll(field)),
  'repeated int32': (query, field) => listOf(query.getAll(field).map(Number)),
};

const listOf = (values: readonly unknown[]): readonly unknown[] | undefined =>
  values.length ? values : undefined;

/** undefined for requests that upstream serves as plain reads: logs. */
export function connectOptions({ resource, info, query }: ApiRequest): ApiObject | undefined {
  const { subresource } = info;
  if (subresource === 'log') return undefined;
  const kind = resource.definition.facts.subresources?.find(
    ({ name }) => name === subresource,
  )?.kind;
  const fields = MESSAGES[`io.k8s.api.core.v1.${kind}`]?.fields;
  if (!kind || !fields) return undefined;
  const options: Record<string, unknown> = { kind, apiVersion: 'v1' };
  for (const [field, { proto }] of Object.entries(fields)) {
    const value = READERS[proto ?? '']?.(query, field);
    if (value !== undefined) options[field] = value;
  }
  // The rest of the path belongs to the backend of a proxy.
  if (subresource === 'proxy' && info.rest) options['path'] = info.rest;
  return options as unknown as ApiObject;
}
