// A control plane with a scheduler and hollow nodes, in the process of the test: pods run, and with
// annotations of the hollow runtime they finish.
import { runTerm } from '../../cmd/kube-scheduler/run.js';
import { createEventRecorder } from '../../pkg/client/record-events.js';
import { runHollowNode } from '../../pkg/kubelet/hollow-node.js';
import { realEnv } from '../../pkg/system/env.js';
import { startControlPlane, type ControlPlane } from './control-plane.js';

/** Nodes `hollow-0`, `hollow-1`, and so on. */
export async function startHollowCluster(nodes: number): Promise<ControlPlane> {
  const plane = await startControlPlane();
  const { client } = plane;
  const abort = new AbortController();
  const env = realEnv('test', 'error');
  const recorder = createEventRecorder(client, env, { component: 'kubelet' }, abort.signal);
  const parts = Array.from({ length: nodes }, (_, at) =>
    runHollowNode(
      {
        env,
        client,
        recorder,
        name: `hollow-${at}`,
        ip: `127.0.2.${at + 1}`,
        runtime: { subnet: at, sandboxDelay: 5, startDelay: 5, stopDelay: 5 },
      },
      abort.signal,
    ),
  );
  parts.push(runTerm(env, client, 'default-scheduler', abort.signal));
  return {
    ...plane,
    async stop() {
      abort.abort(new Error('test over'));
      await Promise.allSettled(parts);
      await plane.stop();
    },
  };
}
