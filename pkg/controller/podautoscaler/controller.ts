// horizontal-pod-autoscaler-controller: keeps targets at the size that their metrics ask for
// (upstream: pkg/controller/podautoscaler). Each autoscaler is looked at in every sync period, and
// when its spec changes. Targets are found by discovery and changed by their scale subresource.
import { isReason, qualified } from '../../apimachinery/errors/status-error.js';
import type { Selector } from '../../apimachinery/labels/selector.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import { keyOf, type ApiObject, type ResourceType } from '../../apimachinery/meta/object.js';
import type { Scale } from '../../apis/autoscaling/v1/types.js';
import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscaler,
} from '../../apis/autoscaling/v2/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { HORIZONTAL_POD_AUTOSCALERS_AUTOSCALING_V2, PODS } from '../../apis/resource-types.js';
import type { EventRecorder } from '../../client/event-recorder.js';
import { resourcePath } from '../../client/resource-path.js';
import { errorText } from '../../util/errors/error-text.js';
import {
  watch,
  type Controller,
  type ControllerContext,
  type Informer,
  type ReconcileResult,
} from '../runtime/controller.js';
import { updateStatus } from '../../client/requests.js';
import { createTypeFinder, type TypeFinder } from '../runtime/type-finder.js';
import { rememberChange, type History } from './behavior.js';
import { forcedSize, planSize, planWithoutScale, select, settle, statusOf } from './plan.js';
import type { Plan, Selection } from './plan.js';
import { readJson, readMetric, type MetricsReader } from './read-metrics.js';
import type { HorizontalOptions } from './replicas.js';
import type { Reading } from './sources.js';

const TYPE = HORIZONTAL_POD_AUTOSCALERS_AUTOSCALING_V2;

interface Parts {
  context: ControllerContext;
  options: HorizontalOptions;
  scalers: Informer<HorizontalPodAutoscaler>;
  pods: Informer<Pod>;
  events: EventRecorder;
  findTypes: TypeFinder;
  /** By the autoscaler's key: the past of the target, and the selector of its pods. */
  memories: Map<string, { history: History; selector?: Selector }>;
}

export function createHorizontalController(
  context: ControllerContext,
  options: HorizontalOptions,
): Controller {
  const parts: Parts = {
    context,
    options,
    scalers: context.informers.informer(TYPE),
    pods: context.informers.informer(PODS),
    events: context.events('horizontal-pod-autoscaler'),
    findTypes: createTypeFinder(context),
    memories: new Map(),
  };
  const { horizontalPodAutoscalerSyncPeriod: requeueAfterMs } = options;
  return {
    watches: [
      watch(parts.scalers, (scaler, old) =>
        old && equalJson(old.spec, scaler.spec) ? [] : [keyOf(scaler)],
      ),
      watch(parts.pods, () => []),
    ],
    async reconcile(key): Promise<ReconcileResult> {
      const scaler = parts.scalers.store.get(key);
      if (!scaler) return void parts.memories.delete(key);
      const plan = await sync(parts, key, scaler);
      await report(parts, key, plan);
      return { requeueAfterMs };
    },
  };
}

async function report(
  { context: { client, env }, events }: Parts,
  key: string,
  plan: Plan,
): Promise<void> {
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
async function sync(parts: Parts, key: string, scaler: HorizontalPodAutoscaler): Promise<Plan> {
  const { memories, options } = parts;
  const { client, env, signal } = parts.context;
  const found = await attempt(findScale(parts, scaler), signal);
  if (found instanceof Error) return planWithoutScale(scaler, found.message, env.clock.now());
  const [type, scale] = found;
  const current = scale.spec.replicas ?? 0;
  const first = { replicas: current, at: env.clock.now() };
  const memory = memories.get(key) ?? { history: { recommendations: [first], changes: [] } };
  memories.set(key, memory);
  const selection = forcedSize(scaler.spec, current)
    ? undefined
    : selectPods(parts, key, scaler, scale);
  if (selection?.selector) memory.selector = selection.selector;
  const readings = selection && !selection.refusal ? await readAll(parts, scaler, scale) : [];
  const { history } = memory;
  const now = env.clock.now();
  const plan = planSize({ scaler, scale, selection, readings, history, options, now });
  memory.history = plan.history ?? history;
  const { rescale } = plan;
  if (!rescale) return plan;
  const wanted = { ...scale, spec: { replicas: rescale.replicas } };
  const written = client.update(type, wanted, { subresource: 'scale' });
  const answer = await attempt(written, signal);
  if (answer instanceof Error) return settle(plan, answer.message);
  const by = rescale.replicas - current;
  memory.history = rememberChange(memory.history, scaler.spec, by, env.clock.now());
  return settle(plan);
}

/** An error as a value; an abort is thrown. */
async function attempt<T>(act: Promise<T>, signal: AbortSignal): Promise<T | Error> {
  return act.catch((error: unknown) => {
    signal.throwIfAborted();
    return error instanceof Error ? error : new Error(errorText(error));
  });
}

function selectPods(
  { memories, pods }: Parts,
  key: string,
  { metadata: { namespace = '' } }: HorizontalPodAutoscaler,
  { status }: Scale,
): Selection {
  const rivals = new Map<string, Selector>();
  for (const [other, { selector }] of memories)
    if (selector && other !== key && other.startsWith(`${namespace}/`)) rivals.set(other, selector);
  return select(key, status?.selector, pods.store.byIndex('namespace', namespace), rivals);
}

/** The type of a kind, in whatever version it is served. Throws an Error when nobody serves it. */
async function typeOf(
  { findTypes }: Parts,
  { apiVersion = '', kind }: Partial<CrossVersionObjectReference>,
): Promise<ResourceType<ApiObject>> {
  const words = apiVersion.split('/');
  if (words.length > 2) throw new Error(`unexpected GroupVersion string: ${apiVersion}`);
  const group = words.length === 2 ? words[0] : '';
  const isOfKind = (type: ResourceType<ApiObject>) => type.group === group && type.kind === kind;
  const [found] = await findTypes(({ type }) => isOfKind(type));
  if (!found) throw new Error(`no matches for kind "${kind}" in group "${group}"`);
  return found;
}

/** Throws an Error when the target has no scale. */
async function findScale(
  parts: Parts,
  { metadata: { namespace }, spec: { scaleTargetRef } }: HorizontalPodAutoscaler,
): Promise<[ResourceType<ApiObject>, Scale]> {
  const { client } = parts.context;
  const { name } = scaleTargetRef;
  // An autoscaler may not reach out of its namespace, to a resource of the cluster.
  const type = { ...(await typeOf(parts, scaleTargetRef)), namespaced: true };
  const path = resourcePath(type, { namespace, name, subresource: 'scale' });
  return [type, await readJson<Scale>(client, path, `${qualified(type)} ${name}`)];
}

/** A reading or an Error for each metric in the spec, one request at a time. */
async function readAll(
  parts: Parts,
  { metadata, spec }: HorizontalPodAutoscaler,
  { status }: Scale,
): Promise<(Reading | Error)[]> {
  const { client, signal } = parts.context;
  const reader: MetricsReader = {
    client,
    namespace: metadata.namespace ?? '',
    selector: status?.selector ?? '',
    typeOf: (reference) => typeOf(parts, reference),
  };
  const readings: (Reading | Error)[] = [];
  for (const metric of spec.metrics ?? [])
    readings.push(await attempt(readMetric(reader, metric), signal));
  return readings;
}
