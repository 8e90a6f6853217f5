// The users of a simulated cluster: they create, scale, update and delete workloads, drain nodes
// and delete namespaces. Refusals with a valid reason are expected; any other refusal is a bug.
import { StatusError } from '../../pkg/apimachinery/errors/status-error.js';
import type { ApiObject, ResourceType } from '../../pkg/apimachinery/meta/object.js';
import * as types from '../../pkg/apis/resource-types.js';
import type { Node, PersistentVolume, Pod } from '../../pkg/apis/core/v1/types.js';
import { AutoscalerWorkload } from './autoscaler-workload.js';
import type { Cluster } from './cluster.js';
import { CustomWorkload } from './custom-workload.js';
import * as make from './objects.js';
import { controllerOf, type AnyObject } from './model.js';
import { isUsed, LOCAL_CLASSES } from './volumes.js';

const NAMESPACES = ['red', 'green', 'blue'];
const MAX_WORKLOADS = 22;

interface Kind {
  type: ResourceType;
  make: (chance: Cluster['faults'], namespace: string, name: string) => object;
}

const WORKLOADS: Record<string, Kind> = {
  ReplicationController: {
    type: types.REPLICATION_CONTROLLERS as ResourceType,
    make: make.replicationController,
  },
  Deployment: { type: types.DEPLOYMENTS as ResourceType, make: make.deployment },
  StatefulSet: { type: types.STATEFUL_SETS as ResourceType, make: make.statefulSet },
  DaemonSet: { type: types.DAEMON_SETS as ResourceType, make: make.daemonSet },
  Job: { type: types.JOBS as ResourceType, make: make.job },
};

/** An operation with its weight and name. */
export type Operation = readonly [weight: number, name: string, run: () => Promise<unknown>];

/** Responses that users expect. */
const EXPECTED = new Set([404, 409, 429, 500, 503, 504]);

function isExpected(error: unknown): boolean {
  if (!(error instanceof StatusError))
    return !(error instanceof TypeError || error instanceof RangeError);
  return EXPECTED.has(error.code) || (error.code === 403 && /terminat/.test(error.message));
}

export class Workload {
  private names = 0;
  private busy = 0;
  private readonly custom: CustomWorkload;
  private readonly autoscalers: AutoscalerWorkload;

  constructor(private readonly cluster: Cluster) {
    this.custom = new CustomWorkload(cluster, NAMESPACES);
    this.autoscalers = new AutoscalerWorkload(
      cluster,
      (kinds) => this.existing(kinds),
      (of, replicas) => this.patch(of, { spec: { replicas } }),
    );
  }

  private get chance() {
    return this.cluster.faults;
  }

  /** True when no operation is in progress. */
  get idle(): boolean {
    return this.busy === 0;
  }

  private existing(kinds: readonly string[]): AnyObject[] {
    return kinds
      .flatMap((kind) => this.cluster.model.all(kind))
      .filter(
        ({ metadata }) =>
          NAMESPACES.includes(metadata.namespace ?? '') && !metadata.deletionTimestamp,
      );
  }

  private choose(kinds: readonly string[]): AnyObject | undefined {
    const all = this.existing(kinds);
    return all.length ? this.chance.pick(all) : undefined;
  }

  /** Starts some random operations, which run concurrently with others. */
  step(): void {
    this.draw([
      [8, 'create', () => this.create()],
      [6, 'scale', () => this.scale()],
      [6, 'update', () => this.update()],
      [3, 'delete', () => this.remove()],
      [4, 'delete pod', () => this.removePod()],
      [2, 'service', () => this.createService()],
      [
        1,
        'delete service',
        () => this.removeOne(['Service', 'PodDisruptionBudget', 'EndpointSlice', 'Endpoints']),
      ],
      [1, 'budget', () => this.createBudget()],
      [2, 'drain', () => this.drain()],
      [1, 'namespace', () => this.removeNamespace()],
      [1, 'orphan', () => this.orphan()],
      [1, 'delete claim', () => this.removeClaim()],
      [2, 'delete volume', () => this.removeVolume()],
    ]);
    this.draw(this.custom.operations());
    if (this.chance.between(0, 2) === 0) this.draw(this.autoscalers.operations());
  }

  private draw(operations: readonly Operation[]): void {
    let at = this.chance.between(
      1,
      operations.reduce((sum, [weight]) => sum + weight, 0),
    );
    const [, name, run] = operations.find(([weight]) => (at -= weight) <= 0)!;
    this.begin(name, run);
  }

