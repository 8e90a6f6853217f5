// Chooses the implementation of Netlink: sockets where the addon is built, else iproute2.
import type { Log } from '../../util/env/env.js';
import { openIpBatch } from './ip-batch.js';
import type { Netlink } from './netlink.js';
import { loadNetlinkAddon } from './socket/addon.js';
import { openSocketNetlink } from './socket/socket-netlink.js';

export function openNetlink(nativeDir: string, log: Log): Netlink {
  const addon = loadNetlinkAddon(nativeDir);
  if (addon) return openSocketNetlink(addon);
  log.info('netlink.node is not built; using iproute2', { nativeDir });
  return openIpBatch();
}
