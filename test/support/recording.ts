// The recording of kube-apiserver 1.32: one line for each request with its answer. A line with
// `change` is the base line of its kind with some fields set or removed, and so is its answer.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

// Answers are JSON of every kind; the comparison looks at shapes alone.
export type Json = ReturnType<typeof JSON.parse>;

type Change = readonly (readonly [path: string[], value?: Json])[];

export interface RecordedAnswer {
  status: number;
  object?: Json;
  message?: string;
  causes?: { field?: string; message: string; reason: string }[];
  warnings?: string;
}

export interface Recorded {
  /** 'service create spec.ports twice' */
  id: string;
  method: string;
  path: string;
  body: Json;
  answer: RecordedAnswer;
}

type Line = Recorded & { change?: Change; answer: RecordedAnswer & { change?: Change } };

/** The namespace that stands for NS in the recording. */
export const NAMESPACE = 'answers';

const inNamespace = (value: Json): Json =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value).replaceAll('NS', NAMESPACE));

/** The request that a server is sent. */
export function requestOf({ method, path, body }: Recorded): Omit<Recorded, 'id' | 'answer'> {
  return { method, path: path.replaceAll('NS', NAMESPACE), body: inNamespace(body) };
}

function changed(object: Json, changes: Change): Json {
  const copy = structuredClone(object) as Json;
  for (const [path, value] of changes) {
    const target = path.slice(0, -1).reduce((at, key) => at?.[key], copy);
    if (value === undefined) delete target[path.at(-1)!];
    else target[path.at(-1)!] = structuredClone(value);
  }
  return copy;
}

/** All requests, and those that create the objects that updates change. */
export function readRecording(file: string): { requests: Recorded[]; prepared: Recorded[] } {
  const lines = gunzipSync(readFileSync(file))
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text) as Line);
  const bases = new Map(
    lines.filter(({ id }) => id.endsWith(' base')).map((line) => [line.id.slice(0, -5), line]),
  );
  const requests = lines.map(({ id, change, answer, ...line }): Recorded => {
    if (!change) return { id, answer, ...line };
    const base = bases.get(id.split(' ').slice(0, 2).join(' '))!;
    const body = changed(base.body, change);
    const object = answer.change && changed(base.answer.object, answer.change);
    return { ...base, id, body, answer: object ? { ...answer, object } : answer };
  });
  const prepared = [...bases]
    .filter(([key]) => key.endsWith(' update'))
    .map(([, line]) => ({ ...line, method: 'POST', path: line.path.replace(/\/[^/]*\?.*/, '') }));
  return { requests, prepared };
}

const OWN_VALUES = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'managedFields',
  'generation',
]);

/** Values that differ from run to run get a name. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UID'],
  [/10\.96\.\d+\.\d+/g, 'CLUSTERIP'],
  [/kube-api-access-\w{5}/g, 'kube-api-access-X'],
  [/^eyJ[\w.-]+$/, 'TOKEN'],
  [/20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME'],
];
/** Node ports that the requests name. */
const NAMED_PORTS: readonly Json[] = [30080, 30081];

export function normalize(value: Json, key = ''): Json {
  if (Array.isArray(value)) return value.map((item) => normalize(item));
  if (typeof value === 'object' && value !== null) {
    // A null is as good as no value.
    const names = Object.keys(value as object).filter(
      (name) => !OWN_VALUES.has(name) && value[name] !== null,
    );
    return Object.fromEntries(names.toSorted().map((name) => [name, normalize(value[name], name)]));
  }
  if (key === 'nodePort' && !NAMED_PORTS.includes(value)) return 'NP';
  if (typeof value !== 'string') return value;
  const text = value.replaceAll(NAMESPACE, 'NS');
  return VARYING.reduce((result, [pattern, name]) => result.replace(pattern, name), text);
}

/** Go's print-out of a bad value that is a struct, list or map is not compared. */
const GO_VALUE =
  /Invalid value: (map|v1|core|intstr|policy|apps|batch|networking|autoscaling|\[\]|&|\{|\*|time|resource|field)[\s\S]*?: (?=[A-Za-z`])/g;

const causesOf = ({ causes = [] }: RecordedAnswer): string =>
  JSON.stringify(causes.map(({ field, reason }) => `${field} ${reason}`).toSorted());
const textsOf = ({ causes, message = '' }: RecordedAnswer): string =>
  JSON.stringify(
    (causes ?? [{ message }])
      .map((cause) => (cause.message ?? '').replace(GO_VALUE, 'Invalid value: V: '))
      .toSorted(),
  );
const equalJson = (left: Json, right: Json): boolean =>
  JSON.stringify(normalize(left)) === JSON.stringify(normalize(right));

/** The first thing that differs; undefined when the answers are equal. */
export function difference(want: RecordedAnswer, got: RecordedAnswer): string | undefined {
  if (want.status !== got.status) return `status ${got.status}, not ${want.status}`;
  if (want.status >= 400) {
    if (causesOf(want) !== causesOf(got)) return `causes ${causesOf(got)}, not ${causesOf(want)}`;
    if (textsOf(want) !== textsOf(got)) return `text ${textsOf(got)}, not ${textsOf(want)}`;
  } else if (!equalJson(want.object, got.object)) {
    return `object ${JSON.stringify(normalize(got.object))}, not ${JSON.stringify(want.object)}`;
  }
  const [wanted, found] = [want.warnings ?? '', got.warnings ?? ''];
  return wanted === found ? undefined : `warnings ${found}, not ${wanted}`;
}
