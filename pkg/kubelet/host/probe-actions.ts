// Runs exec, HTTP, TCP and gRPC probes (upstream: pkg/probe). Each probe opens a new connection.
import * as grpc from '@grpc/grpc-js';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import type { Container, HTTPGetAction, Probe } from '../../apis/core/v1/types.js';
import { containerPortOf } from '../../component-helpers/pods.js';
import { PROBE_BODY_BYTES } from '../limits.js';
import { RuntimeError, type Runtime } from '../runtime/runtime.js';
import type { ProbeOutcome } from './pod-host.js';
import { familyOf } from '../../util/netaddr/ip.js';

export interface ProbeTarget {
  container: Container;
  containerId: string;
  podIP: string;
}

/** Resolves a port number or the name of a container port. */
export function portNumber(port: number | string, container: Container): number {
  const number = containerPortOf(container, port);
  if (number === undefined) throw new Error(`couldn't find port: ${port}`);
  return number;
}

const bracket = (host: string) => (familyOf(host) === 6 ? `[${host}]` : host);

export interface HttpAnswer {
  status: number;
  body: string;
  location?: string;
}

/** GET as probes and hooks send it: no certificate check, any request header. */
export function httpGet(
  action: HTTPGetAction,
  target: ProbeTarget,
  timeoutMs: number,
  userAgent: string,
  signal?: AbortSignal,
): Promise<HttpAnswer> {
  const tls = action.scheme?.toUpperCase() === 'HTTPS';
  const host = action.host || target.podIP;
  const port = portNumber(action.port, target.container);
  const path = (action.path ?? '/').startsWith('/') ? (action.path ?? '/') : `/${action.path}`;
  const headers: Record<string, string | string[]> = {
    'user-agent': userAgent,
    accept: '*/*',
    connection: 'close',
    host: `${bracket(host)}:${port}`,
  };
  for (const { name, value } of action.httpHeaders ?? []) headers[name.toLowerCase()] = value;
  const url = `${tls ? 'https' : 'http'}://${bracket(host)}:${port}${path}`;
  const failed = (why: string) => new Error(`Get "${url}": ${why}`);
  return new Promise((resolve, reject) => {
    const call = (tls ? httpsRequest : httpRequest)(
      {
        host,
        port,
        path,
        method: 'GET',
        headers,
        agent: false,
        rejectUnauthorized: false,
        ...(signal ? { signal } : {}),
      },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          if (size < PROBE_BODY_BYTES) chunks.push(chunk.subarray(0, PROBE_BODY_BYTES - size));
          size += chunk.length;
          if (size > PROBE_BODY_BYTES) response.destroy();
        });
        response.on('close', () => {
          clearTimeout(timer);
          const location = response.headers.location;
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks).toString(),
            ...(location ? { location } : {}),
          });
        });
      },
    );
    const timer = setTimeout(
      () =>
        call.destroy(
          failed('context deadline exceeded (Client.Timeout exceeded while awaiting headers)'),
        ),
      timeoutMs,
    );
    call.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(error.message.startsWith('Get ') ? error : failed(dialError(error, host, port)));
    });
    call.end();
  });
}

function dialError(error: NodeJS.ErrnoException, host: string, port: number): string {
  const words: Record<string, string> = {
    ECONNREFUSED: 'connect: connection refused',
    EHOSTUNREACH: 'connect: no route to host',
    ENETUNREACH: 'connect: network is unreachable',
    ECONNRESET: 'read: connection reset by peer',
  };
  const word = words[error.code ?? ''];
  return word ? `dial tcp ${bracket(host)}:${port}: ${word}` : error.message;
}

async function http(probe: Probe, target: ProbeTarget, timeoutMs: number): Promise<ProbeOutcome> {
  try {
    const answer = await httpGet(probe.httpGet!, target, timeoutMs, 'kube-probe/1.32');
    if (answer.status >= 200 && answer.status < 400)
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
