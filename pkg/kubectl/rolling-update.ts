// `kubectl rolling-update` of Kubernetes 1.0 (pkg/kubectl: rolling_updater.go, rollingupdate.go)
// moves pods from one replication controller to another, a pod at a time.
import type { ReplicationController } from '../apis/core/v1/types.js';
import { sleep, type Clock } from '../util/env/env.js';
import { until } from '../util/wait/retry.js';
import { columns } from '../util/columns/columns.js';
import type { Kubectl } from '../system/kubectl.js';
import {
  areApart,
  DESIRED,
  hashOf,
  isScaled,
  nameOf,
  newController,
  NEXT,
  noteOf,
  replicasOf,
  selectorOf,
  SOURCE,
  sourceOf,
  withImage,
} from './rolling-update-plan.js';

/** Holds a controller that has lost its pods to a successor without the successor yet. */
const FINALIZER = 'kubectl.kubernetes.io/renaming';

export interface RollingUpdateOptions {
  old: string;
  next: string | undefined;
  filename: string | undefined;
  /** The content of the file `-`. */
  input: string;
  image: string | undefined;
  rollback: boolean;
  dryRun: boolean;
  deploymentLabel: string;
  /** Milliseconds between the start of a new pod and the end of an old one. */
  periodMs: number;
  pollMs: number;
  /** Bound of each wait for a controller. */
  timeoutMs: number;
}

interface Pair {
  old: ReplicationController;
  next: ReplicationController;
  /** The new controller takes the old one's name in the end. */
  isRenamed: boolean;
}

/** The update of one pair. Texts are those of kubectl 1.0. */
export class RollingUpdate {
  constructor(
    private readonly kubectl: Kubectl,
    private readonly options: RollingUpdateOptions,
    private readonly clock: Clock,
    private readonly print: (line: string) => void,
    private readonly signal: AbortSignal,
  ) {}

  /** Throws an Error with the reason; the same command goes on from there. */
  async run(): Promise<void> {
    const { old: name, dryRun, rollback } = this.options;
    const renamed = await this.interruptedRename();
    if (renamed) return this.rename(renamed, name);
    const pair = await this.pair();
    if (!areApart(pair.old, pair.next))
      throw new Error(
        `${this.options.filename ?? nameOf(pair.next)} must specify a matching key with non-equal value in Selector for ${name}`,
      );
    if (dryRun) return this.print(`Rolling from:\n${shown(pair.old)}\nTo:\n${shown(pair.next)}\n`);
    await (rollback ? this.rollBack(pair) : this.update(pair));
    this.print(pair.isRenamed ? name : nameOf(pair.next));
  }

  private async pair(): Promise<Pair> {
    const { old: name, next, filename, image, rollback, deploymentLabel } = this.options;
    const [old] = await this.kubectl.objects<ReplicationController>(['get', 'rc', name]);
    if (filename) return { old: old!, next: await this.fromFile(old!, filename), isRenamed: false };
    const nextName = next ?? noteOf(old!, NEXT);
    const existing = nextName ? await this.find(nextName) : undefined;
    if (rollback) {
      if (!existing) throw new Error(`Could not find ${nextName ?? 'a controller'} to rollback.`);
      return { old: existing, next: old!, isRenamed: false };
    }
    const isRenamed = next === undefined;
    if (existing) {
      this.print(`Found existing update in progress (${nextName}), resuming.`);
      return { old: old!, next: existing, isRenamed };
    }
    const made = withImage(old!, nextName, image!, deploymentLabel);
    if (this.options.dryRun) return { old: await this.labelled(old!, true), next: made, isRenamed };
    const marked = await this.patch(old!, { metadata: { annotations: { [NEXT]: nameOf(made) } } });
    return { old: await this.labelled(marked, false), next: made, isRenamed };
  }

  private async fromFile(
    old: ReplicationController,
    filename: string,
  ): Promise<ReplicationController> {
    const create = ['create', '--dry-run=client', '-f', filename, '-o', 'json'];
    const text = await this.kubectl.run(create, this.options.input);
    let next: ReplicationController;
    try {
      next = JSON.parse(text) as ReplicationController;
    } catch {
      throw new Error(`${filename} must specify exactly one replication controller`);
    }
    if (next.kind !== 'ReplicationController')
      throw new Error(`${filename} contains a ${String(next.kind)} not a ReplicationController`);
    if (nameOf(next) === nameOf(old))
      throw new Error(
        `${filename} cannot have the same name as the existing ReplicationController ${nameOf(old)}`,
      );
    return { ...next, spec: { ...next.spec, replicas: next.spec.replicas ?? replicasOf(old) } };
  }

