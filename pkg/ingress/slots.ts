// The servers of a backend in HAProxy: a fixed number of slots, so that an endpoint that comes or
// goes is a command and no new configuration. Pure.
import { MIN_SLOTS } from './limits.js';

/** 'address port' of each slot; undefined: the slot is free. */
export type Slots = readonly (string | undefined)[];

/** Servers keep their slots; the number of slots grows when they do not suffice. */
export function assigned(before: Slots, servers: readonly string[]): Slots {
  const waiting = new Set(servers);
  const kept = before.map((server) =>
    server !== undefined && waiting.delete(server) ? server : undefined,
  );
  let size = Math.max(MIN_SLOTS, kept.length);
  // A full backend would need a new configuration for the surge of a rolling update.
  if (kept.length < servers.length) while (size <= servers.length) size *= 2;
  const next = waiting.values();
  return Array.from({ length: size }, (_, at) => kept[at] ?? (next.next().value as string));
}

/** The commands that bring the slots of a backend from one state to the other. */
export const commandsFor = (backend: string, before: Slots, after: Slots): string[] =>
  after.flatMap((server, at) => {
    if (server === before[at]) return [];
    const [address, port] = server?.split(' ') ?? [];
    const command = `set server ${backend}/s${at + 1}`;
    return [
      `${command} state maint`,
      ...(server ? [`${command} addr ${address} port ${port}`, `${command} state ready`] : []),
    ];
  });
