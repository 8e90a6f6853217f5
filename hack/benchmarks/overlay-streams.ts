// One TCP stream between two nodes, over the kernel's vxlan, the udp backend and its one-packet
// mode in turn: throughput and CPU per gigabit, over a wire that carries whole super-packets and
// over one that carries single frames.
import { quantile, type Measure } from './measure.js';
import { MODES, Pair, type Frames, type Mode } from './overlay-pair.js';

const ROUNDS = 5;
const SECONDS = 3;

interface Stream {
  /** Gigabits per second at the receiver. */
  rate: number;
  /** Core-seconds per gigabit; see Cpu. */
  helpers: number;
  machine: number;
}

async function stream(pair: Pair, mode: Mode): Promise<Stream> {
  const before = await pair.cpu(mode);
  const { sum_received: sum } = await pair.iperf<{
    sum_received: { bytes: number; bits_per_second: number };
  }>(mode, ['-t', String(SECONDS)]);
  const after = await pair.cpu(mode);
  const gbits = (sum.bytes * 8) / 1e9;
  return {
    rate: sum.bits_per_second / 1e9,
    helpers: (after.helpers - before.helpers) / gbits,
    machine: (after.machine - before.machine) / gbits,
  };
}

async function over(frames: Frames): Promise<Measure[]> {
  const results = new Map<Mode, Stream[]>(MODES.map((mode) => [mode, []]));
  const pair = await Pair.make(frames);
  try {
    for (let round = 0; round < ROUNDS; round++)
      for (const mode of MODES) results.get(mode)!.push(await stream(pair, mode));
  } finally {
    await pair.close();
  }
  const median = (mode: Mode, of: keyof Stream) =>
    quantile(
      results.get(mode)!.map((one) => one[of]),
      0.5,
    );
  const peer = (mode: Mode, of: keyof Stream) => ({
    name: `${mode}, same run`,
    value: median(mode, of),
  });
  const rate = (mode: Mode) => ({ value: median(mode, 'rate'), unit: 'Gbit/s' as const });
  const cpu = (mode: Mode, of: keyof Stream) => ({
    value: median(mode, of),
    unit: 's/Gbit' as const,
  });
  return [
    { name: `TCP stream, ${frames}, vxlan`, ...rate('vxlan') },
    { name: `TCP stream, ${frames}, udp backend`, ...rate('udp'), peer: peer('vxlan', 'rate') },
    {
      name: `TCP stream, ${frames}, udp against one packet per call`,
      ...rate('udp'),
      peer: peer('one packet per call', 'rate'),
    },
    {
      name: `CPU of flannel-tun at both ends, ${frames}, udp backend`,
      ...cpu('udp', 'helpers'),
      peer: peer('one packet per call', 'helpers'),
    },
    { name: `CPU of the whole machine, ${frames}, vxlan`, ...cpu('vxlan', 'machine') },
    {
      name: `CPU of the whole machine, ${frames}, udp backend`,
      ...cpu('udp', 'machine'),
      peer: peer('vxlan', 'machine'),
    },
    {
      name: `CPU of the whole machine, ${frames}, udp against one packet per call`,
      ...cpu('udp', 'machine'),
      peer: peer('one packet per call', 'machine'),
    },
  ];
}

export async function streams(): Promise<Measure[]> {
  return [...(await over('offloads')), ...(await over('frames of 1,500 bytes'))];
}
