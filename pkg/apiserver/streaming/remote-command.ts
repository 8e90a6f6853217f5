// pods/exec and pods/attach. A SPDY client's bytes are relayed to the kubelet unchanged. A
// WebSocket client is translated to SPDY streams towards the kubelet, because only these two
// protocols can close stdin alone (upstream apiserver/pkg/util/proxy/streamtranslator.go).
import { badRequest } from '../../apimachinery/errors/status-error.js';
import type { ConnectHandler, HandlerRequest } from '../extension/handler.js';
import type { ServerServices } from '../extension/services.js';
import { isTrue } from '../request/request-info.js';
import {
  acceptWebSocket,
  CHANNEL,
  Channels,
  chooseProtocol,
  REMOTE_COMMAND_PROTOCOLS,
} from './channels.js';
import { chooseContainer, kubeletOf, type KubeletClientConfig, podOf } from './kubelet.js';
import { MAX_STATUS_BYTES } from './limits.js';
import { SpdySession, type SpdyStream } from './spdy/session.js';
import { type Backend, forwardedHeaders, relay, type Upgraded, upgradeKubelet } from './upgrade.js';

interface Wanted {
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  tty: boolean;
}

/**
 * Reads the options of PodExecOptions and PodAttachOptions. Throws BadRequest when no stream is
 * requested.
 */
function wantedStreams(query: URLSearchParams): Wanted {
  const flag = (name: string) => query.has(name) && isTrue(query.get(name));
  const tty = flag('tty');
  const wanted = {
    stdin: flag('stdin'),
    stdout: flag('stdout'),
    stderr: flag('stderr') && !tty,
    tty,
  };
  if (!wanted.stdin && !wanted.stdout && !wanted.stderr)
    throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
  return wanted;
}

/** Path and query of the kubelet's endpoint. */
function kubeletPath(
  action: 'exec' | 'attach',
  namespace: string,
  pod: string,
  container: string,
  wanted: Wanted,
  commands: string[],
): string {
  const query = new URLSearchParams();
  const { stdin: input, stdout: output, stderr: error, tty } = wanted;
  for (const [name, isWanted] of Object.entries({ input, output, error, tty }))
    if (isWanted) query.set(name, '1');
  for (const command of commands) query.append('command', command);
  return `/${action}/${encodeURIComponent(namespace)}/${encodeURIComponent(pod)}/${encodeURIComponent(container)}?${query.toString()}`;
}

/** Forwards the client's SPDY handshake, then relays every byte. */
export async function tunnelSpdy(
  request: HandlerRequest,
  backend: Backend,
  path: string,
): Promise<void> {
  const headers = {
    ...forwardedHeaders(request.headers),
    connection: 'Upgrade',
    upgrade: String(request.headers['upgrade']),
    'content-length': '0',
  };
  const answer = await upgradeKubelet(backend, { method: 'POST', path, headers }, request.signal);
  await relay(request.upgrade!, answer);
}

/** A new SPDY connection to the kubelet. */
export function upgradeToSpdy(
  backend: Backend,
  path: string,
  protocol: string,
  { signal }: HandlerRequest,
): Promise<Upgraded> {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'SPDY/3.1',
    'content-length': '0',
    'x-stream-protocol-version': protocol,
  };
  return upgradeKubelet(backend, { method: 'POST', path, headers }, signal);
}

/** The kubelet's end of a translated connection. */
export async function openSpdy(
  ...connection: Parameters<typeof upgradeToSpdy>
): Promise<SpdySession> {
  const { socket, head } = await upgradeToSpdy(...connection);
  return new SpdySession(socket, head);
}

interface KubeletStreams {
  error: SpdyStream;
  stdin?: SpdyStream;
  stdout?: SpdyStream;
  stderr?: SpdyStream;
  resize?: SpdyStream;
}

/** Opens the streams in client-go's order and waits until all are accepted. */
async function openStreams(session: SpdySession, wanted: Wanted): Promise<KubeletStreams> {
  const open = (streamtype: string) => session.open({ streamtype });
  const streams: KubeletStreams = {
    error: open('error'),
    ...(wanted.stdin && { stdin: open('stdin') }),
    ...(wanted.stdout && { stdout: open('stdout') }),
    ...(wanted.stderr && { stderr: open('stderr') }),
    ...(wanted.tty && { resize: open('resize') }),
  };
  // the end of the session reports the error
  for (const stream of Object.values(streams) as SpdyStream[]) stream.on('error', () => {});
  await Promise.all((Object.values(streams) as SpdyStream[]).map((stream) => stream.accepted));
  streams.error.end(); // the client's side writes nothing on these
  return streams;
}

