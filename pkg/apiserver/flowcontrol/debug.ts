// The debugging endpoints of priority and fairness: tables of levels and queues (upstream
// util/flowcontrol/apf_controller_debug.go).
import type { PathHandler } from '../extension/handler.js';
import type { FlowControl } from './flow-control.js';
import type { Level } from './level.js';

type Row = readonly (string | number | boolean)[];

const sum = (level: Level, of: (reason: string) => boolean): number => {
  let total = 0;
  for (const { rejected } of level.counts.values())
    for (const [reason, count] of Object.entries(rejected)) if (of(reason)) total += count;
  return total;
};

const LEVEL_HEADERS =
  'PriorityLevelName ActiveQueues IsIdle IsQuiescing WaitingRequests ExecutingRequests DispatchedRequests RejectedRequests TimedoutRequests CancelledRequests';

function levelRow(level: Level): Row {
  const { set } = level;
  let dispatched = 0;
  for (const counts of level.counts.values()) dispatched += counts.dispatched;
  return [
    level.name,
    set.active,
    set.executing + set.waiting === 0,
    level.isQuiescing,
    set.waiting,
    set.executing,
    dispatched,
    sum(level, (reason) => reason === 'queue-full' || reason === 'concurrency-limit'),
    sum(level, (reason) => reason === 'time-out'),
    sum(level, (reason) => reason === 'cancelled'),
  ];
}

const QUEUE_HEADERS =
  'PriorityLevelName Index PendingRequests ExecutingRequests SeatsInUse NextDispatchR';

const queueRows = (level: Level): Row[] =>
  level.set.queues.map(({ index, waiting, executing, seatsInUse, nextStart }) => [
    level.name,
    index,
    waiting.length,
    executing,
    seatsInUse,
    `${nextStart.toFixed(8)}ss`,
  ]);

function table(headers: string, rows: readonly Row[]): string {
  const lines = [headers.split(' '), ...rows.map((row) => row.map(String))];
  const widths = lines[0]!.map((_, at) => Math.max(...lines.map((line) => line[at]!.length + 1)));
  return lines
    .map((line) =>
      line
        .map((cell, at) => `${cell},`.padEnd(widths[at]! + 1))
        .join('')
        .trimEnd(),
    )
    .map((line) => `${line.replace(/,$/, '')}\n`)
    .join('');
}

export function flowControlPaths(control: FlowControl): PathHandler[] {
  const levels = (): Level[] =>
    [...control.levels.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const path = (name: string, text: () => string): PathHandler => ({
    path: `/debug/api_priority_and_fairness/${name}`,
    handle: (request) =>
      request.respond(200, { 'content-type': 'text/plain; charset=utf-8' }, text()),
  });
  return [
    path('dump_priority_levels', () => table(LEVEL_HEADERS, levels().map(levelRow))),
    path('dump_queues', () => table(QUEUE_HEADERS, levels().flatMap(queueRows))),
  ];
}
