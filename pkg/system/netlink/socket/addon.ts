// Loads netlink.node (pkg/system/native/netlink-addon), built by hack/build-native.
import { join } from 'node:path';

/** An open AF_NETLINK socket. */
export type NetlinkSocket = { readonly _netlinkSocket: unique symbol };

export interface NetlinkAddon {
  open(protocol: number, groups: number, netns?: string): NetlinkSocket;
  /** Sends, and returns all messages up to `answers` acknowledgements or ends of dumps. Blocks; at most 5 s. */
  transact(socket: NetlinkSocket, request: Uint8Array, answers: number): Buffer;
  /** `undefined` tells that messages were lost. */
  watch(socket: NetlinkSocket, callback: (data: Buffer | undefined) => void): void;
  close(socket: NetlinkSocket): void;
  /** SIOCETHTOOL in the process's own namespace; throws when the device or the command is not known. */
  ethtool(device: string, command: number, value?: number): number;
}

/** Undefined when the addon was not built or does not load here. */
export function loadNetlinkAddon(nativeDir: string): NetlinkAddon | undefined {
  const loaded = { exports: {} as NetlinkAddon };
  try {
    process.dlopen(loaded, join(nativeDir, 'netlink.node'));
  } catch {
    return undefined;
  }
  return loaded.exports;
}
