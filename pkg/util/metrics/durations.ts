// One series of a Prometheus histogram of durations. The metrics library takes microseconds for an
// update with many labels; here an update is an addition.

/** A label's value in the text format. */
const escaped = (value: string): string =>
  value.replace(/[\\"\n]/g, (found) => (found === '\n' ? '\\n' : `\\${found}`));

/** Labels in the text format: 'verb="GET",group=""'. */
export const labelsText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');

export class Durations {
  count = 0;
  private sum = 0;
  /** Durations of at most limits[i] seconds and more than limits[i - 1]. */
  private readonly within: Float64Array;

  constructor(private readonly limits: readonly number[]) {
    this.within = new Float64Array(limits.length);
  }

  observe(seconds: number): void {
    const { limits } = this;
    this.count++;
    this.sum += seconds;
    let at = 0;
    while (at < limits.length && seconds > limits[at]!) at++;
    if (at < limits.length) this.within[at]!++;
  }

  /** The lines of the series in the text exposition; none while nothing was observed. */
  lines(name: string, labels: string): string {
    if (!this.count) return '';
    let below = 0;
    const buckets = this.limits.map(
      (limit, at) => `${name}_bucket{${labels},le="${limit}"} ${(below += this.within[at]!)}\n`,
    );
    return `${buckets.join('')}${name}_bucket{${labels},le="+Inf"} ${this.count}\n${name}_sum{${labels}} ${this.sum}\n${name}_count{${labels}} ${this.count}\n`;
  }
}
