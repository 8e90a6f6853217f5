// Runs controllers: handlers fill the queue, workers drain it, failures are requeued with back-off.
import { isNamespaceTerminating, isReason } from '../../apimachinery/errors/status-error.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { WorkQueue } from '../../client/workqueue.js';
import type { Env } from '../../util/env/env.js';
import type { ChangeType, NamedController, Watch } from './controller.js';
import { RECONCILE_METRICS } from './metrics.generated.js';
import { registered } from '../../util/metrics/registered.js';

/** Runs until abort and all workers have returned. The informers must be run by the caller. */
export async function runControllers(
  env: Env,
  controllers: readonly NamedController[],
  signal: AbortSignal,
): Promise<void> {
  const names = controllers.map((controller) => controller.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice) throw new Error(`two controllers are named ${twice}`);
  await Promise.all(controllers.map((controller) => runController(env, controller, signal)));
}

async function runController(
  env: Env,
  controller: NamedController,
  signal: AbortSignal,
): Promise<void> {
  const queue = new WorkQueue(controller.name, env);
  const log = env.log.child({ controller: controller.name });
  const removals = controller.watches.map((watch) => connect(watch, queue));
  try {
    await Promise.all(controller.watches.map(({ informer }) => informer.waitForSync(signal)));
    log.info('controller started');
    const work = Array.from({ length: controller.workers }, () =>
      runWorker({ ...env, log }, controller, queue, signal),
    );
    // A failure of a background loop is a bug: it is logged, and workers keep reconciling keys.
    const loop = controller
      .run?.((key) => queue.add(key))
      .catch((error: unknown) => {
        if (!signal.aborted) log.error('controller loop failed', { error });
      });
    await Promise.all([...work, loop]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    for (const remove of removals) remove();
    queue.close();
  }
}

function connect(watch: Watch, queue: WorkQueue): () => void {
  const enqueue = (object: ApiObject, old: ApiObject | undefined, change: ChangeType): void => {
    for (const key of watch.keys(object, old, change)) queue.add(key);
  };
  return watch.informer.addHandler({
    added: (object) => enqueue(object, undefined, 'added'),
    updated: (object, old) => enqueue(object, old, 'updated'),
    deleted: (object) => enqueue(object, undefined, 'deleted'),
  });
}

async function runWorker(
  env: Env,
  controller: NamedController,
  queue: WorkQueue,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log, metrics } = env;
  const { total, took } = registered(metrics, RECONCILE_METRICS);
  const count = (result: string) => total.inc({ controller: controller.name, result });
  for (let key = await queue.get(signal); key !== undefined; key = await queue.get(signal)) {
    const started = clock.monotonic();
    try {
      const result = await controller.reconcile(key);
      queue.forget(key);
      if (result) queue.addAfter(key, result.requeueAfterMs);
      count(result ? 'requeue_after' : 'success');
    } catch (error) {
      if (isNamespaceTerminating(error)) {
        // Every further attempt would be refused too; the watch reports the deletion of the object.
        queue.forget(key);
        count('success');
      } else if (!signal.aborted) {
        queue.addRateLimited(key);
        count('error');
        // A conflict means that the cache is behind; the watch is about to catch up.
        if (isReason(error, 'Conflict')) log.debug('reconcile conflict', { key });
        else
          log.warn('reconcile failed', {
            key,
            failures: queue.failures(key),
            error: (error as Error).message,
          });
      }
    } finally {
      queue.done(key);
      took.observe((clock.monotonic() - started) / 1000, { controller: controller.name });
    }
  }
}
