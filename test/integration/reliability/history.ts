// Checks the observations of clients of a few objects against the log of the store. Pure.
//
// The log is a total order of changes. Each operation must have a point in it: a write its own
// change, a read a point at which the state of the log equals the read. In the order of their ends,
// every operation gets the earliest point that is not before any point known when it began; so no
// acknowledged write is lost and no stale read follows a fresh one, on any client and server. That
// point must precede every change that was requested only after the end of the operation. Taking
// the earliest point rejects no valid history, because it constrains later operations least.

/** One change of one object. `data` is absent for a deletion; `uid` identifies the incarnation. */
export interface Change {
  revision: number;
  key: string;
  uid: string;
  /** The data of the object; `id` names the write. */
  data?: Readonly<Record<string, string>>;
}

/** An observed object. */
export interface Seen {
  revision: number;
  uid: string;
  data: Readonly<Record<string, string>>;
}

export type Outcome =
  /** Acknowledged; a deletion is identified by its uid only. */
  | { type: 'ok'; revision?: number; uid?: string }
  /** No response, or a response that leaves the outcome open. */
  | { type: 'unknown' }
  /** Refused because of the state of the object: 'exists', 'missing', 'conflict'. */
  | { type: 'exists' | 'missing' | 'conflict' };

interface Timed {
  client: string;
  /** Position in the order of calls and responses of all clients. */
  start: number;
  end: number;
}

export type Write = Timed & {
  kind: 'create' | 'update' | 'patch' | 'delete';
  key: string;
  id: string;
  base?: number;
  fields?: Readonly<Record<string, string>>;
  outcome: Outcome;
};
export type Get = Timed & { kind: 'get'; key: string; seen: Seen | undefined };
/** `fresh`: without resourceVersion. A list with one may show any state, but a single one. */
export type List = Timed & {
  kind: 'list';
  fresh: boolean;
  revision: number;
  items: ReadonlyMap<string, Seen>;
};
export type Operation = Write | Get | List;

export type WatchStep =
  | { type: 'list'; revision: number; items: ReadonlyMap<string, Seen> }
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; key: string; seen: Seen }
  | { type: 'BOOKMARK'; revision: number };

/** All events of one watching client over all its connections; begins with a list. */
export interface WatchRecord {
  client: string;
  steps: readonly WatchStep[];
}

export interface History {
  /** In order of revisions, from the first. */
  log: readonly Change[];
  operations: readonly Operation[];
  watches: readonly WatchRecord[];
}

interface Span {
  from: number;
  /** Exclusive end. */
  until: number;
  change: Change | undefined;
}

/** The state of each key over time. */
class Timeline {
  readonly spans = new Map<string, Span[]>();
  readonly byId = new Map<string, Change>();
  readonly previous = new Map<Change, Change | undefined>();
  readonly deletions = new Map<string, Change>();

  constructor(
    readonly log: readonly Change[],
    problems: string[],
  ) {
    let last = 0;
    for (const change of log) {
      const spans = this.of(change.key);
      const before = spans[spans.length - 1]!;
      if (change.revision <= last) problems.push(`log: revision ${change.revision} after ${last}`);
      last = change.revision;
      before.until = change.revision;
      spans.push({ from: change.revision, until: Infinity, change: change.data && change });
      this.previous.set(change, before.change);
      this.note(change, before.change, problems);
    }
  }

  private note(change: Change, before: Change | undefined, problems: string[]): void {
    if (!change.data) {
      if (!before)
        problems.push(`log: ${change.key} deleted at ${change.revision} when it was not there`);
      this.deletions.set(change.uid, change);
      return;
    }
    if (before && before.uid !== change.uid)
      problems.push(`log: ${change.key} at ${change.revision} replaced another object`);
    const id = change.data['id'] ?? '';
    if (this.byId.has(id))
      problems.push(
        `log: write ${id} happened at ${this.byId.get(id)!.revision} and again at ${change.revision}`,
      );
    this.byId.set(id, change);
  }

  of(key: string): Span[] {
    let spans = this.spans.get(key);
    if (!spans) this.spans.set(key, (spans = [{ from: 0, until: Infinity, change: undefined }]));
    return spans;
  }

  at(key: string, revision: number): Change | undefined {
    return this.of(key).find(({ from, until }) => from <= revision && revision < until)?.change;
  }

  /** The earliest point from `lower` on at which `holds` is true of the state of the key. */
  earliest(
    key: string,
    lower: number,
    holds: (change: Change | undefined) => boolean,
  ): number | undefined {
    const span = this.of(key).find(({ until, change }) => until > lower && holds(change));
    return span && Math.max(span.from, lower);
  }
}

