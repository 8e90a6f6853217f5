// Packets, routes and commands of flannel-tun. The program makes them of a seed, and checks them.
import { buildPacketProgram } from '../../support/packet-program.js';
import type { Family } from '../family.js';

/** Of one input: each makes some hundred packets, lists of routes and commands. */
const ROUNDS = 20;

export const packets: Family = {
  name: 'flannel-tun',
  share: 0.1,
  async prepare() {
    const program = await buildPacketProgram();
    return {
      make(choice) {
        const seed = Buffer.alloc(4);
        seed.writeUInt32LE(choice.below(2 ** 32));
        return seed;
      },
      run: (input) => program.run(input.length < 4 ? 0 : input.readUInt32LE(), ROUNDS),
      close: () => program.remove(),
    };
  },
};
