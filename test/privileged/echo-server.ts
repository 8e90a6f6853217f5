// A pod's program in tests: on every TCP connection and UDP datagram it says who it is and whom it
// sees: 'NAME ADDRESS PORT'. Arguments: NAME PORT.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const [name, port] = [process.argv[2]!, Number(process.argv[3])];
const tcp = createServer((socket) => {
  socket.on('error', () => {});
  socket.end(`${name} ${socket.remoteAddress} ${socket.remotePort}\n`);
});
const udp = createSocket('udp4');
udp.on('message', (_message, from) => udp.send(`${name} ${from.address} ${from.port}\n`, from.port, from.address));
tcp.listen(port, '0.0.0.0', () => udp.bind(port, '0.0.0.0', () => process.stdout.write('ready\n')));
