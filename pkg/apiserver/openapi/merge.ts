// Merges OpenAPI v2 documents of several servers (k8s.io/kube-openapi/pkg/aggregator). Paths of the
// first document win. A definition with a name that is taken, and another content, gets a new name.
import { equalJson, isJsonObject } from '../../apimachinery/meta/clone.js';
import type { Json } from './schemas.js';

/** An OpenAPI v2 document. */
export type Swagger = Json & { readonly paths?: Json };

/** The parts of a document that references name. */
const SECTIONS = ['definitions', 'parameters', 'responses'] as const;
const REFERENCE = /^#\/(definitions|parameters|responses)\/(.*)$/s;
const KINDS = 'x-kubernetes-group-version-kind';

const section = (spec: Swagger, name: string): Json => (spec[name] as Json | undefined) ?? {};

/** A copy with another text for each reference. */
export function mapReferences(value: unknown, change: (reference: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => mapReferences(item, change));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === '$ref' && typeof member === 'string' ? change(member) : mapReferences(member, change),
    ]),
  );
}

/** The paths that `keeps` selects, and all that they refer to, also through other definitions. */
export function onlyPaths(spec: Swagger, keeps: (path: string) => boolean): Swagger {
  const paths = Object.entries(section(spec, 'paths')).filter(([path]) => keeps(path));
  const used = new Map(SECTIONS.map((name) => [name as string, new Map<string, unknown>()]));
  const waiting: unknown[] = paths.map(([, item]) => item);
  const follow = (reference: string): string => {
    const [, of = '', name = ''] = REFERENCE.exec(reference) ?? [];
    const found =
      of && Object.hasOwn(section(spec, of), name) ? section(spec, of)[name] : undefined;
    if (found !== undefined && !used.get(of)!.has(name)) {
      used.get(of)!.set(name, found);
      waiting.push(found);
    }
    return reference;
  };
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop())
    mapReferences(value, follow);
  return {
    ...spec,
    paths: Object.fromEntries(paths),
    ...Object.fromEntries([...used].map(([name, members]) => [name, Object.fromEntries(members)])),
  };
}

const withoutKinds = (value: unknown): unknown =>
  isJsonObject(value) ? { ...value, [KINDS]: undefined } : value;

/** Equal definitions may belong to several kinds, which are then listed together. */
function withKindsOf(known: unknown, value: unknown): unknown {
  const more = isJsonObject(value) ? value[KINDS] : undefined;
  if (!isJsonObject(known) || !Array.isArray(more)) return known;
  const kinds = Array.isArray(known[KINDS]) ? (known[KINDS] as unknown[]) : [];
  const added = more.filter((one) => !kinds.some((kind) => equalJson(kind, one)));
  return added.length ? { ...known, [KINDS]: [...kinds, ...added] } : known;
}

/** Neither argument is changed. */
export function mergeSpecs(base: Swagger, others: readonly Swagger[]): Swagger {
  const paths = new Map(Object.entries(section(base, 'paths')));
  const sections = SECTIONS.map(
    (name) => [name, new Map(Object.entries(section(base, name)))] as const,
  );
  for (const other of others) {
    const added = onlyPaths(other, (path) => !paths.has(path));
    const names = new Map<string, string>();
    for (const [of, known] of sections) {
      const own = section(added, of);
      for (const [name, value] of Object.entries(own)) {
        const isFree = (target: string): boolean =>
          known.has(target)
            ? equalJson(withoutKinds(known.get(target)), withoutKinds(value))
            : target === name || !Object.hasOwn(own, target);
        let target = name;
        for (let i = 2; !isFree(target); i++) target = `${name}_v${i}`;
        names.set(`#/${of}/${name}`, target);
      }
    }
    const renamed = (value: unknown): unknown =>
      mapReferences(value, (reference) => {
        const target = names.get(reference);
        return target === undefined
          ? reference
          : reference.slice(0, reference.indexOf('/', 2) + 1) + target;
      });
    for (const [of, known] of sections)
      for (const [name, value] of Object.entries(section(added, of))) {
        const target = names.get(`#/${of}/${name}`)!;
        known.set(
          target,
          known.has(target) ? withKindsOf(known.get(target), value) : renamed(value),
        );
      }
    for (const [path, item] of Object.entries(section(added, 'paths')))
      paths.set(path, renamed(item));
  }
  return {
    ...base,
    paths: Object.fromEntries(paths),
    ...Object.fromEntries(
      sections.flatMap(([of, known]) => (known.size ? [[of, Object.fromEntries(known)]] : [])),
    ),
  };
}
