// The program of a pod in tests: it answers every TCP connection and UDP datagram with its name and
// the peer's address, 'NAME ADDRESS PORT'; TCP over IPv6 too, if the namespace has it. Arguments:
// NAME PORT.
import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';

const [name, port] = [process.argv[2]!, Number(process.argv[3])];
const answer = (socket: Socket) => {
  socket.on('error', () => {});
  socket.end(`${name} ${socket.remoteAddress} ${socket.remotePort}\n`);
};
const tcp = createServer(answer);
const tcp6 = createServer(answer).on('error', () => {});
const udp = createSocket('udp4');
udp.on('message', (_message, from) =>
  udp.send(`${name} ${from.address} ${from.port}\n`, from.port, from.address),
);
tcp6.listen({ port, host: '::', ipv6Only: true });
tcp.listen(port, '0.0.0.0', () => udp.bind(port, '0.0.0.0', () => process.stdout.write('ready\n')));
