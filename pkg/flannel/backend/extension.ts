// The extension backend: the operator's commands program the network. BackendData is passed on
// standard input, SUBNET and PUBLIC_IP in the environment, as flannel does.
import { exec } from '../../system/exec.js';
import { checkConfig } from '../config-check.js';
import { BACKEND_SCHEMAS } from '../config-schema.generated.js';
import { field, refuseIpv6 } from '../config.js';
import { EXTENSION_COMMAND_MS } from '../limits.js';
import { NOTHING_DESIRED } from '../network/desired.js';
import { formatNet, type Net } from '../../util/netaddr/net.js';
import type { Lease } from '../subnet/lease.js';
import type { Backend, BackendContext, BackendType } from './backend.js';

function command(context: BackendContext, name: string): string {
  const value = field(context.config.backend.options, name);
  return typeof value === 'string' ? value : '';
}

const dataOf = ({ attrs: { backendData = '' } }: Lease): string =>
  typeof backendData === 'string' ? backendData : JSON.stringify(backendData);

export const extension: BackendType = {
  type: 'extension',

  async open(context): Promise<Backend> {
    const { config, external, env, signal } = context;
    refuseIpv6(config);
    checkConfig('Backend', BACKEND_SCHEMAS.extension, config.backend.options);
    const timeoutMs = EXTENSION_COMMAND_MS;
    /** Runs a configured command, a shell line, about a node and its subnet. */
    const run = async (name: string, publicIP: string, subnet?: Net, input = '') => {
      const line = command(context, name);
      if (!line) return '';
      const own = subnet && { SUBNET: formatNet(subnet) };
      const variables = { NETWORK: formatNet(config.network), ...own, PUBLIC_IP: publicIP };
      return (await exec(['sh', '-c', line], { env: variables, input, timeoutMs, signal })).trim();
    };
    const backendData = await run('PreStartupCommand', external.publicIP);
    const known = new Map<string, Lease>();
    let started = false;
    return {
      devices: [],
      mtu: external.mtu,
      attrs: { backendType: 'extension', ...(backendData && { backendData }) },
      async ensureDevice({ subnet }) {
        if (started) return false;
        started = true;
        await run('PostStartupCommand', external.publicIP, subnet);
        return true;
      },
      accepts: (lease) => lease.attrs.backendType === 'extension',
      desired: () => NOTHING_DESIRED,
      async setPeers(_own, peers) {
        const next = new Map(peers.map((lease) => [lease.key, lease]));
        for (const [key, lease] of known) {
          if (next.has(key)) continue;
          await run('SubnetRemoveCommand', lease.attrs.publicIP, lease.subnet, dataOf(lease));
          known.delete(key);
        }
        for (const [key, lease] of next) {
          const before = known.get(key);
          const { publicIP } = lease.attrs;
          if (before?.attrs.publicIP === publicIP && dataOf(before) === dataOf(lease)) continue;
          await run('SubnetAddCommand', publicIP, lease.subnet, dataOf(lease));
          known.set(key, lease);
        }
      },
      close() {
        const line = command(context, 'ShutdownCommand');
        if (!line) return;
        exec(['sh', '-c', line], { timeoutMs }).catch((error: unknown) =>
          env.log.warn('ShutdownCommand failed', { error }),
        );
      },
    };
  },
};
