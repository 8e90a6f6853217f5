// The list of backends. A new backend is a file beside this one and a line here.
import { ConfigError } from '../config.js';
import { alloc } from './alloc.js';
import type { BackendType } from './backend.js';
import { extension } from './extension.js';
import { hostGw } from './host-gw.js';
import { ipip } from './ipip.js';
import { udp } from './udp.js';
import { vxlan } from './vxlan.js';
import { wireguard } from './wireguard.js';

export const BACKENDS: readonly BackendType[] = [
  vxlan,
  hostGw,
  udp,
  alloc,
  extension,
  ipip,
  wireguard,
];

/** Throws ConfigError for a type that is not in the list. */
export function backendNamed(type: string): BackendType {
  const found = BACKENDS.find((backend) => backend.type === type);
  if (!found)
    throw new ConfigError(
      `unknown backend type "${type}"; known are ${BACKENDS.map((backend) => backend.type).join(', ')}`,
    );
  return found;
}
