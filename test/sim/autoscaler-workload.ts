// The users of autoscalers in a simulated cluster: they create and delete autoscalers, change their
// ranges, scale their targets by hand, and load the apps.
import type { HorizontalPodAutoscaler } from '../../pkg/apis/autoscaling/v2/types.js';
import { HORIZONTAL_POD_AUTOSCALERS_AUTOSCALING_V2 as TYPE } from '../../pkg/apis/resource-types.js';
import {
  autoscaler,
  range,
  SCALED_KINDS,
  someLoad,
  targetKey,
  targetKeyOf,
} from './autoscalers.js';
import type { Cluster } from './cluster.js';
import type { AnyObject } from './model.js';
import type { Operation } from './workload.js';

const MAX_AUTOSCALERS = 10;

export class AutoscalerWorkload {
  private names = 0;

  constructor(
    private readonly cluster: Cluster,
    private readonly existing: (kinds: readonly string[]) => AnyObject[],
    private readonly scale: (of: AnyObject, replicas: number) => Promise<void>,
  ) {}

  /** Operations, of which the workload starts one now and then. */
  operations(): Operation[] {
    return [
      [4, 'autoscale', () => this.create()],
      [5, 'load', () => this.load()],
      [2, 'silence', () => this.silence()],
      [2, 'scale by hand', () => this.fight()],
      [2, 'change range', () => this.change()],
      [1, 'delete autoscaler', () => this.remove()],
    ];
  }

  private say(what: string): void {
    this.cluster.trace.add(`user: ${what}`);
  }

  private some(): HorizontalPodAutoscaler | undefined {
    const all = this.existing(['HorizontalPodAutoscaler']);
    return all.length ? (this.cluster.faults.pick(all) as HorizontalPodAutoscaler) : undefined;
  }

  /** The app of some autoscaler, as 'namespace/app'. */
  private app(): string | undefined {
    const one = this.some();
    return one && `${one.metadata.namespace}/${one.spec.scaleTargetRef.name}`;
  }

  private async create(): Promise<void> {
    const { client, faults, metrics } = this.cluster;
    const others = this.existing(['HorizontalPodAutoscaler']);
    if (others.length >= MAX_AUTOSCALERS) return this.remove();
    // Seldom two autoscalers want one target.
    const wantsFree = faults.between(0, 7) > 0;
    const scaled = new Set(others.map((one) => targetKeyOf(one as HorizontalPodAutoscaler)));
    const targets = this.existing(SCALED_KINDS).filter(
      (one) => !wantsFree || !scaled.has(targetKey(one)),
    );
    if (!targets.length) return;
    const of = faults.pick(targets);
    const name = `hpa-${this.names++}`;
    this.say(`autoscale ${of.kind} ${of.metadata.namespace}/${of.metadata.name} by ${name}`);
    metrics.loads.set(`${of.metadata.namespace}/${of.metadata.name}`, someLoad(faults));
    await client.create(TYPE, autoscaler(faults, name, of));
  }

  private async load(): Promise<void> {
    const app = this.app();
    if (app === undefined) return;
    const load = someLoad(this.cluster.faults);
    this.say(`load ${app} with ${load}m`);
    this.cluster.metrics.loads.set(app, load);
  }

  private async silence(): Promise<void> {
    const { faults, metrics } = this.cluster;
    const app = this.app();
    if (app === undefined) return;
    const isSilent = faults.between(0, 1) === 0;
    this.say(`${isSilent ? 'stop' : 'start'} the metrics of ${app}`);
    metrics.silence(app, isSilent);
  }

  private async fight(): Promise<void> {
    const one = this.some();
    if (!one) return;
    const { kind, name } = one.spec.scaleTargetRef;
    const target = this.existing([kind]).find(
      ({ metadata }) => metadata.namespace === one.metadata.namespace && metadata.name === name,
    );
    if (target) await this.scale(target, this.cluster.faults.between(0, 9));
  }

  private async change(): Promise<void> {
    const one = this.some();
    if (!one) return;
    const { namespace = '', name } = one.metadata;
    const spec = range(this.cluster.faults);
    this.say(`patch autoscaler ${namespace}/${name} ${JSON.stringify(spec)}`);
    await this.cluster.client.patch(TYPE, { namespace, name }, { spec }, { type: 'merge' });
  }

  private async remove(): Promise<void> {
    const one = this.some();
    if (!one) return;
    const { namespace = '', name } = one.metadata;
    this.say(`delete autoscaler ${namespace}/${name}`);
    await this.cluster.client.delete(TYPE, { namespace, name });
  }
}
