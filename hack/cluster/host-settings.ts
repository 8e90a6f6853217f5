// Kernel settings of the host that clusters need. The earlier values are kept in
// /run/wheelhouse/restore.json, which all checkouts of a machine share, and are restored when the
// last cluster goes.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { RESERVATION } from './reservations.js';

const FOLDER = '/run/wheelhouse';

/** Values by file below /proc/sys. */
const WANTED: Readonly<Record<string, string>> = { '/proc/sys/net/ipv4/ip_forward': '1' };

export function applyHostSettings(folder = FOLDER, wanted = WANTED): void {
  const kept = join(folder, 'restore.json');
  mkdirSync(dirname(kept), { recursive: true });
  const before = existsSync(kept)
    ? (JSON.parse(readFileSync(kept, 'utf8')) as Record<string, string>)
    : {};
  for (const [file, value] of Object.entries(wanted)) {
    const now = readFileSync(file, 'utf8').trim();
    if (now === value) continue;
    before[file] ??= now;
    writeFileSync(kept, JSON.stringify(before));
    writeFileSync(file, value);
  }
}

/** Does nothing while another cluster exists. */
export function restoreHostSettings(folder = FOLDER): void {
  if (
    !existsSync(folder) ||
    readdirSync(folder, { withFileTypes: true }).some(
      (entry) => entry.isDirectory() || entry.name.endsWith(RESERVATION),
    )
  )
    return;
  const kept = join(folder, 'restore.json');
  if (existsSync(kept)) {
    for (const [file, value] of Object.entries(
      JSON.parse(readFileSync(kept, 'utf8')) as Record<string, string>,
    ))
      writeFileSync(file, value);
    rmSync(kept);
  }
  rmdirSync(folder);
}