  /** Gives the old controller and its pods a value of the label that sets them apart. */
  private async labelled(
    old: ReplicationController,
    dryRun: boolean,
  ): Promise<ReplicationController> {
    const { deploymentLabel: key } = this.options;
    const selector = selectorOf(old);
    if (selector[key] !== undefined) return old;
    // A label that the template has already is the user's, or of a run that was interrupted: pods
    // carry its value.
    const label = { [key]: old.spec.template?.metadata?.labels?.[key] ?? hashOf(old) };
    const spec = { ...old.spec, selector: { ...selector, ...label } };
    if (dryRun) return { ...old, spec };
    const pods = Object.entries(selector).map(([k, value]) => `${k}=${value}`);
    const labelPods = () =>
      this.kubectl.run([
        'label',
        'pods',
        '-l',
        [...pods, `!${key}`].join(),
        `${key}=${label[key]}`,
      ]);
    await this.patch(old, { spec: { template: { metadata: { labels: label } } } });
    await labelPods();
    const changed = await this.patch(old, { spec: { selector: spec.selector } });
    await labelPods(); // of pods that were made meanwhile; the controller adopts them again
    return changed;
  }

  private async update({ old, next, isRenamed }: Pair): Promise<void> {
    const [from, to] = [nameOf(old), nameOf(next)];
    if (replicasOf(next) <= 0 && noteOf(next, DESIRED) === undefined)
      throw new Error(
        `Invalid controller spec for ${to}; required: > 0 replicas, actual: ${replicasOf(next)}`,
      );
    let current = await this.started(old, next);
    const desired = Number(noteOf(current, DESIRED));
    while (replicasOf(current) < desired && replicasOf(old) > 0) {
      const [more, fewer] = [replicasOf(current) + 1, replicasOf(old) - 1];
      this.print(`Updating ${from} replicas: ${fewer}, ${to} replicas: ${more}`);
      current = await this.scale(current, more, true);
      await sleep(this.clock, this.options.periodMs, this.signal);
      old = await this.scale(old, fewer, false);
    }
    if (replicasOf(old) > 0) {
      this.print(`Stopping ${from} replicas: ${replicasOf(old)} -> 0`);
      old = await this.scale(old, 0, false);
    }
    if (replicasOf(current) !== desired) {
      this.print(`Scaling ${to} replicas: ${replicasOf(current)} -> ${desired}`);
      current = await this.scale(current, desired, true);
    }
    if (isRenamed) {
      this.print(`Update succeeded. Deleting old controller: ${from}`);
      await this.remove(from, 'background');
      return this.rename(current, from);
    }
    await this.patch(current, { metadata: { annotations: { [SOURCE]: null, [DESIRED]: null } } });
    this.print(`Update succeeded. Deleting ${from}`);
    await this.remove(from, 'background');
  }

  /** The new controller, made without replicas, or as an earlier run has left it. */
  private async started(
    old: ReplicationController,
    next: ReplicationController,
  ): Promise<ReplicationController> {
    const name = nameOf(next);
    const source = sourceOf(old);
    const existing = await this.find(name);
    if (!existing) {
      this.print(`Creating ${name}`);
      const notes = { [SOURCE]: source, [DESIRED]: String(replicasOf(next)) };
      const made = newController(next, name, notes);
      return this.create({ ...made, spec: { ...made.spec, replicas: 0 } });
    }
    if (noteOf(existing, SOURCE) !== source)
      throw new Error(
        `Missing/unexpected annotations for controller ${name}, expected ${source} : ${noteOf(existing, SOURCE) ?? ''}`,
      );
    if (!/^\d+$/.test(noteOf(existing, DESIRED) ?? ''))
      throw new Error(
        `Unable to parse annotation for ${name}: ${DESIRED}=${noteOf(existing, DESIRED) ?? ''}`,
      );
    this.print(`Continuing update with existing controller ${name}.`);
    return existing;
  }

