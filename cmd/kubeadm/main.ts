import { FlagError, parseFlags } from '../flags.js';
import { runMain } from '../run.js';
import { CERTS_COMMANDS } from './certificates.js';
import type { Command } from './command.js';
import { JOIN_COMMANDS } from './join.js';
import { TOKEN_COMMANDS } from './token.js';

const COMMANDS: Readonly<Record<string, Command>> = {
  ...JOIN_COMMANDS,
  ...TOKEN_COMMANDS,
  ...CERTS_COMMANDS,
};

const LINES = Object.entries(COMMANDS).map(
  ([words, { about }]) => `  kubeadm ${words}\n      ${about}\n`,
);

void runMain('kubeadm', async (argv, signal) => {
  const [first = '--help', second = ''] = argv;
  const name = Object.hasOwn(COMMANDS, first) ? first : `${first} ${second}`;
  const own = COMMANDS[name];
  if (own) return own.run(`kubeadm ${name}`, argv.slice(name.split(' ').length), signal);
  const flag = [first, second].find((word) => word.startsWith('-'));
  if (flag) parseFlags('kubeadm', `Each command has --help.\n\n${LINES.join('')}`, {}, [flag]);
  const isGroup = Object.keys(COMMANDS).some((words) => words.startsWith(`${first} `));
  if (!isGroup) throw new FlagError(`unknown command "${first}" for "kubeadm"`, 1);
  if (second) throw new FlagError(`invalid subcommand: "${second}"`, 1);
  throw new FlagError(`missing subcommand; "${first}" is not meant to be run on its own`, 1);
});
