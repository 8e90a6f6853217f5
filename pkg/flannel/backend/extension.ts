// The extension backend: the operator's commands program the network. BackendData is passed on
// standard input, SUBNET and PUBLIC_IP in the environment, as flannel does.
import { exec } from '../../system/exec.js';
import { checkConfig } from '../config-check.js';
import { BACKEND_SCHEMAS } from '../config-schema.generated.js';
import { field, refuseIpv6 } from '../config.js';
import { EXTENSION_COMMAND_MS } from '../limits.js';
import { NOTHING_DESIRED } from '../network/desired.js';
import { formatNet, type Net } from '../../util/netaddr/net.js';
import type { Lease, Subnets } from '../subnet/lease.js';
import type { Backend, BackendContext, BackendType } from './backend.js';

function command(context: BackendContext, name: string): string {
  const value = field(context.config.backend.options, name);
  return typeof value === 'string' ? value : '';
}

/** The configured command is a shell line, so a shell runs it. */
async function run(
  line: string,
  environment: Record<string, string>,
  input: string,
  signal: AbortSignal,
): Promise<string> {
  if (!line) return '';
  const options = { env: environment, input, timeoutMs: EXTENSION_COMMAND_MS, signal };
  return (await exec(['sh', '-c', line], options)).trim();
}

class Extension implements Backend {
  readonly devices = [];
  private known = new Map<string, Lease>();
  private started = false;

  constructor(
    private readonly context: BackendContext,
    readonly attrs: Backend['attrs'],
  ) {}

  get mtu(): number {
    return this.context.external.mtu;
  }

  /** Runs a configured command about the subnet of a node. */
  private run(name: string, subnet: Net, publicIP: string, input = ''): Promise<string> {
    const { config, signal } = this.context;
    const environment = {
      NETWORK: formatNet(config.network),
      SUBNET: formatNet(subnet),
      PUBLIC_IP: publicIP,
    };
    return run(command(this.context, name), environment, input, signal);
  }

  async ensureDevice({ subnet: own }: Subnets): Promise<boolean> {
    if (this.started) return false;
    this.started = true;
    await this.run('PostStartupCommand', own, this.context.external.publicIP);
    return true;
  }

  accepts(lease: Lease): boolean {
    return lease.attrs.backendType === 'extension';
  }

  desired() {
    return NOTHING_DESIRED;
  }

  async setPeers(_own: Subnets, peers: readonly Lease[]): Promise<void> {
    const next = new Map(peers.map((lease) => [lease.key, lease]));
    const data = ({ attrs: { backendData = '' } }: Lease) =>
      typeof backendData === 'string' ? backendData : JSON.stringify(backendData);
    for (const [key, lease] of this.known) {
      if (next.has(key)) continue;
      await this.run('SubnetRemoveCommand', lease.subnet, lease.attrs.publicIP, data(lease));
      this.known.delete(key);
    }
    for (const [key, lease] of next) {
      const before = this.known.get(key);
      if (before && before.attrs.publicIP === lease.attrs.publicIP && data(before) === data(lease))
        continue;
      await this.run('SubnetAddCommand', lease.subnet, lease.attrs.publicIP, data(lease));
      this.known.set(key, lease);
    }
  }

  close(): void {
    const line = command(this.context, 'ShutdownCommand');
    if (!line) return;
    exec(['sh', '-c', line], { timeoutMs: EXTENSION_COMMAND_MS }).catch((error: unknown) =>
      this.context.env.log.warn('ShutdownCommand failed', { error }),
    );
  }
}

export const extension: BackendType = {
  type: 'extension',
  async open(context) {
    refuseIpv6(context.config);
    checkConfig('Backend', BACKEND_SCHEMAS.extension, context.config.backend.options);
    const { config, external, signal } = context;
    const environment = { NETWORK: formatNet(config.network), PUBLIC_IP: external.publicIP };
    const data = await run(command(context, 'PreStartupCommand'), environment, '', signal);
    const backendType = 'extension';
    return new Extension(context, { backendType, ...(data && { backendData: data }) });
  },
};
