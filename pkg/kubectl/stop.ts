// `kubectl stop` of Kubernetes 1.0 (pkg/kubectl/stop.go): objects that keep pods let go of them
// before they are deleted.
import type { ApiObject } from '../apimachinery/meta/object.js';
import type { Clock } from '../util/env/env.js';
import { until } from '../util/wait/retry.js';
import type { Kubectl } from '../system/kubectl.js';

interface Counted extends ApiObject {
  spec?: Record<string, unknown>;
  status?: Record<string, number>;
}

/** By KIND.GROUP: the field that asks for pods, and the field that counts them. */
const COUNTS: Readonly<Record<string, readonly [wanted: string, seen: string]>> = {
  'ReplicationController.': ['replicas', 'replicas'],
  'ReplicaSet.apps': ['replicas', 'replicas'],
  'Deployment.apps': ['replicas', 'replicas'],
  'StatefulSet.apps': ['replicas', 'replicas'],
  'Job.batch': ['parallelism', 'active'],
};

export interface StopOptions {
  /** Words of `kubectl get` that select the objects. */
  selection: readonly string[];
  /** The content of the file `-`. */
  input: string;
  /** Words for `kubectl delete`. */
  deletion: readonly string[];
  pollMs: number;
  /** Bound of the wait for the pods of an object. */
  timeoutMs: number;
}

/** Stops the selected objects one after another, and prints kubectl's line for each. */
export async function stop(
  kubectl: Kubectl,
  options: StopOptions,
  clock: Clock,
  print: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { pollMs: periodMs, timeoutMs: limitMs } = options;
  const objects = await kubectl.objects<Counted>(['get', ...options.selection], options.input);
  if (!objects.length) print('No resources found\n');
  for (const { apiVersion, kind, metadata } of objects) {
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    const name = `${kind}.${version}.${group}/${metadata.name}`;
    const where = metadata.namespace ? [`--namespace=${metadata.namespace}`] : [];
    const [wanted, seen] = COUNTS[`${kind}.${group}`] ?? [];
    if (wanted && seen) {
      const patch = JSON.stringify({ spec: { [wanted]: 0 } });
      await kubectl.run(['patch', name, ...where, '--type=merge', '-p', patch]);
      const isEmpty = await until({ clock, signal, periodMs, limitMs }, async () => {
        const [now] = await kubectl.objects<Counted>(['get', name, ...where, '--ignore-not-found']);
        const { observedGeneration = Infinity, [seen]: left = 0 } = now?.status ?? {};
        return !now || (left === 0 && observedGeneration >= (now.metadata.generation ?? 0));
      });
      signal.throwIfAborted();
      if (!isEmpty) throw new Error(`timed out waiting for the pods of ${name}`);
    }
    print(await kubectl.run(['delete', name, ...where, '--wait=false', ...options.deletion]));
  }
}
