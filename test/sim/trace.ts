// The trace of a run: a hash of all lines, and the last lines as text for the report.
import { createHash } from 'node:crypto';

const KEPT = 400;

export class Trace {
  private readonly hash = createHash('sha256');
  private readonly last: string[] = [];
  private readonly lastActions: string[] = [];
  lines = 0;

  constructor(
    private readonly elapsed: () => number,
    private readonly echo?: (line: string) => void,
  ) {}

  add(line: string): void {
    const whole = `${(this.elapsed() / 1000).toFixed(3)} ${line}`;
    this.hash.update(whole);
    this.lines++;
    keep(this.last, whole);
    if (/^(user|chaos):/.test(line)) keep(this.lastActions, whole);
    this.echo?.(whole);
  }

  tail(count: number): string[] {
    return this.last.slice(-count);
  }

  /** The last actions of users and chaos. */
  actions(count: number): string[] {
    return this.lastActions.slice(-count);
  }

  /** The hash of all lines so far. */
  digest(): string {
    return this.hash.copy().digest('hex');
  }
}

function keep(lines: string[], line: string): void {
  lines.push(line);
  if (lines.length > 2 * KEPT) lines.splice(0, KEPT);
}
