// The usage of pods in the simulated world, and the group metrics.k8s.io that shows it. Each app
// has a load, which its ready pods share.
import { StatusError } from '../../pkg/apimachinery/errors/status-error.js';
import type { Pod } from '../../pkg/apis/core/v1/types.js';
import { answer, GROUP, type Source } from '../../pkg/metrics/answer.js';
import { isActive, isReady, type Model } from './model.js';

const SCRAPES_MS = 15_000;
const PATH = `/apis/${GROUP}/`;

export const isOfMetrics = (url: string): boolean => url.startsWith(PATH);

/** 'namespace/app': users of the simulation give an app and its workload one name. */
export const appOf = ({ metadata }: Pick<Pod, 'metadata'>): string =>
  `${metadata.namespace}/${metadata.labels?.['app'] ?? ''}`;

export class Metrics {
  /** Thousandths of a core by app; absent: none. */
  readonly loads = new Map<string, number>();
  /** When apps fell silent: nobody has samples of their pods. */
  private readonly silences = new Map<string, number>();
  private downSince: number | undefined;

  constructor(
    private readonly model: Model,
    private readonly now: () => number,
  ) {}

  get up(): boolean {
    return this.downSince === undefined;
  }

  set up(up: boolean) {
    this.downSince = up ? undefined : (this.downSince ?? this.now());
  }

  silence(app: string, isSilent: boolean): void {
    if (!isSilent) this.silences.delete(app);
    else if (!this.silences.has(app)) this.silences.set(app, this.now());
  }

  /** Milliseconds for which nobody could read the usage of an app; 0 for an app with samples. */
  missingFor(app: string): number {
    const since = Math.min(this.downSince ?? Infinity, this.silences.get(app) ?? Infinity);
    return since === Infinity ? 0 : this.now() - since;
  }

  /** Thousandths of a core for each of `pods` pods. */
  usage(app: string, pods: number): number {
    return Math.ceil((this.loads.get(app) ?? 0) / pods);
  }

  private source(): Source {
    const pods = (namespace: string) =>
      this.model
        .all<Pod>('Pod')
        .filter((pod) => pod.metadata.namespace === namespace && isActive(pod) && isReady(pod));
    const at = Math.floor(this.now() / SCRAPES_MS) * SCRAPES_MS;
    return {
      now: this.now,
      subjects: (_resource, namespace) => pods(namespace).map(({ metadata }) => metadata),
      usage: (key) => {
        const [namespace = '', name] = key.split('/');
        const all = pods(namespace);
        const app = appOf(all.find(({ metadata }) => metadata.name === name)!);
        if (this.silences.has(app)) return undefined;
        const cpu = this.usage(app, all.filter((pod) => appOf(pod) === app).length) / 1000;
        const usage = { at, window: SCRAPES_MS, cpu, memoryBytes: 2 ** 20 };
        return { at, window: SCRAPES_MS, containers: [{ name: 'app', usage }] };
      },
    };
  }

  /** The status and the body of a response. */
  answer(method: string, url: string): [number, object] {
    const refusal = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' };
    if (!this.up)
      return [503, { ...refusal, code: 503, reason: 'ServiceUnavailable', message: 'no metrics' }];
    const { pathname: path, searchParams: query } = new URL(url, 'https://metrics');
    try {
      return [200, answer(this.source(), { method, path, query, accept: '' })];
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return [error.code, error.status];
    }
  }
}