function same(change: Change | undefined, seen: Seen | undefined): boolean {
  if (!change || !seen) return change === undefined && seen === undefined;
  return (
    change.revision === seen.revision &&
    change.uid === seen.uid &&
    sameData(change.data!, seen.data)
  );
}

function sameData(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

const nameOf = (operation: Operation): string =>
  `${operation.client} ${operation.kind}${'key' in operation ? ` ${operation.key}` : ''}${'id' in operation ? ` ${operation.id}` : ''} [${operation.start},${operation.end}]`;

const isWrite = (operation: Operation): operation is Write => 'outcome' in operation;

/** The change that an acknowledged write reports. */
function changeOf(write: Write, timeline: Timeline): Change | undefined {
  return write.kind === 'delete'
    ? timeline.deletions.get((write.outcome as { uid?: string }).uid ?? '')
    : timeline.byId.get(write.id);
}

/** The defect of the change of a write, acknowledged or not; undefined when there is none. */
function wrongEffect(write: Write, change: Change, timeline: Timeline): string | undefined {
  const before = timeline.previous.get(change);
  if (change.key !== write.key) return `changed ${change.key}`;
  if (write.kind === 'delete') return undefined;
  if (write.kind === 'create')
    return before && `was made at ${change.revision} over an object of ${before.revision}`;
  if (!before) return `made its object at ${change.revision}`;
  if (write.base !== undefined && before.revision !== write.base)
    return `was made from ${write.base} but replaced ${before.revision}`;
  if (write.kind === 'patch' && !sameData(change.data!, { ...before.data, ...write.fields }))
    return `lost or added fields at ${change.revision}`;
  return undefined;
}

/** The earliest point of an operation; a text with the reason when it has none. */
function pointOf(
  operation: Operation,
  lower: number,
  timeline: Timeline,
): number | string | undefined {
  if (operation.kind === 'get') {
    const point = timeline.earliest(operation.key, lower, (change) => same(change, operation.seen));
    return (
      point ?? `saw ${operation.seen?.revision ?? 'nothing'}, which is not so at or after ${lower}`
    );
  }
  if (operation.kind === 'list') {
    const wrong = wrongSnapshot(operation.revision, operation.items, timeline);
    if (wrong) return wrong;
    if (!operation.fresh) return undefined;
    return operation.revision >= lower
      ? operation.revision
      : `is of ${operation.revision}, older than the known ${lower}`;
  }
  const { outcome } = operation;
  if (outcome.type === 'unknown') return undefined;
  if (outcome.type === 'ok') {
    const change = changeOf(operation, timeline);
    if (!change) return 'was acknowledged and is not in the log';
    if (outcome.revision !== undefined && outcome.revision !== change.revision)
      return `was acknowledged as ${outcome.revision} and happened at ${change.revision}`;
    return change.revision > lower
      ? change.revision
      : `happened at ${change.revision}, before the known ${lower}`;
  }
  if (operation.kind !== 'delete' && timeline.byId.has(operation.id))
    return `was refused and happened at ${timeline.byId.get(operation.id)!.revision}`;
  const { base } = operation;
  const holds = {
    exists: (change: Change | undefined) => change !== undefined,
    missing: (change: Change | undefined) => change === undefined,
    conflict: (change: Change | undefined) => change !== undefined && change.revision !== base,
  }[outcome.type];
  return (
    timeline.earliest(operation.key, lower, holds) ??
    `was refused as '${outcome.type}', which is not so at or after ${lower}`
  );
}

function wrongSnapshot(
  revision: number,
  items: ReadonlyMap<string, Seen>,
  timeline: Timeline,
): string | undefined {
  for (const key of new Set([...items.keys(), ...timeline.spans.keys()])) {
    const [change, seen] = [timeline.at(key, revision), items.get(key)];
    if (!same(change, seen))
      return `of revision ${revision} shows ${key} at ${seen?.revision ?? 'none'} where the log has ${change?.revision ?? 'none'}`;
  }
  return undefined;
}

/**
 * Assigns points to the operations in the order of their ends; the known lower bound only grows.
 */
function checkOperations(history: History, timeline: Timeline, problems: string[]): void {
  const moments: { at: number; operation: Operation; isEnd: boolean }[] = [];
  for (const operation of history.operations) {
    moments.push(
      { at: operation.start, operation, isEnd: false },
      { at: operation.end, operation, isEnd: true },
    );
  }
  moments.sort((a, b) => a.at - b.at);
  const bounds = new Map<Operation, number>();
  const points: { end: number; point: number; operation: Operation }[] = [];
  let known = 0;
  for (const { operation, isEnd } of moments) {
    if (!isEnd) {
      bounds.set(operation, known);
      continue;
    }
    const point = pointOf(operation, bounds.get(operation)!, timeline);
    if (typeof point === 'string') problems.push(`${nameOf(operation)} ${point}`);
    if (typeof point !== 'number') continue;
    points.push({ end: operation.end, point, operation });
    known = Math.max(known, point);
  }
  checkEffects(history, bounds, timeline, points, problems);
}

/**
 * Each change was requested by exactly one write before it took effect, and no operation observed
 * it earlier.
 */
function checkEffects(
  history: History,
  bounds: Map<Operation, number>,
  timeline: Timeline,
  points: readonly { end: number; point: number; operation: Operation }[],
  problems: string[],
): void {
  const writes = history.operations.filter(isWrite);
  const claimed = new Map<Change, Write>();
  for (const write of writes.filter(
    ({ outcome, kind }) =>
      outcome.type === 'ok' || (outcome.type === 'unknown' && kind !== 'delete'),
  )) {
    const change = changeOf(write, timeline);
    if (!change) continue;
    const other = claimed.get(change);
    if (other)
      problems.push(
        `${nameOf(write)} and ${nameOf(other)} are both acknowledged by the change of ${change.revision}`,
      );
    claimed.set(change, write);
    const wrong = wrongEffect(write, change, timeline);
    if (wrong) problems.push(`${nameOf(write)} ${wrong}`);
  }
  for (const change of history.log) {
    const writer = claimed.get(change);
    // An unacknowledged deletion may match any deletion without acknowledgement.
    const causes = writer
      ? [writer]
      : writes.filter(
          ({ kind, key, outcome }) =>
            !change.data && kind === 'delete' && key === change.key && outcome.type === 'unknown',
        );
    if (!causes.some((write) => bounds.get(write)! < change.revision))
      problems.push(`log: no write requested the change of ${change.key} at ${change.revision}`);
    const asked = Math.min(...causes.map(({ start }) => start));
    const early = points.find(({ end, point }) => point >= change.revision && end < asked);
    if (early)
      problems.push(
        `${nameOf(early.operation)} has its point at ${early.point}, after ${change.revision} that was requested later`,
      );
  }
}

function expectedType(change: Change, timeline: Timeline): string {
  if (!change.data) return 'DELETED';
  return timeline.previous.get(change) ? 'MODIFIED' : 'ADDED';
}

/**
 * A watch must deliver every change after its list once, in order and without a gap, at least up to
 * `upTo`.
 */
function checkWatch(
  watch: WatchRecord,
  timeline: Timeline,
  upTo: number,
  problems: string[],
): void {
  const { log } = timeline;
  let at = 0;
  const fail = (text: string) => problems.push(`watch of ${watch.client}: ${text}`);
  for (const step of watch.steps) {
    if (step.type === 'list') {
      const wrong = wrongSnapshot(step.revision, step.items, timeline);
      if (wrong) return void fail(`list ${wrong}`);
      if (at > 0 && step.revision < log[at - 1]!.revision)
        return void fail(`list of ${step.revision} after ${log[at - 1]!.revision}`);
      while (at < log.length && log[at]!.revision <= step.revision) at++;
    } else if (step.type === 'BOOKMARK') {
      if (at < log.length && log[at]!.revision <= step.revision)
        return void fail(`bookmark ${step.revision} before ${log[at]!.revision}`);
    } else {
      const change = log[at++];
      const told = `${step.type} ${step.key} ${step.seen.revision}`;
      const due = change && `${expectedType(change, timeline)} ${change.key} ${change.revision}`;
      if (!change || told !== due)
        return void fail(`told ${told} where ${due ?? 'nothing'} was due`);
      // A DELETED event carries the last state of the object.
      const content = change.data ?? timeline.previous.get(change)?.data ?? {};
      if (step.seen.uid !== change.uid || !sameData(step.seen.data, content))
        return void fail(`${told} shows another content`);
    }
  }
  const last = at > 0 ? log[at - 1]!.revision : 0;
  if (last < upTo) fail(`ends at ${last}, before ${upTo}`);
}

/**
 * The defects of the history; empty when it is valid. Watches must have reached the end of the log.
 */
export function checkHistory(history: History): string[] {
  const problems: string[] = [];
  const timeline = new Timeline(history.log, problems);
  checkOperations(history, timeline, problems);
  const last = history.log[history.log.length - 1]?.revision ?? 0;
  for (const watch of history.watches) checkWatch(watch, timeline, last, problems);
  return problems;
}
