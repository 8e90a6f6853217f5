// A simulated node: the real kubelet core and node agent on the hollow runtime, without sockets or
// files. Simulations and scale tests run many of them in one process. No Node API.
import { keyOf } from '../apimachinery/meta/object.js';
import { JOBS, PODS } from '../apis/resource-types.js';
import { boundTo } from '../client/bound-client.js';
import type { Client } from '../client/client.js';
import type { EventRecorder } from '../client/event-recorder.js';
import { createInformer } from '../client/informer-factory.js';
import { SIMULATED_KERNEL } from '../component-helpers/nodes.js';
import { controllerOf, refersTo } from '../component-helpers/owner-references.js';
import { initContainers, isSidecar } from '../component-helpers/pods.js';
import type { Env } from '../util/env/env.js';
import { HOLLOW_HOST } from './host/hollow-host.js';
import { Kubelet } from './kubelet.js';
import { NodeAgent } from './node/node-agent.js';
import { resources, type MachineInfo } from './node/node-status.js';
import { admissionRefusal } from './pod/admission.js';
import { HollowRuntime, type HollowOptions } from './runtime/hollow/hollow-runtime.js';
import type { Runtime } from './runtime/runtime.js';

export interface HollowNodeOptions {
  env: Env;
  client: Client;
  recorder: EventRecorder;
  name: string;
  /** The node's address; no socket listens on it. */
  ip: string;
  labels?: Record<string, string>;
  /** Default 4 CPUs, 16 GiB, 110 pods. */
  cpus?: number;
  memoryBytes?: number;
  maxPods?: number;
  /** Milliseconds that the containers of a job's pod run; default: until they are stopped. */
  jobDuration?: number;
  /** Options of a new runtime, or a runtime whose containers survive a restart of this kubelet. */
  runtime?: Partial<HollowOptions> | Runtime;
}

const GIB = 2 ** 30;
const DEFAULT_MAX_PODS = 110;

function hollowMachine(options: HollowNodeOptions): MachineInfo {
  return {
    cpus: options.cpus ?? 4,
    memoryBytes: options.memoryBytes ?? 16 * GIB,
    diskBytes: 100 * GIB,
    info: {
      machineID: options.name,
      systemUUID: options.name,
      bootID: options.name,
      kernelVersion: SIMULATED_KERNEL,
      osImage: 'Hollow',
      containerRuntimeVersion: 'hollow://1.0.0',
      kubeletVersion: 'v1.32.0',
      kubeProxyVersion: 'v1.32.0',
      operatingSystem: 'linux',
      architecture: 'amd64',
    },
    images: [],
  };
}

/** Registers the node and runs its pods until abort. */
export async function runHollowNode(
  options: HollowNodeOptions,
  signal: AbortSignal,
): Promise<void> {
  const { env, recorder, name, ip } = options;
  const client = boundTo(options.client, signal);
  const given = options.runtime;
  const machine = hollowMachine(options);
  const maxPods = options.maxPods ?? DEFAULT_MAX_PODS;
  const { allocatable } = resources(machine, maxPods);
  const lifetime: HollowOptions['lifetime'] = ({ namespace, name: podName }, container) => {
    const pod = pods.store.get(keyOf({ metadata: { namespace, name: podName } }));
    if (!pod) return undefined;
    const init = initContainers(pod.spec).find((one) => one.name === container);
    if (init) return isSidecar(init) ? undefined : 0;
    const owner = controllerOf(pod);
    return owner && refersTo(owner, JOBS) ? options.jobDuration : undefined;
  };
  const runtime =
    given && 'runSandbox' in given ? given : new HollowRuntime(env, { ...given, lifetime });
  const kubelet = new Kubelet(
    {
      env,
      client,
      runtime,
      host: HOLLOW_HOST,
      recorder,
      nodeName: name,
      hostIPs: () => [ip],
      refusal: (pod, others) =>
        admissionRefusal({
          pod,
          others,
          nodeName: name,
          allocatable,
          node: agent.current,
          unsafeSysctls: [],
        }),
      refreshNode: () => agent.refresh(),
    },
    signal,
  );
  const agent: NodeAgent = new NodeAgent(
    {
      env,
      client,
      runtime,
      recorder,
      name,
      hostname: name,
      addresses: [
        { type: 'InternalIP', address: ip },
        { type: 'Hostname', address: name },
      ],
      labels: options.labels ?? {},
      taints: [],
      register: true,
      port: 10250,
      maxPods,
      statusFrequency: 10_000,
      machine: () => Promise.resolve(machine),
      pressure: () => ({ memory: false, disk: false }),
      registered: (node) => (kubelet.mirrors.nodeUid = node.metadata.uid),
    },
    signal,
  );
  const pods = createInformer(env, client, PODS, { fieldSelector: `spec.nodeName=${name}` });
  kubelet.setStaticPods([]);
  await Promise.all([kubelet.run(), agent.run(), kubelet.follow(pods)]);
}
