// Small packets between two nodes, in each mode in turn: the round-trip time of one, and the rate
// at which a flood arrives.
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { exec } from '../../pkg/system/exec.js';
import { quantile, type Measure } from './measure.js';
import { MODES, Pair, TARGETS, type Mode } from './overlay-pair.js';

const ROUNDS = 5;
const EXCHANGES = 4000;
const PING_BYTES = 64;
const FLOOD_BYTES = [200, 1200] as const;
const FLOOD_SECONDS = 2;
const SOURCE = resolve(import.meta.dirname, '../../../hack/benchmarks/round-trip.c');

type ByMode = Map<Mode, number[]>;

const lists = (): ByMode => new Map(MODES.map((mode) => [mode, []]));

/** Sorted microseconds of one run. */
async function exchanges(pair: Pair, program: string, mode: Mode): Promise<number[]> {
  const text = await exec(
    [...pair.ends[0].enter, program, 'ask', TARGETS[mode], String(EXCHANGES), String(PING_BYTES)],
    { timeoutMs: 60_000 },
  );
  return text
    .trim()
    .split('\n')
    .map((line) => Number(line) / 1000);
}

async function roundTrips(pair: Pair): Promise<Measure[]> {
  const program = join(pair.dir, 'round-trip');
  await exec(['gcc', '-O2', '-Wall', '-Wextra', '-Werror', SOURCE, '-o', program]);
  const server = pair.spawn(pair.ends[1], [program, 'serve']);
  await once(server.stdout, 'data');
  const [medians, tails] = [lists(), lists()];
  for (let round = 0; round < ROUNDS; round++) {
    for (const mode of MODES) {
      const times = await exchanges(pair, program, mode);
      medians.get(mode)!.push(quantile(times, 0.5));
      tails.get(mode)!.push(quantile(times, 0.99));
    }
  }
  return [
    ...rows(`round trip of ${PING_BYTES} bytes, median`, 'us', medians),
    ...rows(`round trip of ${PING_BYTES} bytes, p99`, 'us', tails),
  ];
}

async function floods(pair: Pair, bytes: number): Promise<Measure[]> {
  const rates = lists();
  for (let round = 0; round < ROUNDS; round++) {
    for (const mode of MODES) {
      const { sum } = await pair.iperf<{
        sum: { packets: number; lost_packets: number; seconds: number };
      }>(mode, ['-u', '-b', '0', '-l', String(bytes), '-t', String(FLOOD_SECONDS)]);
      rates.get(mode)!.push((sum.packets - sum.lost_packets) / sum.seconds);
    }
  }
  return rows(`UDP packets of ${bytes} bytes that arrive`, '/s', rates);
}

function rows(name: string, unit: Measure['unit'], results: ByMode): Measure[] {
  const median = (mode: Mode) => quantile(results.get(mode)!, 0.5);
  const peer = (mode: Mode) => ({ name: `${mode}, same run`, value: median(mode) });
  return [
    { name: `${name}, vxlan`, value: median('vxlan'), unit },
    { name: `${name}, udp backend`, value: median('udp'), unit, peer: peer('vxlan') },
    {
      name: `${name}, udp against one packet per call`,
      value: median('udp'),
      unit,
      peer: peer('one packet per call'),
    },
  ];
}

export async function packets(): Promise<Measure[]> {
  const pair = await Pair.make('offloads');
  try {
    const measures = await roundTrips(pair);
    for (const bytes of FLOOD_BYTES) measures.push(...(await floods(pair, bytes)));
    return measures;
  } finally {
    await pair.close();
  }
}
