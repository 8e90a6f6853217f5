// Transmit checksum offload of a device.
import { loadNetlinkAddon } from './socket/addon.js';

/** <linux/ethtool.h>. */
const GET_TX_CHECKSUM = 0x16;
const SET_TX_CHECKSUM = 0x17;

/**
 * Switches transmit checksum offload of `device`. Idempotent; throws when it cannot be switched.
 */
export function setTxChecksumOffload(nativeDir: string, device: string, on: boolean): void {
  const addon = loadNetlinkAddon(nativeDir);
  addon.ethtool(device, SET_TX_CHECKSUM, on ? 1 : 0);
  if ((addon.ethtool(device, GET_TX_CHECKSUM) !== 0) !== on)
    throw new Error(`${device} does not let its transmit checksum offload be switched`);
}
