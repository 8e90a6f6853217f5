// Loads netlink.node (pkg/system/native/netlink-addon), built by hack/build-native.
import { join } from 'node:path';

/** An open AF_NETLINK socket. */
export type NetlinkSocket = { readonly _netlinkSocket: unique symbol };

export interface NetlinkAddon {
  open(protocol: number, groups: number, netns?: string): NetlinkSocket;
  /**
   * Sends the request and returns all messages until `answers` acknowledgements or ends of dumps
   * have arrived. Blocks for at most 5 s.
   */
  transact(socket: NetlinkSocket, request: Uint8Array, answers: number): Buffer;
  /** Calls back with `undefined` when messages were lost. */
  watch(socket: NetlinkSocket, callback: (data: Buffer | undefined) => void): void;
  close(socket: NetlinkSocket): void;
  /**
   * SIOCETHTOOL in the network namespace of the process; throws for unknown devices and commands.
   */
  ethtool(device: string, command: number, value?: number): number;
}

/** Throws when the addon was not built or does not load here. */
export function loadNetlinkAddon(nativeDir: string): NetlinkAddon {
  const loaded = { exports: {} as NetlinkAddon };
  try {
    process.dlopen(loaded, join(nativeDir, 'netlink.node'));
  } catch (cause) {
    throw new Error('netlink.node does not load; run hack/build-native', { cause });
  }
  return loaded.exports;
}
