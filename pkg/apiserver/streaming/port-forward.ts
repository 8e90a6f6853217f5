// pods/portforward in three forms: SPDY, which is relayed unchanged; SPDY inside WebSocket messages
// (kubectl's default from 1.31 on), which is unwrapped and relayed; and the older WebSocket form
// with two channels per port, which is translated to SPDY streams.
import { badRequest } from '../../apimachinery/errors/status-error.js';
import type { ConnectHandler, HandlerRequest } from '../extension/handler.js';
import type { WebSocket } from 'ws';
import {
  acceptWebSocket,
  Channels,
  chooseProtocol,
  messageBytes,
  pauseClient,
  sendMessage,
} from './channels.js';
import { kubeletOf, type KubeletClientConfig, podOf } from './kubelet.js';
import { offeredProtocols } from '../http/subprotocols.js';
import { MAX_FORWARDED_PORTS } from './limits.js';
import { openSpdy, tunnelSpdy, upgradeToSpdy } from './remote-command.js';
import type { SpdySession, SpdyStream } from './spdy/session.js';
import type { Backend } from './upgrade.js';

const PROTOCOL = 'portforward.k8s.io';
const TUNNEL_PROTOCOL = `SPDY/3.1+${PROTOCOL}`;
const LEGACY_PROTOCOLS = [
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
];

/** Relays the bytes of a SPDY connection, which are binary messages on the client's side. */
async function unwrapTunnel(
  request: HandlerRequest,
  backend: Backend,
  path: string,
): Promise<void> {
  const { socket: kubelet, head } = await upgradeToSpdy(backend, path, PROTOCOL, request);
  const client = await acceptWebSocket(request.upgrade!, TUNNEL_PROTOCOL);
  let resume: (() => void) | undefined;
  client.on('message', (data) => {
    if (kubelet.write(messageBytes(data))) return;
    resume ??= pauseClient(client);
  });
  kubelet.on('drain', () => {
    resume?.();
    resume = undefined;
  });
  client.on('error', () => client.terminate());
  client.once('close', () => {
    resume?.();
    kubelet.destroy();
  });
  kubelet.on('error', () => client.terminate());
  try {
    if (head.length) await sendMessage(client, head);
    for await (const chunk of kubelet as AsyncIterable<Buffer>) await sendMessage(client, chunk);
    client.close(1000);
  } catch {
    client.terminate(); // one of the sides has disconnected
  } finally {
    kubelet.destroy();
  }
}

function portsOf(query: URLSearchParams): number[] {
  const ports = query
    .getAll('ports')
    .flatMap((list) => list.split(','))
    .map(Number);
  if (!ports.length) throw badRequest('query parameter "port" is required');
  if (
    ports.length > MAX_FORWARDED_PORTS ||
    ports.some((port) => !Number.isInteger(port) || port < 1 || port > 65535)
  )
    throw badRequest('unable to parse "ports" parameter: invalid port number');
  return ports;
}

function openPort(session: SpdySession, port: number, index: number) {
  const open = (streamtype: string) => {
    const stream = session.open({ streamtype, port: String(port), requestid: String(index) });
    stream.on('error', () => {});
    return stream;
  };
  const error = open('error');
  error.end();
  return { error, data: open('data') };
}

async function translateChannels(
  request: HandlerRequest,
  session: SpdySession,
  ports: readonly number[],
): Promise<void> {
  const client = request.upgrade!;
  const protocol = chooseProtocol(client.request, LEGACY_PROTOCOLS);
  const pairs = ports.map((port, index) => openPort(session, port, index));
  await Promise.all(pairs.flatMap(({ data, error }) => [data.accepted, error.accepted]));
  const socket: WebSocket = await acceptWebSocket(client, protocol);
  const channels: Channels = new Channels(socket, protocol, {
    message(channel, payload) {
      const target = channel % 2 === 0 ? pairs[channel / 2]?.data : undefined;
      if (target && !target.destroyed && !target.writableEnded && !target.write(payload))
        channels.pauseFor(target);
    },
    close: (channel) => pairs[channel / 2]?.data.end(),
    gone: () => session.destroy(),
  });
  const copy = async (stream: SpdyStream, channel: number) => {
    for await (const chunk of stream as AsyncIterable<Buffer>) await channels.send(channel, chunk);
  };
  try {
    for (const [index, port] of ports.entries()) {
      const bytes = Buffer.from([port & 0xff, port >> 8]); // little-endian, once on each channel
      await channels.send(index * 2, bytes);
      await channels.send(index * 2 + 1, bytes);
    }
    await Promise.all(
      pairs.flatMap(({ data, error }, index) => [
        copy(data, index * 2),
        copy(error, index * 2 + 1),
      ]),
    );
    channels.close();
  } catch {
    socket.terminate(); // the client has disconnected
  }
}

export const portForwardHandler = (config: KubeletClientConfig): ConnectHandler => ({
  group: '',
  resource: 'pods',
  subresource: 'portforward',
  verbs: ['get', 'create'],
  async handle(request, services) {
    const { namespace, name } = request.info;
    const pod = await podOf(namespace, name, services);
    if (!pod.spec.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
    if (!request.upgrade) throw badRequest('Upgrade request required');
    const backend = kubeletOf(pod.spec.nodeName, services, config);
    const path = `/portForward/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
    if (!/websocket/i.test(String(request.headers['upgrade'])))
      return tunnelSpdy(request, backend, path);
    if (offeredProtocols(request.headers['sec-websocket-protocol']).includes(TUNNEL_PROTOCOL))
      return unwrapTunnel(request, backend, path);
    const ports = portsOf(request.query);
    const session = await openSpdy(backend, path, PROTOCOL, request);
    try {
      await translateChannels(request, session, ports);
    } finally {
      session.destroy();
    }
  },
});
