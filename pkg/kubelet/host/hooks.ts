// Runs lifecycle handlers, postStart and preStop (upstream: pkg/kubelet/lifecycle/handlers.go).
import { durationSeconds } from '../../apimachinery/codec/time.js';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { LifecycleHandler } from '../../apis/core/v1/types.js';
import { sleep, type Clock } from '../../util/env/env.js';
import type { Runtime } from '../runtime/runtime.js';
import { httpGet, portNumber } from './http-get.js';
import type { ProbeTarget } from './pod-host.js';

const HOOK_TIMEOUT = 60_000;

async function dial(
  handler: LifecycleHandler,
  target: ProbeTarget,
  signal: AbortSignal,
): Promise<void> {
  const { host, port } = handler.tcpSocket!;
  const number = portNumber(port, target.container);
  const socket = connect({ host: host || target.podIP, port: number, signal });
  await once(socket, 'connect');
  socket.destroy();
}

/** Throws when the handler fails. */
export async function runHook(
  clock: Clock,
  runtime: Runtime,
  handler: LifecycleHandler,
  target: ProbeTarget,
  signal: AbortSignal,
): Promise<void> {
  if (handler.exec) {
    const command = handler.exec.command ?? [];
    const result = await runtime.execSync(target.containerId, command, 0);
    if (result.exitCode === 0) return;
    const output = Buffer.concat([result.stdout, result.stderr]).toString();
    throw new Error(`command '${command.join(' ')}' exited with ${result.exitCode}: ${output}`);
  }
  if (handler.httpGet) {
    // Any answer is a success, as upstream.
    await httpGet(handler.httpGet, target, HOOK_TIMEOUT, 'kube-lifecycle/1.32', signal);
    return;
  }
  if (handler.sleep)
    return sleep(clock, durationSeconds(handler.sleep.seconds ?? 0) * 1000, signal);
  if (handler.tcpSocket) await dial(handler, target, signal);
}
