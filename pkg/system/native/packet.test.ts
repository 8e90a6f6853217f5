// flannel-tun's packet and route code under the address and undefined-behaviour sanitizers.
import { buildPacketProgram } from '../../../test/support/packet-program.js';

const ROUNDS = 400;

describe('flannel-tun packets', function () {
  this.timeout(120_000);
  it('are segmented, coalesced and refused without a wrong byte', async () => {
    const program = await buildPacketProgram();
    try {
      await program.run(Math.floor(Math.random() * 1e9), ROUNDS);
    } finally {
      await program.remove();
    }
  });
});
