// Runs exec, HTTP, TCP and gRPC probes (upstream: pkg/probe), and lifecycle handlers: postStart and
// preStop (upstream: pkg/kubelet/lifecycle/handlers.go). Each probe opens a new connection.
import * as grpc from '@grpc/grpc-js';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Probe, LifecycleHandler } from '../../apis/core/v1/types.js';
import { PROBE_BODY_BYTES } from '../limits.js';
import { RuntimeError, type Runtime } from '../runtime/runtime.js';
import { bracket, dialError, httpGet, portNumber } from './http-get.js';
import type { ProbeOutcome, ProbeTarget } from './pod-host.js';
import { durationSeconds } from '../../apimachinery/codec/time.js';
import { sleep, type Clock } from '../../util/env/env.js';

const success = (output: string): ProbeOutcome => ({ result: 'success', output });
const failure = (output: string): ProbeOutcome => ({ result: 'failure', output });

async function http(probe: Probe, target: ProbeTarget, timeoutMs: number): Promise<ProbeOutcome> {
  try {
    const answer = await httpGet(probe.httpGet!, target, timeoutMs, 'kube-probe/1.32');
    if (answer.status >= 300 && answer.status < 400)
      return {
        result: 'warning',
        output: `Probe terminated redirects, Response body: ${answer.body}`,
      };
    if (answer.status >= 200 && answer.status < 300) return success(answer.body);
    return failure(`HTTP probe failed with statuscode: ${answer.status}`);
  } catch (error) {
    return failure((error as Error).message);
  }
}

/** Opens a connection and closes it. */
async function dial(host: string, port: number, signal: AbortSignal): Promise<void> {
  const socket = connect({ host, port, signal });
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

async function tcp(probe: Probe, target: ProbeTarget, timeoutMs: number): Promise<ProbeOutcome> {
  const host = probe.tcpSocket!.host || target.podIP;
  const port = portNumber(probe.tcpSocket!.port, target.container);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    await dial(host, port, signal);
    return success('');
  } catch (error) {
    if (signal.aborted) return failure(`dial tcp ${bracket(host)}:${port}: i/o timeout`);
    return failure(dialError(error as NodeJS.ErrnoException, host, port));
  }
}

async function exec(
  runtime: Runtime,
  probe: Probe,
  target: ProbeTarget,
  timeoutMs: number,
): Promise<ProbeOutcome> {
  const seconds = Math.max(1, Math.ceil(timeoutMs / 1000));
  try {
    const result = await runtime.execSync(target.containerId, probe.exec!.command ?? [], seconds);
    const output = Buffer.concat([result.stdout, result.stderr])
      .subarray(0, PROBE_BODY_BYTES)
      .toString();
    return result.exitCode === 0 ? success(output) : failure(output);
  } catch (error) {
    const late =
      error instanceof RuntimeError &&
      (error.code === 'DeadlineExceeded' || /timed out|timeout/.test(error.message));
    if (late) return failure(`command "${(probe.exec!.command ?? []).join(' ')}" timed out`);
    throw error;
  }
}

const SERVING = 1;

/** Calls grpc.health.v1.Health/Check. Both messages have one field and are coded by hand. */
function health(probe: Probe, target: ProbeTarget, timeoutMs: number): Promise<ProbeOutcome> {
  const { port, service = '' } = probe.grpc!;
  const address = `${bracket(target.podIP)}:${port}`;
  const client = new grpc.Client(address, grpc.credentials.createInsecure());
  const name = Buffer.from(service);
  const body = name.length
    ? Buffer.concat([Buffer.from([0x0a, name.length]), name])
    : Buffer.alloc(0);
  const outcomeOf = (error: grpc.ServiceError | null, answer: Buffer | undefined) => {
    if (error?.code === grpc.status.DEADLINE_EXCEEDED)
      return failure(
        `timeout: failed to connect service "${address}" within ${timeoutMs}ms: context deadline exceeded`,
      );
    if (error) return failure(`error: health rpc failed: ${error.details || error.message}`);
    if (answer?.[0] === 0x08 && answer[1] === SERVING) return success('service healthy');
    const state = answer?.[1] === 2 ? 'NOT_SERVING' : 'UNKNOWN';
    return failure(`service unhealthy (responded with "${state}")`);
  };
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      '/grpc.health.v1.Health/Check',
      (b: Buffer) => b,
      (b: Buffer) => b,
      body,
      new grpc.Metadata(),
      { deadline: Date.now() + timeoutMs },
      (error, answer) => {
        client.close();
        resolve(outcomeOf(error, answer));
      },
    );
  });
}

export function runProbe(
  runtime: Runtime,
  probe: Probe,
  target: ProbeTarget,
): Promise<ProbeOutcome> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  if (probe.exec) return exec(runtime, probe, target, timeoutMs);
  if (probe.httpGet) return http(probe, target, timeoutMs);
  if (probe.tcpSocket) return tcp(probe, target, timeoutMs);
  if (probe.grpc) return health(probe, target, timeoutMs);
  return Promise.resolve(success(''));
}

const HOOK_TIMEOUT = 60_000;

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
  if (!handler.tcpSocket) return;
  const { host, port } = handler.tcpSocket;
  await dial(host || target.podIP, portNumber(port, target.container), signal);
}
