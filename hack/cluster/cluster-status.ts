// The status of a cluster as hack/status shows it: addresses, ports, and the resource use of each
// process.
import { allServices, hostApiUrl } from './components.js';
import { layoutOf } from './layout.js';
import { usageOf, type Usage } from './processes.js';
import type { ClusterRecord, SecondFamily } from './record.js';
import type { ServiceState } from './service.js';
import { supervisorOf } from './supervisor.js';

export interface ProcessStatus extends Partial<Usage> {
  service: string;
  node?: string;
  state: ServiceState;
  pid?: number;
  log: string;
}

export interface ClusterStatus {
  name: string;
  backend: string;
  api: string;
  kubeconfig: string;
  podNetwork: string;
  serviceRange: string;
  dns: string;
  underlay: string;
  ports: ClusterRecord['ports'];
  nodes: { name: string; address: string; address6?: string }[];
  /** The IPv6 ranges of dual-stack clusters. */
  six?: SecondFamily;
  supervisor: string;
  processes: ProcessStatus[];
}

export async function statusOf(record: ClusterRecord): Promise<ClusterStatus> {
  const supervisor = supervisorOf(record.name);
  const services = allServices(record);
  const states = await supervisor.status(services.map(({ name }) => name));
  return {
    name: record.name,
    backend: record.backend,
    api: hostApiUrl(record),
    kubeconfig: layoutOf(record.name).kubeconfig,
    podNetwork: record.podNetwork,
    serviceRange: record.serviceRange,
    dns: record.dnsAddress,
    underlay: record.underlay,
    ports: record.ports,
    nodes: record.nodes.map(({ name, address, address6 }) => ({
      name,
      address,
      ...(address6 ? { address6 } : {}),
    })),
    ...(record.six ? { six: record.six } : {}),
    supervisor: supervisor.kind,
    processes: services.map(({ name, node }): ProcessStatus => {
      const { state = 'missing', pid } = states.get(name) ?? {};
      return {
        service: name,
        ...(node ? { node } : {}),
        state,
        ...(pid ? { pid, ...usageOf(pid) } : {}),
        log: supervisor.logHint(name),
      };
    }),
  };
}
