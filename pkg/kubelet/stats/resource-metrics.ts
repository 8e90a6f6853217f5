// /metrics/resource: what a metrics server scrapes every few seconds. (Upstream:
// pkg/kubelet/metrics/collectors/resource_metrics.go.)
import { expose, type Family, type Point } from '../../util/metrics/exposition.js';
import { counted, pointsOf } from './rows.js';
import type { Snapshot } from './snapshot.js';
import { RESOURCE_ROWS } from './tables.generated.js';
import type { Usage } from './usage.js';

const gauge = (name: string, help: string, points: Point[]): Family => ({
  name,
  help: `[STABLE] ${help}`,
  type: 'gauge',
  points,
});

/** `undefined`: the usage could not be read. */
export function resourceMetrics(snapshot: Snapshot | undefined): string {
  const started: Point[] = [];
  const subjects: Record<'node' | 'container' | 'pod', [Usage, Record<string, string>][]> = {
    node: snapshot ? [[snapshot.node, {}]] : [],
    container: [],
    pod: [],
  };
  for (const { identity, usage, containers } of snapshot?.pods ?? []) {
    const labels = { pod: identity.name, namespace: identity.namespace };
    if (usage) subjects.pod.push([usage, labels]);
    for (const { seen, usage: own } of containers) {
      const named = { container: seen.name, ...labels };
      subjects.container.push([own, named]);
      if (seen.startedAt) started.push({ value: seen.startedAt / 1000, labels: named });
    }
  }
  const families = Object.entries(subjects).flatMap(([subject, usages]) =>
    RESOURCE_ROWS.map((row): Family => ({
      name: `${subject}_${row[0]}`,
      type: row[1],
      help: row[4].replace('SUBJECT', subject),
      points: usages.flatMap(([usage, labels]) => pointsOf(row, counted(usage), labels, usage.at)),
    })),
  );
  return expose([
    ...families,
    gauge(
      'container_start_time_seconds',
      'Start time of the container since unix epoch in seconds',
      started,
    ),
    gauge(
      'resource_scrape_error',
      '1 if there was an error while getting container metrics, 0 otherwise',
      [{ value: snapshot ? 0 : 1 }],
    ),
  ]);
}
