// The frame of kubeadm's commands: their flags, the cluster's client, and the text that they print.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '../../pkg/client/client.js';
import { loadKubeconfig } from '../../pkg/client/kubeconfig.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { realEnv } from '../../pkg/system/env.js';
import type { Env } from '../../pkg/util/env/env.js';
import { type Config, type Flag, parseCommand, withShortOutput } from '../flags.js';

export interface Command {
  about: string;
  run: (binary: string, argv: readonly string[], signal: AbortSignal) => Promise<void>;
}

export interface Call<T extends Record<string, Flag>> {
  flags: Config<T>;
  operands: readonly string[];
  env: Env;
  signal: AbortSignal;
  /** With the kubeconfig of --kubeconfig, or of the first standard place that has one. */
  client: () => Promise<Client>;
}

const ADMIN = '/etc/kubernetes/admin.conf';

function kubeconfigPath(given: unknown): string {
  if (typeof given === 'string') return given;
  const own = process.env['KUBECONFIG']?.split(':').filter(Boolean);
  return [...(own ?? [join(homedir(), '.kube/config')]), ADMIN].find(existsSync) ?? ADMIN;
}

/** `operands` in commander's notation; `run` returns what the command prints. */
export const command = <const T extends Record<string, Flag>>(
  about: string,
  table: T,
  operands: readonly string[],
  run: (call: Call<T>) => Promise<string>,
): Command => ({
  about,
  async run(binary, argv, signal) {
    const given = parseCommand(binary, about, table, withShortOutput(argv), operands);
    const env = realEnv('kubeadm', 'warn');
    let opened: Client | undefined;
    const client = async () => {
      const { kubeconfig } = given.flags as { kubeconfig?: unknown };
      return (opened ??= createClient(await loadKubeconfig(kubeconfigPath(kubeconfig)), env));
    };
    try {
      process.stdout.write(await run({ ...given, env, signal, client }));
    } finally {
      await opened?.close();
    }
  },
});