  private begin(name: string, run: () => Promise<unknown>): void {
    const { trace } = this.cluster;
    this.busy++;
    void run().then(
      () => this.busy--,
      (error: unknown) => {
        this.busy--;
        trace.add(`user: ${name}: ${(error as Error).message.slice(0, 200)}`);
        if (!isExpected(error))
          this.cluster.fail(new Error(`user: ${name}: ${(error as Error).stack}`));
      },
    );
  }

  /** The namespaces of all workloads. */
  async prepare(): Promise<void> {
    for (const name of NAMESPACES) await this.ensureNamespace(name);
    for (const one of LOCAL_CLASSES)
      await this.cluster.client.create(types.STORAGE_CLASSES as ResourceType, one as ApiObject);
  }

  private async ensureNamespace(name: string): Promise<void> {
    const { client, model } = this.cluster;
    if (model.objects.has(`/registry/namespaces/${name}`)) return;
    await client.create(types.NAMESPACES, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
      spec: {},
    });
    await client.create(types.RESOURCE_QUOTAS as ResourceType, make.quota(name) as ApiObject);
  }

  private say(what: string): void {
    this.cluster.trace.add(`user: ${what}`);
  }

  private async create(): Promise<void> {
    if (this.existing(Object.keys(WORKLOADS)).length >= MAX_WORKLOADS) return this.remove();
    const kind = this.chance.pick(Object.keys(WORKLOADS));
    const namespace = this.chance.pick(NAMESPACES);
    const name = `${kind.toLowerCase().slice(0, 3)}-${this.names++}`;
    await this.ensureNamespace(namespace);
    this.say(`create ${kind} ${namespace}/${name}`);
    await this.cluster.client.create(
      WORKLOADS[kind]!.type,
      WORKLOADS[kind]!.make(this.chance, namespace, name) as ApiObject,
    );
    if (this.chance.between(0, 2) === 0) await this.serve(namespace, name);
  }

  private async serve(namespace: string, app: string): Promise<void> {
    await this.cluster.client.create(
      types.SERVICES as ResourceType,
      make.service(this.chance, namespace, `svc-${app}`, app) as ApiObject,
    );
  }

  private async createService(): Promise<void> {
    const of = this.choose(['ReplicationController', 'Deployment', 'StatefulSet', 'DaemonSet']);
    if (of) await this.serve(of.metadata.namespace!, of.metadata.name);
  }

  private async createBudget(): Promise<void> {
    const of = this.choose(['ReplicationController', 'StatefulSet', 'Deployment']);
    if (!of) return;
    const { namespace, name } = of.metadata;
    await this.cluster.client.create(
      types.POD_DISRUPTION_BUDGETS as ResourceType,
      make.budget(this.chance, namespace!, `pdb-${name}`, name) as ApiObject,
    );
  }

  private async patch(of: AnyObject, body: object): Promise<void> {
    const { namespace, name } = of.metadata;
    this.say(`patch ${of.kind} ${namespace}/${name} ${JSON.stringify(body)}`);
    await this.cluster.client.patch(
      WORKLOADS[of.kind]!.type,
      { namespace: namespace!, name },
      body,
      { type: 'merge' },
    );
  }

  private async scale(): Promise<void> {
    const of = this.choose(['ReplicationController', 'Deployment', 'StatefulSet']);
    if (of) await this.patch(of, { spec: { replicas: this.chance.between(0, 6) } });
  }

  private async update(): Promise<void> {
    const of = this.choose(['Deployment', 'Deployment', 'StatefulSet', 'DaemonSet']);
    if (of)
      await this.patch(of, {
        spec: {
          template: { metadata: { annotations: { version: String(this.chance.between(1, 4)) } } },
        },
      });
  }

  private async remove(): Promise<void> {
    const of = this.choose(Object.keys(WORKLOADS));
    if (!of) return;
    const { namespace, name } = of.metadata;
    const propagationPolicy = this.chance.pick(['Background', 'Background', 'Foreground'] as const);
    this.say(`delete ${of.kind} ${namespace}/${name} ${propagationPolicy}`);
    await this.cluster.client.delete(
      WORKLOADS[of.kind]!.type,
      { namespace: namespace!, name },
      { propagationPolicy },
    );
  }

  /** Orphans the pods, and adopts them by a new owner of the same name. */
  private async orphan(): Promise<void> {
    const of = this.choose(['ReplicationController']) as
      | (AnyObject & { spec: unknown })
      | undefined;
    if (!of) return;
    const { client, clock } = this.cluster;
    const { namespace, name, labels = {} } = of.metadata;
    this.say(`orphan ${of.kind} ${namespace}/${name}`);
    await client.delete(
      WORKLOADS[of.kind]!.type,
      { namespace: namespace!, name },
      { propagationPolicy: 'Orphan' },
    );
    for (let tries = 0; tries < 20; tries++) {
      await new Promise<void>(
        (resolve) => void clock.after(this.chance.between(1_000, 10_000), resolve),
      );
      const again = {
        apiVersion: 'v1',
        kind: of.kind,
        metadata: { namespace: namespace!, name, labels },
        spec: of.spec,
      };
      const made = await client.create(WORKLOADS[of.kind]!.type, again as ApiObject).then(
        () => true,
        (error: unknown) => !(error instanceof StatusError && error.code === 409),
      );
      if (made) return;
    }
  }

  private async removePod(): Promise<void> {
    const pod = this.choose(['Pod']);
    if (!pod) return;
    const { namespace, name } = pod.metadata;
    this.say(`delete Pod ${namespace}/${name}`);
    await this.cluster.client.delete(types.PODS, { namespace: namespace!, name });
  }

  private async removeOne(kinds: readonly string[]): Promise<void> {
    const of = this.choose(kinds);
    if (!of) return;
    const byKind: Record<string, ResourceType> = {
      Service: types.SERVICES as ResourceType,
      PodDisruptionBudget: types.POD_DISRUPTION_BUDGETS as ResourceType,
      EndpointSlice: types.ENDPOINT_SLICES as ResourceType,
      Endpoints: types.ENDPOINTS as ResourceType,
    };
    const { namespace, name } = of.metadata;
    this.say(`delete ${of.kind} ${namespace}/${name}`);
    await this.cluster.client.delete(byKind[of.kind]!, { namespace: namespace!, name });
  }

  /** A claim that a scaled-down or deleted set has left. */
  private async removeClaim(): Promise<void> {
    const { client, model } = this.cluster;
    const unused = this.existing(['PersistentVolumeClaim']).filter((one) => !isUsed(model, one));
    if (!unused.length) return;
    const { namespace, name } = this.chance.pick(unused).metadata;
    this.say(`delete PersistentVolumeClaim ${namespace}/${name}`);
    await client.delete(types.PERSISTENT_VOLUME_CLAIMS, { namespace: namespace!, name });
  }

  /** A volume whose claim is gone. */
  private async removeVolume(): Promise<void> {
    const { client, model } = this.cluster;
    const released = model
      .all<PersistentVolume>('PersistentVolume')
      .filter(
        ({ metadata, status }) => status?.phase === 'Released' && !metadata.deletionTimestamp,
      );
    if (!released.length) return;
    const { name } = this.chance.pick(released).metadata;
    this.say(`delete PersistentVolume ${name}`);
    await client.delete(types.PERSISTENT_VOLUMES, { name });
  }

  private async removeNamespace(): Promise<void> {
    const name = this.chance.pick(NAMESPACES);
    this.say(`delete Namespace ${name}`);
    await this.cluster.client.delete(types.NAMESPACES, { name });
  }

  /** Cordons a node and evicts its pods, as kubectl drain does; gives up after a while. */
  private async drain(): Promise<void> {
    const { client, model, clock } = this.cluster;
    const nodes = model.all<Node>('Node');
    if (nodes.length < 2 || nodes.some(({ spec }) => spec.unschedulable)) return;
    const { name } = this.chance.pick(nodes).metadata;
    this.say(`drain ${name}`);
    await this.cordon(name, true);
    const left = () =>
      model
        .all<Pod>('Pod')
        .filter(
          (pod) =>
            pod.spec.nodeName === name &&
            controllerOf(pod)?.kind !== 'DaemonSet' &&
            !pod.metadata.deletionTimestamp,
        );
    for (let tries = 0; tries < 12 && left().length; tries++) {
      for (const { metadata } of left()) {
        const eviction = {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name: metadata.name, namespace: metadata.namespace },
        };
        const evicted = await client
          .createSubresource(
            types.PODS as ResourceType,
            { namespace: metadata.namespace!, name: metadata.name },
            'eviction',
            eviction,
          )
          .then(
            () => 'evicted',
            (error: Error) => {
              if (!isExpected(error)) throw error;
              return error.message;
            },
          );
        this.say(`evict ${metadata.namespace}/${metadata.name}: ${evicted.slice(0, 100)}`);
      }
      await new Promise<void>((resolve) => void clock.after(5_000, resolve));
    }
    await this.cordon(name, false);
  }

  /** Uncordons the nodes of failed drains, and lets held objects go. */
  async finish(): Promise<void> {
    await this.custom.release();
    for (const { metadata, spec } of this.cluster.model.all<Node>('Node'))
      if (spec.unschedulable) await this.cordon(metadata.name, false);
  }

  private async cordon(name: string, unschedulable: boolean): Promise<void> {
    await this.cluster.client.patch(
      types.NODES,
      { name },
      { spec: { unschedulable: unschedulable || null } },
      { type: 'merge' },
    );
  }
}
