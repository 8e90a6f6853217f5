// Deletes the victims that preemption.ts has chosen, with their own grace periods.
import type { PodInfo } from './framework/pod-info.js';
import type { Pod } from '../apis/core/v1/types.js';
import { PODS } from '../apis/resource-types.js';
import type { Client } from '../client/client.js';
import type { EventRecorder } from '../client/event-recorder.js';
import { deleteObject, ignoreGone, patchStatus } from '../client/requests.js';
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
  { client, events, clock, schedulerName }: Deps,
  preemptor: PodInfo,
  { node, victims }: Candidate,
): Promise<void> {
  const reason = `${schedulerName}: preempting to accommodate a higher priority pod`;
  const condition = disruptionTarget('PreemptionByScheduler', reason, clock.now());
  const message = `Preempted by pod ${preemptor.pod.metadata.uid ?? preemptor.key} on node ${node}`;
  const evict = async (pod: Pod) => {
    const status = { conditions: [condition] };
    const marked = await patchStatus(client, PODS, pod, status).catch(ignoreGone);
    if (marked && (await deleteObject(client, PODS, pod)))
      events.event(pod, 'Normal', 'Preempted', message);
  };
  // A second deletion could shorten the grace period that a victim has.
  const left = victims.filter(({ pod }) => !pod.metadata.deletionTimestamp);
  await Promise.all(left.map(({ pod }) => evict(pod)));
}
