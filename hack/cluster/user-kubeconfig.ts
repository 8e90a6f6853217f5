// The user's own kubeconfig: a cluster has a context, a cluster and a user of the name
// wheelhouse-CLUSTER there. Comments and the entries of other clusters stay as they are.
import { chownSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { isMap, isSeq, parse, parseDocument, type Document } from 'yaml';
import { exec } from '../../pkg/system/exec.js';
import { atomicWrite, readIfPresent } from '../../pkg/system/files/atomic-write.js';
import { callerIds, giveToCaller } from './caller.js';
import { layoutOf } from './layout.js';
import { tolerating } from './tolerate.js';
import { until } from './wait.js';

const LOCK_MS = 5000;
const EMPTY = `apiVersion: v1
kind: Config
preferences: {}
clusters: []
contexts: []
users: []
current-context: ""
`;

/** Values of the entries by list; absent: the entries go. */
type Entries = Record<'clusters' | 'users' | 'contexts', unknown>;

function parsed(text: string, file: string): Document {
  const document = parseDocument(text.trim() ? text : EMPTY);
  const [wrong] = document.errors;
  if (wrong) throw new Error(`${file} is no YAML, and was not changed: ${wrong.message}`);
  if (!isMap(document.contents)) throw new Error(`${file} is no kubeconfig, and was not changed`);
  return document;
}

/** The text of a kubeconfig with these entries as its current context, or without them. */
export function withEntries(
  text: string,
  name: string,
  entries: Entries | undefined,
  file = 'kubeconfig',
): string {
  const document = parsed(text, file);
  for (const list of ['clusters', 'users', 'contexts'] as const) {
    let rows = document.get(list);
    if (rows === undefined || rows === null || (isSeq(rows) && !rows.items.length)) {
      if (!entries) continue;
      document.set(list, document.createNode([]));
      rows = document.get(list);
    }
    if (!isSeq(rows)) throw new Error(`${list} in ${file} is no list, and was not changed`);
    rows.flow = false;
    rows.items = rows.items.filter((row) => !isMap(row) || row.get('name') !== name);
    const row = { name, [list.slice(0, -1)]: entries?.[list] };
    if (entries) rows.add(document.createNode(row));
  }
  if (entries) document.set('current-context', name);
  else if (document.get('current-context') === name) document.set('current-context', '');
  return document.toString({ lineWidth: 0 });
}

const entryOf = (cluster: string): string => `wheelhouse-${cluster}`;

/** The first file of KUBECONFIG, else ~/.kube/config of the user who called sudo. */
async function userFile(): Promise<string> {
  const named = (process.env['KUBECONFIG'] ?? '').split(delimiter).find(Boolean);
  if (named) return named;
  const ids = callerIds();
  const home = ids ? (await exec(['getent', 'passwd', String(ids.uid)])).split(':')[5] : homedir();
  return join(home || homedir(), '.kube/config');
}

/** Throws when the user's kubeconfig is not one that entries can be merged into. */
export async function checkMergeable(): Promise<void> {
  const file = await userFile();
  withEntries((await readIfPresent(file)) ?? '', '', undefined, file);
}

/** Changes the user's file under the lock of kubectl and of every other client-go program. */
async function change(edit: (text: string, file: string) => string): Promise<string> {
  const named = await userFile();
  if (!statSync(dirname(named), { throwIfNoEntry: false })) {
    await mkdir(dirname(named), { recursive: true, mode: 0o750 });
    giveToCaller(dirname(named));
  }
  const before = statSync(named, { throwIfNoEntry: false });
  const file = before ? realpathSync(named) : named; // a link stays a link
  const lock = `${named}.lock`;
  const why = () => `another program changes ${named}; if none does, remove ${lock}`;
  const take = () => {
    writeFileSync(lock, '', { flag: 'wx', mode: 0 });
    return true;
  };
  await until(() => tolerating(['EEXIST'], take), LOCK_MS, why);
  try {
    const old = (await readIfPresent(file)) ?? '';
    const text = edit(old, file);
    if (text === old) return file;
    await atomicWrite(file, text, before ? before.mode & 0o777 : 0o600);
    if (!before) giveToCaller(file);
    else if (process.getuid?.() === 0) chownSync(file, before.uid, before.gid);
    return file;
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Makes the cluster the current context of the user's kubeconfig. Returns the file. */
export function mergeKubeconfig({ name }: { name: string }): Promise<string> {
  const { clusters, users } = parse(readFileSync(layoutOf(name).kubeconfig, 'utf8')) as {
    clusters: [{ cluster: unknown }];
    users: [{ user: unknown }];
  };
  const entry = entryOf(name);
  const entries = {
    clusters: clusters[0].cluster,
    users: users[0].user,
    contexts: { cluster: entry, user: entry },
  };
  return change((text, file) => withEntries(text, entry, entries, file));
}

/** Takes the cluster's entries out of the user's kubeconfig. Returns the file when it had some. */
export async function unmergeKubeconfig(cluster: string): Promise<string | undefined> {
  const file = await userFile();
  const entry = entryOf(cluster);
  if (!(await readIfPresent(file))?.includes(entry)) return undefined;
  return change((text) => withEntries(text, entry, undefined, file));
}
