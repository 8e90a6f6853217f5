// How long admission takes, by plugin and as a whole, under upstream's names
// (apiserver/pkg/admission/metrics/metrics.go).
import { Durations, labelsText } from '../../util/metrics/durations.js';

const LIMITS = [0.005, 0.025, 0.1, 0.5, 1, 2.5];
const STEP = 'apiserver_admission_step_admission_duration_seconds';
const CONTROLLER = 'apiserver_admission_controller_admission_duration_seconds';
const HELP = {
  [STEP]:
    'Admission sub-step latency histogram in seconds, broken out for each operation and API resource and step type (validate or admit).',
  [CONTROLLER]:
    'Admission controller latency histogram in seconds, identified by name and broken out for each operation and API resource and type (validate or admit).',
};

export type Phase = 'admit' | 'validate';

/** The durations of one plugin, or of a phase, for one operation. */
export interface Observed {
  readonly accepted: Durations;
  readonly rejected: Durations;
}

export class AdmissionSeries {
  private readonly series = new Map<string, { metric: string; labels: string; of: Durations }>();

  private durations(metric: string, labels: Readonly<Record<string, string>>): Durations {
    const text = labelsText(labels);
    const key = `${metric} ${text}`;
    let known = this.series.get(key);
    if (!known) this.series.set(key, (known = { metric, labels: text, of: new Durations(LIMITS) }));
    return known.of;
  }

  /** `name` is the plugin's; '' for the phase as a whole. */
  of(name: string, type: Phase, operation: string): Observed {
    const series = (rejected: string): Durations =>
      name
        ? this.durations(CONTROLLER, { name, type, operation, rejected })
        : this.durations(STEP, { type, operation, rejected });
    return { accepted: series('false'), rejected: series('true') };
  }

  /** Prometheus text exposition. */
  render(): string {
    const all = [...this.series.values()];
    return ([STEP, CONTROLLER] as const)
      .map((metric) => {
        const lines = all
          .filter((one) => one.metric === metric)
          .map(({ labels, of }) => of.lines(metric, labels));
        return `# HELP ${metric} [ALPHA] ${HELP[metric]}\n# TYPE ${metric} histogram\n${lines.join('')}`;
      })
      .join('');
  }
}
