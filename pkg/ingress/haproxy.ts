// The proxy: HAProxy in master-worker mode. A new configuration starts a new worker, which takes
// over the listening sockets; the old worker finishes its connections. Commands change the servers
// of the running worker.
import { spawn, type ChildProcess } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { tryExec } from '../system/exec.js';
import { atomicWrite } from '../system/files/atomic-write.js';
import type { Env } from '../util/env/env.js';
import { until } from '../util/wait/retry.js';
import { COMMANDS_AT_ONCE, LOAD_MS } from './limits.js';
import { CONFIG, DEFAULT_CERTIFICATE, type Files } from './render.js';

const SOCKET = 'admin.sock';

/** Answers of commands that have worked. */
const FINE = /^(?:\s*|IP changed .*|port changed .*|no need to change .*)$/;

export class Haproxy {
  private child: ChildProcess | undefined;

  constructor(
    private readonly env: Env,
    private readonly program: string,
    private readonly folder: string,
    /** Told when the proxy has ended, or did not start. */
    private readonly ended: (error: Error) => void,
  ) {}

  private get words(): string[] {
    return ['-f', join(this.folder, CONFIG)];
  }

  get running(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  /** Writes the files. Resolves with the reason when HAProxy refuses them. */
  async check(files: Files, signal: AbortSignal): Promise<string | undefined> {
    for (const [name, content] of files) await atomicWrite(join(this.folder, name), content, 0o600);
    const { code, stderr } = await tryExec([this.program, '-c', ...this.words], { signal });
    return code === 0 ? undefined : stderr;
  }

  /**
   * Runs with these files, of which the configuration shows `generation`, and removes all others.
   * Resolves with the reason when HAProxy refuses them; the configuration before them still runs.
   */
  async load(files: Files, generation: string, signal: AbortSignal): Promise<string | undefined> {
    const problem = await this.check(files, signal);
    if (problem !== undefined) return problem;
    if (this.running) this.child!.kill('SIGUSR2');
    else
      this.child = spawn(this.program, ['-W', '-db', '-q', ...this.words], { stdio: 'inherit' })
        .on('error', this.ended)
        .on('exit', (status) => this.ended(new Error(`HAProxy ended, exit code ${status}`)));
    const isLoaded = async () =>
      (await this.ask('show info').catch(() => '')).includes(`description: ${generation}\n`);
    const wait = { clock: this.env.clock, signal, periodMs: 10, limitMs: LOAD_MS };
    if (!(await until(wait, isLoaded))) throw new Error('HAProxy does not load its configuration');
    for (const name of await readdir(this.folder))
      if (!files.has(name) && ![SOCKET, DEFAULT_CERTIFICATE].includes(name))
        await rm(join(this.folder, name));
    return undefined;
  }

  /** Changes the running worker. */
  async command(commands: readonly string[]): Promise<void> {
    for (let at = 0; at < commands.length; at += COMMANDS_AT_ONCE) {
      const answer = await this.ask(commands.slice(at, at + COMMANDS_AT_ONCE).join(';'));
      const bad = answer.split('\n').find((line) => !FINE.test(line));
      if (bad) throw new Error(`HAProxy: ${bad}`);
    }
  }

  private async ask(line: string): Promise<string> {
    const socket = createConnection(join(this.folder, SOCKET));
    socket.setTimeout(LOAD_MS, () => socket.destroy(new Error('HAProxy does not answer')));
    socket.end(`${line}\n`);
    return text(socket);
  }

  /** Accepts no more connections; ends when those that there are have ended, or after `limitMs`. */
  async drain(limitMs: number): Promise<void> {
    const isOver = () => !this.running || !this.child!.kill('SIGUSR1');
    await until({ clock: this.env.clock, periodMs: 100, limitMs }, isOver);
    this.child?.kill();
  }
}
