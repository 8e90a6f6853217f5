// Transmit checksum offload of a device, through the addon, or through ethtool where the addon is
// not built.
import { exec } from '../exec.js';
import { loadNetlinkAddon } from './socket/addon.js';

/** <linux/ethtool.h>. */
const GET_TX_CHECKSUM = 0x16;
const SET_TX_CHECKSUM = 0x17;
const TOOL_MS = 5000;

/**
 * Switches transmit checksum offload of `device`. Idempotent; rejects when it cannot be switched.
 */
export async function setTxChecksumOffload(
  nativeDir: string,
  device: string,
  on: boolean,
): Promise<void> {
  const addon = loadNetlinkAddon(nativeDir);
  if (!addon) {
    await exec(['ethtool', '-K', device, 'tx-checksum-ip-generic', on ? 'on' : 'off'], {
      timeoutMs: TOOL_MS,
    });
    return;
  }
  addon.ethtool(device, SET_TX_CHECKSUM, on ? 1 : 0);
  if ((addon.ethtool(device, GET_TX_CHECKSUM) !== 0) !== on)
    throw new Error(`${device} does not let its transmit checksum offload be switched`);
}
