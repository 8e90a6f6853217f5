// A faulty network for tests of the udp backend, for kernels without netem: relays datagrams
// between two addresses and drops, delays (which reorders) or duplicates some of them. Arguments:
// ADDRESS PORT ONE OTHER LOSS REORDER DUPLICATE (percent).
import { createSocket } from 'node:dgram';

const [address, port, one, other, ...percents] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  ...string[],
];
const [loss, reorder, duplicate] = percents.map((text) => Number(text) / 100) as [
  number,
  number,
  number,
];
const MAX_DELAY_MS = 8;
const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20, sendBufferSize: 4 << 20 });
socket.on('message', (message, from) => {
  const to = from.address === one ? other : from.address === other ? one : undefined;
  if (!to || Math.random() < loss) return;
  const send = () => socket.send(message, Number(port), to);
  if (Math.random() < reorder) setTimeout(send, Math.random() * MAX_DELAY_MS);
  else send();
  if (Math.random() < duplicate) setTimeout(send, Math.random() * MAX_DELAY_MS);
});
socket.bind(Number(port), address, () => process.stdout.write('ready\n'));
