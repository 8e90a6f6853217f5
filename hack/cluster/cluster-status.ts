// The status of a cluster as hack/status shows it: addresses, ports, and the resource use of each
// process.
import { allServices, hostApiUrl } from './components.js';
import { layoutOf } from './layout.js';
import { usageOf, type Usage } from './processes.js';
import type { ClusterRecord, NodeRecord } from './record.js';
import type { ServiceState } from './service.js';
import { supervisorOf } from './supervisor.js';

export interface ProcessStatus extends Partial<Usage> {
  service: string;
  node?: string;
  state: ServiceState;
  pid?: number;
  log: string;
}

type Shown = 'name' | 'backend' | 'podNetwork' | 'serviceRange' | 'underlay' | 'ports' | 'six';

export interface ClusterStatus extends Pick<ClusterRecord, Shown> {
  api: string;
  kubeconfig: string;
  dns: string;
  nodes: Omit<NodeRecord, 'link'>[];
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
    nodes: record.nodes.map(({ link: _link, ...node }) => node),
    ...(record.six && { six: record.six }),
    supervisor: supervisor.kind,
    processes: services.map(({ name, node }): ProcessStatus => {
      const { state = 'missing', pid } = states.get(name) ?? {};
      return {
        service: name,
        ...(node && { node }),
        state,
        ...(pid && { pid, ...usageOf(pid) }),
        log: supervisor.logHint(name),
      };
    }),
  };
}