/**
 * Reads the stream to its end, without a reset: the other streams' last bytes may still be in
 * flight.
 */
const bytesOf = (stream: SpdyStream) =>
  stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;

async function readAll(stream: SpdyStream, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytesOf(stream)) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function copyOut(
  stream: SpdyStream | undefined,
  channel: number,
  channels: Channels,
): Promise<void> {
  if (!stream) return;
  for await (const chunk of bytesOf(stream)) await channels.send(channel, chunk);
}

const LOST = JSON.stringify({
  metadata: {},
  status: 'Failure',
  message: 'the connection to the container was lost',
  reason: 'InternalError',
  code: 500,
});

/**
 * The message of the error channel: a JSON Status from version 4 on, before that the text of a
 * failure.
 */
function statusPayload(text: string, version: number): string {
  const status = text || LOST;
  if (version >= 4) return status;
  try {
    const { status: outcome, message } = JSON.parse(status) as {
      status?: string;
      message?: string;
    };
    return outcome === 'Success' ? '' : (message ?? '');
  } catch {
    return status;
  }
}

/** Input that arrives before the kubelet's streams are open waits in the paused socket. */
async function translate(
  request: HandlerRequest,
  session: SpdySession,
  wanted: Wanted,
): Promise<void> {
  const client = request.upgrade!;
  const protocol = chooseProtocol(client.request, REMOTE_COMMAND_PROTOCOLS);
  const streams = await openStreams(session, wanted);
  const socket = await acceptWebSocket(client, protocol);
  const channels: Channels = new Channels(socket, protocol, {
    message(channel, payload) {
      const { stdin, resize } = streams;
      const target = channel === CHANNEL.stdin ? stdin : channel === CHANNEL.resize && resize;
      if (!target || target.writableEnded || target.destroyed || !payload.length) return;
      if (!target.write(payload)) channels.pauseFor(target);
    },
    close(channel) {
      if (channel === CHANNEL.stdin) streams.stdin?.end();
    },
    gone: () => session.destroy(),
  });
  try {
    if (channels.version < 5)
      await channels.send(
        wanted.stdout ? CHANNEL.stdout : wanted.stderr ? CHANNEL.stderr : CHANNEL.error,
        Buffer.alloc(0),
      );
    await copyUntilDone(streams, channels);
    session.close();
    await session.closed;
  } catch {
    socket.terminate(); // the client has disconnected, so there is no one to answer
  }
}

/** Sends all output, then the exit status of the command. */
async function copyUntilDone(streams: KubeletStreams, channels: Channels): Promise<void> {
  const [status] = await Promise.all([
    readAll(streams.error, MAX_STATUS_BYTES),
    copyOut(streams.stdout, CHANNEL.stdout, channels),
    copyOut(streams.stderr, CHANNEL.stderr, channels),
  ]);
  const payload = statusPayload(status.toString('utf8'), channels.version);
  if (payload) await channels.send(CHANNEL.error, Buffer.from(payload, 'utf8'));
  channels.close();
}

export const remoteCommand = (
  action: 'exec' | 'attach',
  config: KubeletClientConfig,
): ConnectHandler => ({
  group: '',
  resource: 'pods',
  subresource: action,
  verbs: ['get', 'create'],
  async handle(request: HandlerRequest, services: ServerServices) {
    const { namespace, name } = request.info;
    const wanted = wantedStreams(request.query);
    const pod = await podOf(namespace, name, services);
    const container = chooseContainer(pod, request.query.get('container') ?? '');
    if (!pod.spec.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
    const commands = action === 'exec' ? request.query.getAll('command') : [];
    if (action === 'exec' && !commands.length)
      throw badRequest('you must specify at least one command for the container');
    if (!request.upgrade) throw badRequest('Upgrade request required');
    const backend = kubeletOf(pod.spec.nodeName, services, config);
    const path = kubeletPath(action, namespace, name, container, wanted, commands);
    if (!/websocket/i.test(String(request.headers['upgrade'])))
      return tunnelSpdy(request, backend, path);
    const session = await openSpdy(backend, path, 'v4.channel.k8s.io', request);
    try {
      await translate(request, session, wanted);
    } finally {
      session.destroy();
    }
  },
});
