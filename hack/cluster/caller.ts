// The user who called sudo: files that are made for people belong to that user, not to root.
import { chownSync } from 'node:fs';

/** The ids that sudo hands down; undefined without sudo. */
export function callerIds(env = process.env): { uid: number; gid: number } | undefined {
  const uid = Number(env['SUDO_UID'] || Number.NaN);
  const gid = Number(env['SUDO_GID'] || Number.NaN);
  return process.getuid?.() === 0 && Number.isInteger(uid) && Number.isInteger(gid)
    ? { uid, gid }
    : undefined;
}

export function giveToCaller(file: string): void {
  const ids = callerIds();
  if (ids) chownSync(file, ids.uid, ids.gid);
}
