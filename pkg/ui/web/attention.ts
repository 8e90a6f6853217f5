// The health of objects, read from the cells of their rows. Pure: the overview shows the findings.
import { controllerOf } from '../../component-helpers/owner-references.js';
import { podTone, tone, type Tone } from './format.js';
import type { Row } from './live.js';
import type { WordName } from './words.js';

export interface Verdict {
  mood: Tone;
  reason?: WordName;
  /** The server's word for the reason, or numbers. */
  detail?: string;
}

/** Facts about other objects. */
export interface Around {
  /** Names of nodes that are not ready. */
  deadNodes: ReadonlySet<string>;
  /** Keys of services with at least one endpoint; undefined while unknown. */
  served: ReadonlySet<string> | undefined;
  now: number;
}

type Cell = (column: string) => string;
type Judge = (cell: Cell, row: Row, around: Around) => Verdict;

/** How long a new object may take before its state is called failing. */
const GRACE_MS = 60_000;
const GOOD: Verdict = { mood: 'good' };

/** The server's words for why a container does not run. */
const PLAIN = new Map<string, WordName>([
  ['ErrImagePull', 'noImage'],
  ['ImagePullBackOff', 'noImage'],
  ['InvalidImageName', 'noImage'],
  ['CreateContainerConfigError', 'lacksConfig'],
  ['CrashLoopBackOff', 'keepsEnding'],
  ['Error', 'keepsEnding'],
  ['OOMKilled', 'outOfMemory'],
]);

const isNew = (row: Row, now: number): boolean =>
  now - Date.parse(row.object.metadata.creationTimestamp ?? '') < GRACE_MS;

const node: Judge = (cell) => {
  const status = cell('Status');
  if (tone(status) === 'bad') return { mood: 'bad', reason: 'nodeNotReady', detail: status };
  return tone(status) === 'busy' ? { mood: 'busy', reason: 'cordoned', detail: status } : GOOD;
};

const pod: Judge = (cell, row, { deadNodes, now }) => {
  const [status, on] = [cell('Status'), cell('Node')];
  if (status === 'Completed' || status === 'Succeeded') return GOOD;
  if (deadNodes.has(on)) return { mood: 'bad', reason: 'nodeNotReady', detail: on };
  const mood = podTone(status);
  const late = isNew(row, now) ? 'busy' : 'bad';
  if (mood === 'bad') return { mood, reason: PLAIN.get(status) ?? 'notReady', detail: status };
  if (status === 'Pending') return { mood: late, reason: 'pending', detail: status };
  if (mood === 'busy')
    return { mood: status === 'Terminating' ? 'busy' : late, reason: 'starting', detail: status };
  const [ready, all] = cell('Ready').split('/');
  return ready === all ? GOOD : { mood: late, reason: 'notReady', detail: cell('Ready') };
};

/** `of` gives the numbers of ready and of wanted pods. */
const replicas =
  (of: (cell: Cell) => readonly (string | undefined)[]): Judge =>
  (cell, row, { now }) => {
    const [ready, wanted] = of(cell).map(Number);
    if (!wanted || ready! >= wanted) return GOOD;
    const mood = ready || isNew(row, now) ? 'busy' : 'bad';
    return { mood, reason: 'tooFewReady', detail: `${ready}/${wanted}` };
  };
const byReady = replicas((cell) => cell('Ready').split('/'));
const byDesired = replicas((cell) => [cell('Ready'), cell('Desired')]);

const service: Judge = (cell, row, { served, now }) => {
  if (!served || cell('Type') === 'ExternalName' || served.has(row.key)) return GOOD;
  return { mood: isNew(row, now) ? 'busy' : 'bad', reason: 'noEndpoints' };
};

const JUDGES: Record<string, Judge> = {
  nodes: node,
  pods: pod,
  deployments: byReady,
  statefulsets: byReady,
  replicasets: byDesired,
  replicationcontrollers: byDesired,
  daemonsets: byDesired,
  services: service,
  jobs: (cell) =>
    cell('Status').startsWith('Failed') ? { mood: 'bad', reason: 'jobFailed' } : GOOD,
  persistentvolumeclaims: (cell) => {
    if (cell('Status') === 'Lost') return { mood: 'bad', reason: 'claimLost' };
    return cell('Status') === 'Pending' ? { mood: 'busy', reason: 'claimPending' } : GOOD;
  },
};

/** Judges each row of a list. Objects of other kinds are good. */
export function judge(
  resource: string,
  columns: readonly { name: string }[],
  rows: readonly Row[],
  around: Around,
): { row: Row; verdict: Verdict }[] {
  const at = new Map(columns.map(({ name }, index) => [name, index]));
  const of = JUDGES[resource];
  return rows.map((row) => ({
    row,
    verdict: of?.((name) => String(row.cells[at.get(name) ?? -1] ?? ''), row, around) ?? GOOD,
  }));
}

export interface Finding extends Verdict {
  resource: string;
  /** The first of the objects. */
  row: Row;
  /** The objects that have the same owner and the same trouble. */
  count: number;
}

/**
 * The objects that need a visitor's attention, bad ones first. Pods of one owner with one trouble
 * are one finding, and so are the pods of a node that does not answer.
 */
export function findingsOf(
  judged: readonly { resource: string; row: Row; verdict: Verdict }[],
): Finding[] {
  const found = new Map<string, Finding>();
  for (const { resource, row, verdict } of judged) {
    if (!verdict.reason) continue;
    const owner = controllerOf(row.object)?.uid ?? row.object.metadata.uid;
    const isLost = verdict.reason === 'nodeNotReady';
    const subject = isLost ? (resource === 'nodes' ? row.key : verdict.detail) : owner;
    const id = [subject, verdict.reason, isLost || verdict.detail, verdict.mood].join(' ');
    const before = found.get(id);
    if (before) before.count++;
    else found.set(id, { ...verdict, resource, row, count: 1 });
  }
  const rank = ({ mood }: Finding): number => (mood === 'bad' ? 0 : 1);
  return [...found.values()].sort((a, b) => rank(a) - rank(b));
}
