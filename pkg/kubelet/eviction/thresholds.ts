// Eviction thresholds (--eviction-hard, --eviction-soft) and their comparison with observations.
// Pure. (Upstream: pkg/kubelet/eviction/helpers.go, api/types.go.)
import { parseQuantity } from '../../apimachinery/quantity/quantity.js';

export const SIGNALS = [
  'memory.available',
  'nodefs.available',
  'nodefs.inodesFree',
  'imagefs.available',
  'imagefs.inodesFree',
] as const;
export type Signal = (typeof SIGNALS)[number];

/** Bytes or inodes. */
export interface Observation {
  available: number;
  capacity: number;
}

export type Observations = Partial<Record<Signal, Observation>>;

export interface Threshold {
  signal: Signal;
  /** The threshold is met below this many bytes or inodes... */
  quantity?: number;
  /** ... or below this share of the capacity, 0 to 1. */
  percentage?: number;
  /** As configured: '100Mi', '10%'. */
  text: string;
  /**
   * Milliseconds for which the threshold must be met before pods are evicted; 0: a hard threshold.
   */
  graceMs: number;
}

/** The node condition that a signal sets: MemoryPressure or DiskPressure. */
export const pressureOf = (signal: Signal): 'memory' | 'disk' =>
  signal === 'memory.available' ? 'memory' : 'disk';

export interface Pressure {
  memory: boolean;
  disk: boolean;
}

/** Upstream's defaults for --eviction-hard. */
export const DEFAULT_EVICTION_HARD =
  'imagefs.available<15%,imagefs.inodesFree<5%,memory.available<100Mi,nodefs.available<10%,nodefs.inodesFree<5%';

/**
 * Parses 'memory.available<100Mi' and 'nodefs.available<10%'. `grace` holds the grace periods of
 * soft thresholds by signal. Throws upstream's error messages.
 */
export function parseThresholds(
  list: readonly string[],
  grace?: Readonly<Record<string, number>>,
): Threshold[] {
  const thresholds = list.map((text) => parseThreshold(text, grace));
  const seen = new Set<string>();
  for (const { signal } of thresholds) {
    if (seen.has(signal))
      throw new Error(`found duplicate eviction threshold for signal ${signal}`);
    seen.add(signal);
  }
  return thresholds.filter((t) => t.percentage !== 0 || t.quantity !== undefined);
}

function parseThreshold(
  text: string,
  grace: Readonly<Record<string, number>> | undefined,
): Threshold {
  const at = text.indexOf('<');
  if (at < 0)
    throw new Error(
      `invalid eviction threshold syntax ${text}, expected <signal><operator><value>`,
    );
  const [signal, value] = [text.slice(0, at), text.slice(at + 1)];
  if (!SIGNALS.includes(signal as Signal)) throw new Error(`unsupported eviction signal ${signal}`);
  const graceMs = grace ? grace[signal] : 0;
  if (graceMs === undefined)
    throw new Error(`grace period must be specified for the soft eviction threshold ${signal}`);
  const common = { signal: signal as Signal, text: value, graceMs };
  const percentage = parsePercent(value);
  if (percentage !== undefined) {
    if (percentage < 0 || percentage > 1)
      throw new Error(
        `eviction percentage threshold ${signal} must be between 0% and 100%: ${value}`,
      );
    return { ...common, percentage };
  }
  const quantity = Number(parseQuantity(value).value());
  if (quantity <= 0) throw new Error(`eviction threshold ${signal} must be positive: ${value}`);
  return { ...common, quantity };
}

/** '12.5%' is 0.125; undefined: not a percentage. */
function parsePercent(text: string): number | undefined {
  const match = /^(-?\d+(?:\.\d+)?)%$/.exec(text);
  return match ? Number(match[1]) / 100 : undefined;
}

/** The threshold in bytes or inodes. */
export const amountOf = ({ quantity, percentage = 0 }: Threshold, capacity: number): number =>
  quantity ?? percentage * capacity;

export function isMet(threshold: Threshold, seen: Observations): boolean {
  const observation = seen[threshold.signal];
  return (
    observation !== undefined && observation.available < amountOf(threshold, observation.capacity)
  );
}
