// Runtime events from containerd's event stream. The exit of a task arrives as soon as its shim
// reports it, long before a relist. Start events are not subscribed to: only the kubelet starts
// tasks.
import { Backoff } from '../../../util/backoff/backoff.js';
import type { Clock, Log } from '../../../util/env/env.js';
import { every } from '../../../util/wait/every.js';
import { EVENT_STREAM_RETRY } from '../../limits.js';
import type { RuntimeEvent } from '../runtime.js';
import { decodeMessage, type GrpcConnection } from './grpc.js';

const KINDS: Record<string, RuntimeEvent['kind']> = {
  '/tasks/exit': 'exited',
  '/tasks/oom': 'oom',
};

/**
 * Runs until abort. Each connection begins with a 'relist' event, since earlier events may be lost.
 */
export async function watchContainerd(
  connection: GrpcConnection,
  env: { clock: Clock; log: Log },
  onEvent: (event: RuntimeEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const backoff = new Backoff(EVENT_STREAM_RETRY);
  const filters = Object.keys(KINDS).map((topic) => `namespace==k8s.io,topic=="${topic}"`);
  const period = { periodMs: () => backoff.next(), failed: 'runtime event stream broke' };
  await every({ env, signal, ...period }, async () => {
    const stream = connection.stream<{ topic: string; event: { value: Uint8Array } | null }>(
      'containerd.services.events.v1.Events/Subscribe',
      { filters },
      { 'containerd-namespace': 'k8s.io' },
      signal,
    );
    onEvent({ kind: 'relist' });
    for await (const envelope of stream) {
      backoff.reset();
      const kind = KINDS[envelope.topic];
      if (!kind || !envelope.event) continue;
      const type = kind === 'exited' ? 'TaskExit' : 'TaskEvent';
      const { containerId, id } = decodeMessage<{ containerId: string; id?: string }>(
        `containerd.services.events.v1.${type}`,
        envelope.event.value,
      );
      if (id && id !== containerId) continue;
      onEvent({ id: containerId, kind });
    }
  });
}
