// horizontal-pod-autoscaler-controller: keeps targets at the size that their metrics ask for
// (upstream: pkg/controller/podautoscaler). Each autoscaler is looked at in every sync period, and
// when its spec changes. Targets are found by discovery and changed by their scale subresource. A
// look that changes no size takes workloads from informers, and the usage from a shared request.
import { isReason, qualified } from '../../apimachinery/errors/status-error.js';
import type { Selector } from '../../apimachinery/labels/selector.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import {
  apiVersionOf,
  keyOf,
  type ApiObject,
  type ResourceType,
} from '../../apimachinery/meta/object.js';
import type { Scale } from '../../apis/autoscaling/v1/types.js';
import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscaler,
} from '../../apis/autoscaling/v2/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import {
  HORIZONTAL_POD_AUTOSCALERS_AUTOSCALING_V2 as TYPE,
  PODS,
} from '../../apis/resource-types.js';
import { resourcePath } from '../../client/resource-path.js';
import { WORKLOADS, workloadScale } from '../../component-helpers/scale.js';
import { errorText } from '../../util/errors/error-text.js';
import {
  watch,
  type Controller,
  type ControllerContext,
  type ReconcileResult,
} from '../runtime/controller.js';
import { updateStatus } from '../../client/requests.js';
import { PODS_A_USAGE_REQUEST, USAGE_READS_A_PERIOD } from '../runtime/limits.js';
import { createTypeFinder } from '../runtime/type-finder.js';
import { rememberChange, type History } from './behavior.js';
import {
  forcedSize,
  planSize,
  planWithoutScale,
  select,
  settle,
  statusOf,
  type Plan,
} from './plan.js';
import { createUsageReader, readJson, readMetric, type MetricsReader } from './read-metrics.js';
import type { HorizontalOptions } from './replicas.js';
import type { Reading } from './sources.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';

const HEAD = { apiVersion: 'autoscaling/v1', kind: 'Scale' } as const;

/** The past of a target, and its last write. */
interface Memory {
  history?: History | undefined;
  /** The selector of the target's pods. */
  selector?: Selector;
  /** The resourceVersion of the last write. */
  written?: string;
}

