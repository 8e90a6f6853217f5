// Deletes the victims that preemption.ts has chosen, with their own grace periods.
import type { PodInfo } from './framework/pod-info.js';
import { PODS } from '../apis/resource-types.js';
import { isReason } from '../apimachinery/errors/status-error.js';
import type { Client } from '../client/client.js';
import type { EventRecorder } from '../client/event-recorder.js';
import type { Clock } from '../util/env/env.js';
import { disruptionTarget } from '../component-helpers/conditions.js';
import type { Candidate } from './preemption.js';

interface Deps {
  client: Client;
  events: EventRecorder;
  clock: Clock;
  schedulerName: string;
}

/** Deletes every victim of `candidate`; a victim that no longer exists is no error. */
export async function evictVictims(
  deps: Deps,
  preemptor: PodInfo,
  { node, victims }: Candidate,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(victims.map((victim) => evict(deps, preemptor, victim, node, signal)));
}

async function evict(
  { client, events, clock, schedulerName }: Deps,
  preemptor: PodInfo,
  victim: PodInfo,
  node: string,
  signal: AbortSignal,
): Promise<void> {
  const { name, namespace = '', uid, deletionTimestamp } = victim.pod.metadata;
  // A second deletion could shorten the grace period that the victim has.
  if (deletionTimestamp) return;
  const message = `${schedulerName}: preempting to accommodate a higher priority pod`;
  const condition = disruptionTarget('PreemptionByScheduler', message, clock.now());
  try {
    await client.patch(
      PODS,
      { namespace, name },
      { metadata: { uid }, status: { conditions: [condition] } },
      { type: 'strategic', subresource: 'status', signal },
    );
    await client.delete(
      PODS,
      { namespace, name },
      { ...(uid ? { preconditions: { uid } } : {}), signal },
    );
  } catch (error) {
    if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error;
    return;
  }
  events.event(
    victim.pod,
    'Normal',
    'Preempted',
    `Preempted by pod ${preemptor.pod.metadata.uid ?? preemptor.key} on node ${node}`,
  );
}