  /** The way back: the old controller becomes the new one of an update. */
  private async rollBack({ old, next }: Pair): Promise<void> {
    const desired = noteOf(old, DESIRED) ?? noteOf(next, DESIRED) ?? String(replicasOf(old));
    const notes = { [SOURCE]: sourceOf(old), [DESIRED]: desired, [NEXT]: null };
    const target = await this.patch(next, { metadata: { annotations: notes } });
    return this.update({ old, next: target, isRenamed: false });
  }

  /** A controller that was about to take the name when an earlier run ended. */
  private async interruptedRename(): Promise<ReplicationController | undefined> {
    const { old, image, next } = this.options;
    if (!image || next) return undefined;
    const all = await this.kubectl.objects<ReplicationController>(['get', 'rc']);
    const isThere = all.some((controller) => nameOf(controller) === old);
    return all.find(
      (controller) =>
        noteOf(controller, SOURCE)?.startsWith(`${old}:`) &&
        (!isThere || controller.metadata.deletionTimestamp !== undefined),
    );
  }

  /**
   * Moves pods to a controller of the given name. A controller's finalizer keeps its content until
   * the other one is there; a deleted controller makes no pods.
   */
  private async rename(controller: ReplicationController, name: string): Promise<void> {
    const own = nameOf(controller);
    this.print(`Renaming ${own} to ${name}`);
    const { finalizers = [], deletionTimestamp } = controller.metadata;
    if (!deletionTimestamp) {
      await this.patch(controller, { metadata: { finalizers: [...finalizers, FINALIZER] } });
      await this.remove(own, 'orphan');
    }
    const freed = await this.wait(own, (now) => !now?.metadata.finalizers?.includes('orphan'));
    if (freed && !(await this.find(name))) await this.create(newController(freed, name));
    const others = freed?.metadata.finalizers?.filter((one) => one !== FINALIZER);
    if (freed) await this.patch(freed, { metadata: { finalizers: others } });
  }

  private async find(name: string): Promise<ReplicationController | undefined> {
    const get = ['get', 'rc', name, '--ignore-not-found'];
    return (await this.kubectl.objects<ReplicationController>(get))[0];
  }

  private async create(controller: ReplicationController): Promise<ReplicationController> {
    const create = ['create', '-f', '-'];
    const made = this.kubectl.objects<ReplicationController>(create, JSON.stringify(controller));
    return (await made)[0]!;
  }

  private async patch(
    controller: ReplicationController,
    change: unknown,
  ): Promise<ReplicationController> {
    const patch = ['patch', 'rc', nameOf(controller), '--type=merge', '-p', JSON.stringify(change)];
    return (await this.kubectl.objects<ReplicationController>(patch))[0]!;
  }

  private async remove(name: string, cascade: 'background' | 'orphan'): Promise<void> {
    await this.kubectl.run(['delete', 'rc', name, `--cascade=${cascade}`, '--wait=false']);
    if (cascade === 'background') await this.wait(name, (now) => !now);
  }

  private async scale(
    controller: ReplicationController,
    replicas: number,
    isReady: boolean,
  ): Promise<ReplicationController> {
    await this.patch(controller, { spec: { replicas } });
    return (await this.wait(nameOf(controller), (now) => !!now && isScaled(now, isReady)))!;
  }

  /** Reads the controller until it is as it should be. */
  private async wait(
    name: string,
    isDone: (now: ReplicationController | undefined) => boolean,
  ): Promise<ReplicationController | undefined> {
    const { pollMs: periodMs, timeoutMs: limitMs } = this.options;
    const { clock, signal } = this;
    const seen = await until({ clock, signal, periodMs, limitMs }, async () => {
      const now = await this.find(name);
      return isDone(now) && { now };
    });
    signal.throwIfAborted();
    if (!seen) throw new Error('timed out waiting for the condition');
    return seen.now;
  }
}

/** As `kubectl get rc` of 1.0 prints a controller. */
function shown(controller: ReplicationController): string {
  const { name = '', image = '' } = controller.spec.template?.spec?.containers[0] ?? {};
  const selector = Object.entries(selectorOf(controller)).map(([key, value]) => `${key}=${value}`);
  const rows = [
    ['CONTROLLER', 'CONTAINER(S)', 'IMAGE(S)', 'SELECTOR', 'REPLICAS'],
    [nameOf(controller), name, image, selector.join(), String(replicasOf(controller))],
  ];
  return columns(rows);
}
