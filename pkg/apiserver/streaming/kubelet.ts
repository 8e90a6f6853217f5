// The kubelet of a pod: its address and the API server's connection to it (upstream
// pkg/kubelet/client and registry/core/pod/strategy.go for the choice of the container).
import { badRequest, notFound, statusError } from '../../apimachinery/errors/status-error.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { NODES, PODS } from '../../apis/resource-types.js';
import { preferredAddress, SIMULATED_KERNEL } from '../../component-helpers/nodes.js';
import { allContainers } from '../../component-helpers/pods.js';
import type { ServerServices } from '../extension/services.js';
import type { DialRule } from '../dial/dial-rule.js';
import type { Backend } from './upgrade.js';
import { DEFAULT_ADDRESS_TYPES } from './facts.generated.js';

export interface KubeletClientConfig {
  /** PEM, --kubelet-client-certificate and --kubelet-client-key. */
  certPem?: string;
  keyPem?: string;
  /**
   * PEM, --kubelet-certificate-authority; absent: the kubelet's certificate is not checked, as
   * upstream.
   */
  caPem?: string;
  /** --kubelet-preferred-address-types */
  addressTypes?: readonly string[];
  /** The addresses that kubelets may have; default isDialable. */
  allows?: DialRule;
  /** The port when the Node status has none; default 10250. */
  port?: number;
}

const DEFAULT_PORT = 10250;

/**
 * The kubelet of a node. Throws NotFound, ServiceUnavailable for a node without an address, or
 * BadRequest for a simulated one, where nothing listens.
 */
export function kubeletOf(
  nodeName: string,
  services: ServerServices,
  config: KubeletClientConfig,
): Backend {
  const node = services.reader.get(NODES, '', nodeName);
  if (!node) throw notFound(NODES, nodeName);
  if (node.status?.nodeInfo?.kernelVersion === SIMULATED_KERNEL)
    throw badRequest(
      `node ${nodeName} is simulated: it has no logs, exec, attach, port-forward or proxy`,
    );
  const host = preferredAddress(
    node,
    config.addressTypes?.length ? config.addressTypes : DEFAULT_ADDRESS_TYPES,
  );
  if (!host)
    throw statusError('ServiceUnavailable', `no preferred addresses found for node ${nodeName}`);
  return {
    host,
    port: node.status?.daemonEndpoints?.kubeletEndpoint?.Port || config.port || DEFAULT_PORT,
    ...(config.allows && { allows: config.allows }),
    tls: {
      rejectUnauthorized: config.caPem !== undefined,
      ...(config.caPem && { ca: config.caPem }),
      ...(config.certPem && config.keyPem && { cert: config.certPem, key: config.keyPem }),
    },
  };
}

/** The pod, from the cache or, if the cache lacks it, after a fresh read. Throws NotFound. */
export async function podOf(
  namespace: string,
  name: string,
  services: ServerServices,
): Promise<Pod> {
  const pod = await services.reader.find(PODS, namespace, name);
  if (!pod) throw notFound(PODS, name);
  return pod;
}

const namesOf = (containers: readonly { name: string }[] | undefined): string[] =>
  (containers ?? []).map((container) => container.name);

/** The requested container, or the only one. Throws BadRequest in upstream's words. */
export function chooseContainer(pod: Pod, asked: string): string {
  const { containers, initContainers } = pod.spec;
  if (asked) {
    if (!namesOf(allContainers(pod.spec)).includes(asked))
      throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`);
    return asked;
  }
  if (containers.length === 1) return containers[0]!.name;
  if (!containers.length)
    throw badRequest(`a container name must be specified for pod ${pod.metadata.name}`);
  const inits = initContainers?.length
    ? ` or one of the init containers: [${namesOf(initContainers).join(' ')}]`
    : '';
  throw badRequest(
    `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${namesOf(containers).join(' ')}]${inits}`,
  );
}
