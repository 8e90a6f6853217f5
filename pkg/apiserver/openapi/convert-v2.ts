// The v3 form of v2 paths, and of whole documents of servers that publish v2 only
// (k8s.io/kube-openapi, pkg/openapiconv).
import { isJsonObject } from '../../apimachinery/meta/clone.js';
import type { Json } from './schemas.js';
import type { Swagger } from './merge.js';

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch']);
const LOCATIONS: Readonly<Record<string, string>> = { definitions: 'schemas' };

const reference = (text: string): string =>
  text.replace(
    /^#\/(definitions|parameters|responses)\//,
    (_, of: string) => `#/components/${LOCATIONS[of] ?? of}/`,
  );

/** References get their new place. A reference beside other members moves into allOf. */
function schema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(schema);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value);
  if (typeof value['$ref'] !== 'string')
    return Object.fromEntries(entries.map(([key, member]) => [key, schema(member)]));
  const target = { $ref: reference(value['$ref']) };
  const others = entries.filter(([key]) => key !== '$ref');
  return others.length ? { ...Object.fromEntries(others), allOf: [target] } : target;
}

const contentOf = (types: unknown, of: unknown): Json => ({
  content: Object.fromEntries(
    ((types ?? []) as string[]).map((type) => [type, { schema: schema(of) }]),
  ),
});

function parameter(value: Json): Json {
  if (typeof value['$ref'] === 'string') return { $ref: reference(value['$ref']) };
  const { type, format, uniqueItems, schema: own, ...rest } = value;
  return { ...rest, schema: own === undefined ? { type, format, uniqueItems } : schema(own) };
}

function response(value: unknown, produces: unknown): unknown {
  if (!isJsonObject(value)) return value;
  if (typeof value['$ref'] === 'string') return { $ref: reference(value['$ref']) };
  const { schema: own, ...rest } = value;
  return own === undefined ? rest : { ...rest, ...contentOf(produces, own) };
}

const requestBody = ({ schema: own, required }: Json, consumes: string[]): Json => ({
  ...contentOf(consumes.toSorted(), own),
  ...(required ? { required } : {}),
});

function operation(value: Json): Json {
  const { parameters = [], responses, consumes, produces, schemes: _, ...rest } = value;
  const all = parameters as Json[];
  const body = all.find(({ name, schema: own }) => name === 'body' && own !== undefined);
  const others = all.filter((one) => one !== body).map(parameter);
  return {
    ...rest,
    ...(others.length && { parameters: others }),
    ...(body && { requestBody: requestBody(body, (consumes ?? []) as string[]) }),
    responses: mapMembers(responses, (one) => response(one, produces)),
  };
}

const pathItem = (value: unknown): Json =>
  Object.fromEntries(
    Object.entries((value ?? {}) as Json).map(([key, member]) => [
      key,
      METHODS.has(key)
        ? operation(member as Json)
        : key === 'parameters'
          ? (member as Json[]).map(parameter)
          : member,
    ]),
  );

const mapMembers = (value: unknown, change: (member: unknown) => unknown): Json =>
  Object.fromEntries(
    Object.entries((value ?? {}) as Json).map(([name, member]) => [name, change(member)]),
  );

export const convertPaths = (paths: Json | undefined): Json => mapMembers(paths, pathItem);

export function convertV2(spec: Swagger): Json {
  const { parameters, responses } = spec;
  return {
    openapi: '3.0.0',
    info: spec['info'],
    paths: convertPaths(spec.paths),
    components: {
      schemas: mapMembers(spec['definitions'], schema),
      ...(parameters
        ? { parameters: mapMembers(parameters, (one) => parameter(one as Json)) }
        : {}),
      ...(responses
        ? { responses: mapMembers(responses, (one) => response(one, spec['produces'])) }
        : {}),
    },
  };
}
