// Runs exec, HTTP, TCP and gRPC probes (upstream: pkg/probe). Each probe opens a new connection.
import * as grpc from '@grpc/grpc-js';
import { connect } from 'node:net';
import type { Probe } from '../../apis/core/v1/types.js';
import { PROBE_BODY_BYTES } from '../limits.js';
import { RuntimeError, type Runtime } from '../runtime/runtime.js';
import { bracket, dialError, httpGet, portNumber, type ProbeTarget } from './http-get.js';
import type { ProbeOutcome } from './pod-host.js';

async function http(probe: Probe, target: ProbeTarget, timeoutMs: number): Promise<ProbeOutcome> {
  try {
    const answer = await httpGet(probe.httpGet!, target, timeoutMs, 'kube-probe/1.32');
    if (answer.status >= 300 && answer.status < 400)
      return {
        result: 'warning',
        output: `Probe terminated redirects, Response body: ${answer.body}`,
      };
    if (answer.status >= 200 && answer.status < 300)
      return { result: 'success', output: answer.body };
    return { result: 'failure', output: `HTTP probe failed with statuscode: ${answer.status}` };
  } catch (error) {
    return { result: 'failure', output: (error as Error).message };
  }
}

function tcp(probe: Probe, target: ProbeTarget, timeoutMs: number): Promise<ProbeOutcome> {
  const host = probe.tcpSocket!.host || target.podIP;
  const port = portNumber(probe.tcpSocket!.port, target.container);
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (outcome: ProbeOutcome) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(
      () => end({ result: 'failure', output: `dial tcp ${bracket(host)}:${port}: i/o timeout` }),
      timeoutMs,
    );
    socket.once('connect', () => end({ result: 'success', output: '' }));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end({ result: 'failure', output: dialError(error, host, port) }),
    );
  });
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
    return { result: result.exitCode === 0 ? 'success' : 'failure', output };
  } catch (error) {
    const late =
      error instanceof RuntimeError &&
      (error.code === 'DeadlineExceeded' || /timed out|timeout/.test(error.message));
    if (late)
      return {
        result: 'failure',
        output: `command "${(probe.exec!.command ?? []).join(' ')}" timed out`,
      };
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
  return new Promise((resolve) => {
    const end = (outcome: ProbeOutcome) => {
      client.close();
      resolve(outcome);
    };
    client.makeUnaryRequest(
      '/grpc.health.v1.Health/Check',
      (b: Buffer) => b,
      (b: Buffer) => b,
      body,
      new grpc.Metadata(),
      { deadline: Date.now() + timeoutMs },
      (error, answer) => {
        if (error?.code === grpc.status.DEADLINE_EXCEEDED)
          end({
            result: 'failure',
            output: `timeout: failed to connect service "${address}" within ${timeoutMs}ms: context deadline exceeded`,
          });
        else if (error)
          end({
            result: 'failure',
            output: `error: health rpc failed: ${error.details || error.message}`,
          });
        else if (answer?.[0] === 0x08 && answer[1] === SERVING)
          end({ result: 'success', output: 'service healthy' });
        else
          end({
            result: 'failure',
            output: `service unhealthy (responded with "${answer?.[1] === 2 ? 'NOT_SERVING' : 'UNKNOWN'}")`,
          });
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
  return Promise.resolve({ result: 'success', output: '' });
}