export function createHorizontalController(
  context: ControllerContext,
  options: HorizontalOptions,
): Controller {
  const { client, env, informers, signal } = context;
  const { horizontalPodAutoscalerSyncPeriod: requeueAfterMs } = options;
  const scalers = informers.informer(TYPE);
  const pods = informers.informer(PODS);
  const workloads = WORKLOADS.map((type) => informers.informer(type));
  const events = context.events('horizontal-pod-autoscaler');
  const findTypes = createTypeFinder(context);
  const readUsage = createUsageReader(client, env.clock, requeueAfterMs / USAGE_READS_A_PERIOD);
  /** By the autoscaler's key. */
  const memories = new Map<string, Memory>();

  async function report(key: string, plan: Plan): Promise<void> {
    const { current = 0, failure, isStuck, rescale, scaler } = plan;
    const by = rescale && !isStuck ? rescale.replicas - current : 0;
    const action = by > 0 ? 'scale_up' : by < 0 ? 'scale_down' : 'none';
    env.metrics
      .counter(
        'horizontal_pod_autoscaler_controller_reconciliations_total',
        'Number of reconciliations of autoscalers',
        ['action', 'error'],
      )
      .inc({ action, error: failure === undefined ? 'none' : 'internal' });
    if (failure !== undefined) env.log.warn('autoscaling failed', { key, failure });
    for (const event of plan.events) events.event(scaler, ...event);
    const status = statusOf(plan);
    if (equalJson(status, scaler.status)) return;
    await updateStatus(client, TYPE, scaler, status).catch((error: unknown) => {
      if (!isReason(error, 'Conflict'))
        events.event(scaler, 'Warning', 'FailedUpdateStatus', errorText(error));
      throw error;
    });
  }

  /** Observes, decides, and writes the new size. */
  async function sync(scaler: HorizontalPodAutoscaler, memory: Memory): Promise<Plan> {
    const shown = shownScale(scaler, memory);
    const first = shown && (await decide(scaler, shown, memory));
    if (first && !first.rescale) return first;
    // A new size follows from what the server has, as informers may be late.
    const found = await attempt(findScale(scaler));
    if (found instanceof Error) return planWithoutScale(scaler, found.message, env.clock.now());
    const [type, scale] = found;
    const plan = await decide(scaler, scale, memory);
    const { rescale } = plan;
    if (!rescale) return plan;
    const wanted = { ...scale, spec: { replicas: rescale.replicas } };
    const answer = await attempt(client.update(type, wanted, { subresource: 'scale' }));
    if (answer instanceof Error) return settle(plan, answer.message);
    memory.written = answer.metadata.resourceVersion!;
    const by = rescale.replicas - plan.current!;
    plan.history = rememberChange(plan.history!, scaler.spec, by, env.clock.now());
    return settle(plan);
  }

  async function decide(scaler: HorizontalPodAutoscaler, scale: Scale, memory: Memory) {
    const current = scale.spec.replicas ?? 0;
    const first = { replicas: current, at: env.clock.now() };
    const { history = { recommendations: [first], changes: [] } } = memory;
    const { selector = '' } = scale.status ?? {};
    const all = pods.store.byIndex('namespace', scaler.metadata.namespace ?? '');
    const selected = select(keyOf(scaler), selector, all, memories);
    // An autoscaler whose bounds force a size is a rival too: two would undo each other's sizes.
    if (selected.selector) memory.selector = selected.selector;
    const selection = forcedSize(scaler.spec, current) ? undefined : selected;
    const isClear = selection !== undefined && !selection.refusal;
    const readings = isClear ? await readAll(scaler, selector, selection.pods) : [];
    const now = env.clock.now();
    return planSize({ scaler, scale, selection, readings, history, options, now });
  }

  /** An error as a value; an abort is thrown. */
  async function attempt<T>(act: Promise<T>): Promise<T | Error> {
    return act.catch((error: unknown) => {
      signal.throwIfAborted();
      return error instanceof Error ? error : new Error(errorText(error));
    });
  }

  /** The type of a kind, in whatever version is served. Throws an Error when nobody serves it. */
  async function typeOf(reference: Partial<CrossVersionObjectReference>) {
    const { apiVersion = '', kind } = reference;
    const words = apiVersion.split('/');
    if (words.length > 2) throw new Error(`unexpected GroupVersion string: ${apiVersion}`);
    const group = words.length === 2 ? words[0] : '';
    const isOfKind = (type: ResourceType<ApiObject>) => type.group === group && type.kind === kind;
    const [found] = await findTypes(({ type }) => isOfKind(type));
    if (!found) throw new Error(`no matches for kind "${kind}" in group "${group}"`);
    return found;
  }

  /** The scale of a workload as its informer shows it, after the last write of this controller. */
  function shownScale(
    { metadata, spec: { scaleTargetRef } }: HorizontalPodAutoscaler,
    { written = '0' }: Memory,
  ): Scale | undefined {
    const { apiVersion, kind, name } = scaleTargetRef;
    const store = workloads.find(
      ({ type }) => type.kind === kind && apiVersionOf(type) === apiVersion,
    )?.store;
    const workload = store?.get(`${metadata.namespace}/${name}`);
    if (!workload || store!.revision < BigInt(written)) return undefined;
    const { selector, specReplicas, statusReplicas } = workloadScale.read(workload);
    const status = { replicas: statusReplicas, selector };
    return { ...HEAD, metadata: workload.metadata, spec: { replicas: specReplicas }, status };
  }

  /** Throws an Error when the target has no scale. */
  async function findScale({
    metadata: { namespace },
    spec: { scaleTargetRef },
  }: HorizontalPodAutoscaler): Promise<[ResourceType<ApiObject>, Scale]> {
    const { name } = scaleTargetRef;
    // An autoscaler may not reach out of its namespace, to a resource of the cluster.
    const type = { ...(await typeOf(scaleTargetRef)), namespaced: true };
    const path = resourcePath(type, { namespace, name, subresource: 'scale' });
    return [type, await readJson<Scale>(client, path, `${qualified(type)} ${name}`)];
  }

  /** A reading or an Error for each metric in the spec, one request at a time. */
  async function readAll(scaler: HorizontalPodAutoscaler, selector: string, own: readonly Pod[]) {
    const { namespace = '' } = scaler.metadata;
    const [some, all] = [scalers, pods].map(
      ({ store }) => store.byIndex('namespace', namespace).length,
    );
    // One request for all pods of the namespace may cost less than one for each autoscaler.
    const isShared = some! > 1 && all! <= some! * PODS_A_USAGE_REQUEST;
    const among = isShared ? own : undefined;
    const usage = () => readUsage(namespace, selector, among);
    const reader: MetricsReader = { client, namespace, selector, typeOf, usage };
    const readings: (Reading | Error)[] = [];
    for (const metric of scaler.spec.metrics ?? [])
      readings.push(await attempt(readMetric(reader, metric)));
    return readings;
  }

  return {
    watches: [
      watch(scalers, (scaler, old) =>
        old && equalJson(old.spec, scaler.spec) ? [] : [keyOf(scaler)],
      ),
      watch(pods, () => []),
      ...workloads.map((informer) => watch(informer, () => [])),
    ],
    async reconcile(key): Promise<ReconcileResult> {
      const scaler = scalers.store.get(key);
      if (!scaler) return void memories.delete(key);
      const memory = getOrInsert(memories, key, () => ({}));
      const plan = await sync(scaler, memory);
      memory.history = plan.history ?? memory.history;
      await report(key, plan);
      return { requeueAfterMs };
    },
  };
}
