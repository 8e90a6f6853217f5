// Some kernels lack a device kind. A backend checks when it opens and refuses with the reason.
import {
  applyAll,
  NetlinkError,
  type LinkSpec,
  type Netlink,
} from '../../system/netlink/netlink.js';
import { ConfigError } from '../config.js';

/**
 * Creates the device unless it exists. Throws ConfigError when the kernel does not know its kind.
 */
export async function makeOrRefuse(
  netlink: Netlink,
  link: LinkSpec,
  kernelOption: string,
): Promise<void> {
  if (
    (await netlink.links()).some(
      (existing) => existing.name === link.name && existing.kind === link.kind,
    )
  )
    return;
  try {
    await applyAll(netlink, [{ type: 'link-add', link }]);
  } catch (error) {
    if (!(error instanceof NetlinkError) || error.code !== 'EOPNOTSUPP') throw error;
    throw new ConfigError(
      `this kernel has no ${link.kind} devices (${kernelOption}); use the backend vxlan, or host-gw on one segment`,
    );
  }
}
