// The tests of flannel-tun's packet and route code as a program, under the address and
// undefined-behaviour sanitizers.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exec, tryExec } from '../../pkg/system/exec.js';
import { ROOT } from './root.js';

const SOURCES = [
  'test/support/packet-test.c',
  'pkg/system/native/flannel-tun/packet.c',
  'pkg/system/native/flannel-tun/routes.c',
];
const FLAGS = [
  '-O1',
  '-g',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-fsanitize=address,undefined',
  '-fno-sanitize-recover=all',
];

export interface PacketProgram {
  /** Rejects with the sanitizer's report when a check fails. */
  run(seed: number, rounds: number): Promise<void>;
  remove(): Promise<void>;
}

export async function buildPacketProgram(): Promise<PacketProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'wh-packets-'));
  const binary = join(folder, 'packet-test');
  await exec(['gcc', ...FLAGS, ...SOURCES.map((file) => join(ROOT, file)), '-o', binary]);
  return {
    async run(seed, rounds) {
      const { code, stderr } = await tryExec([binary, String(seed), String(rounds)]);
      if (code !== 0) throw new Error(`seed ${seed}: ${stderr.slice(0, 2000)}`);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
