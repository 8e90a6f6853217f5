// /metrics/probes: counts and durations of the probes of the pods that are here. (Upstream:
// pkg/kubelet/prober/prober_manager.go.) No Node API.
import type { Pod } from '../../apis/core/v1/types.js';
import { Durations, labelsText } from '../../util/metrics/durations.js';
import { identityOf } from '../types/observed.js';
import type { ProbeOutcome } from '../host/pod-host.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';

const RESULTS: Record<ProbeOutcome['result'], string> = {
  success: 'successful',
  warning: 'successful',
  failure: 'failed',
  unknown: 'unknown',
};
/** Prometheus' default buckets. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const TOTAL = 'prober_probe_total';
const SECONDS = 'prober_probe_duration_seconds';

interface Series {
  labels: string;
  totals: Map<string, number>;
  durations: Durations;
}

export class ProbeMetrics {
  /** By pod, then by container and kind. */
  private readonly pods = new Map<string, Map<string, Series>>();

  observe(
    pod: Pod,
    container: string,
    probe_type: string,
    outcome: ProbeOutcome['result'],
    seconds: number,
  ): void {
    const { uid, name, namespace } = identityOf(pod);
    const labels = labelsText({ container, namespace, pod: name, probe_type });
    const ofPod = getOrInsert(this.pods, uid, () => new Map<string, Series>());
    const series = getOrInsert(ofPod, labels, () => ({
      labels,
      totals: new Map(),
      durations: new Durations(BUCKETS),
    }));
    const result = labelsText({ pod_uid: uid, result: RESULTS[outcome] });
    series.totals.set(result, (series.totals.get(result) ?? 0) + 1);
    series.durations.observe(seconds);
  }

  forget(uid: string): void {
    this.pods.delete(uid);
  }

  render(): string {
    const all = [...this.pods.values()].flatMap((series) => [...series.values()]);
    if (!all.length) return '';
    const totals = all.flatMap(({ labels, totals: counts }) =>
      [...counts].map(([result, count]) => `${TOTAL}{${labels},${result}} ${count}\n`),
    );
    const durations = all.map(({ labels, durations: seconds }) => seconds.lines(SECONDS, labels));
    return [
      `# HELP ${SECONDS} [ALPHA] Duration in seconds for a probe response.\n# TYPE ${SECONDS} histogram\n`,
      ...durations,
      `# HELP ${TOTAL} [BETA] Cumulative number of a liveness, readiness or startup probe for a container by result.\n# TYPE ${TOTAL} counter\n`,
      ...totals,
    ].join('');
  }
}
