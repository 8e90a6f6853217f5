// Joins the server with the registry, admission, authentication, authorization and streaming, for
// the program and for the test server.
import { selectAdmissionPlugins } from '../../pkg/admission/plugins.js';
import {
  startServer,
  type ApiServer,
  type ApiServerOptions,
} from '../../pkg/apiserver/server/api-server.js';
import {
  createAuthentication,
  type AuthenticationConfig,
} from '../../pkg/apiserver/authn/authentication.js';
import {
  allowsAnonymous,
  createAuthorization,
  type AuthorizerMember,
} from '../../pkg/apiserver/authz/authorization.js';
import { rbacBootstrapHook } from '../../pkg/apiserver/authz/bootstrap.js';
import { flowControlHook } from '../../pkg/apiserver/bootstrap/flow-control.js';
import { kubernetesServiceHook } from '../../pkg/apiserver/bootstrap/kubernetes-service.js';
import { priorityClassesHook } from '../../pkg/apiserver/bootstrap/priority-classes.js';
import type { BackendOptions } from '../../pkg/apiserver/aggregation/backend.js';
import {
  publishedConfigHook,
  type RequestHeaderTrust,
} from '../../pkg/apiserver/bootstrap/published-config.js';
import { systemNamespacesHook } from '../../pkg/apiserver/bootstrap/system-namespaces.js';
import { readDescriptions } from '../../pkg/apiserver/openapi/descriptions.js';
import { proxyHandlers } from '../../pkg/apiserver/proxy/proxy.js';
import type { KubeletClientConfig } from '../../pkg/apiserver/streaming/kubelet.js';
import { streamingHandlers } from '../../pkg/apiserver/streaming/streaming.js';
import {
  DEFAULT_FLOW_SCHEMAS,
  DEFAULT_PRIORITY_LEVELS,
  MANDATORY_FLOWS,
} from '../../pkg/registry/flowcontrol/default-flows.js';
import { DEFAULT_POLICY, NODE_RULES } from '../../pkg/registry/rbac/default-policy.js';
import { customResourcesOf } from '../../pkg/registry/customresources/definition.js';
import { createRegistry } from '../../pkg/registry/registry.js';
import { FlagError } from '../flags.js';
import type { Encryption } from './encryption.js';
import { formatIp, nthIp, parseCidr } from '../../pkg/util/netaddr/ip.js';
import { parseCertificateRequest } from '../../pkg/system/pki/certificates.js';
import { keyPairProblem } from '../../pkg/system/pki/key-pair.js';

/** The front proxy's own certificate, and what is published so that servers trust it. */
export type FrontProxy = BackendOptions & RequestHeaderTrust;

const DEFAULT_FLOWS = {
  priorityLevels: DEFAULT_PRIORITY_LEVELS,
  flowSchemas: DEFAULT_FLOW_SCHEMAS,
  mandatory: MANDATORY_FLOWS,
};

/** Options that the server takes as they are. */
type Passed = Pick<
  ApiServerOptions,
  | 'audit'
  | 'delegates'
  | 'env'
  | 'hooks'
  | 'insecure'
  | 'listen'
  | 'maxInFlight'
  | 'minWatchSeconds'
  | 'paths'
  | 'requestTimeoutMs'
  | 'routeToEndpoints'
  | 'storage'
  | 'webhooks'
>;

export interface JoinOptions extends Passed {
  prefix: string;
  serviceClusterIPRange: string;
  nodePortRange: string;
  authentication: AuthenticationConfig;
  /** The chain of authorizers, which may change; its built-in types never do. */
  authorizers: () => readonly AuthorizerMember[];
  enableAdmission: readonly string[];
  disableAdmission: readonly string[];
  /** Configurations of plugins by their names. */
  admissionConfig?: ReadonlyMap<string, unknown>;
  kubelet: KubeletClientConfig;
  /** How requests reach the servers of APIServices. */
  frontProxy?: FrontProxy;
  /** Absent: values are stored as they are. */
  encryption?: Encryption;
  /** The address at which other hosts reach this server. */
  advertiseAddress: string;
  eventTtlSeconds: number;
  /** Serves and obeys mutating admission policies. */
  mutatingPolicies?: boolean;
  /** --enable-priority-and-fairness; default true. */
  fairness?: boolean;
}

/** The first host address of a service range, of the first range if there are two. */
export function firstServiceIP(range: string): string {
  const cidr = parseCidr(range.split(',')[0]!.trim());
  if (!cidr) throw new FlagError(`kube-apiserver: --service-cluster-ip-range: ${range} is no CIDR`);
  return formatIp(nthIp(cidr, 1n));
}

/** The family of the first service range, which is the cluster's primary family. */
export const primaryFamily = (range: string): 4 | 6 =>
  firstServiceIP(range).includes(':') ? 6 : 4;

/**
 * Whether the service `kubernetes` can lead to this address: no proxy translates between families.
 */
export const sameFamily = (range: string, advertiseAddress: string): boolean =>
  (primaryFamily(range) === 6) === advertiseAddress.includes(':');

/** The port in the endpoints of a server that does not listen itself. */
const DEFAULT_PORT = 6443;

export async function joinApiServer(options: JoinOptions, signal: AbortSignal): Promise<ApiServer> {
  const { env, authentication: config } = options;
  const { advertiseAddress, serviceClusterIPRange } = options;
  if (!sameFamily(serviceClusterIPRange, advertiseAddress))
    env.log.warn(
      'pods cannot reach the API by its service: the advertised address is of another family',
      { advertiseAddress, serviceClusterIPRange },
    );
  const types = options.authorizers().map(({ type }) => type);
  const isAnonymousSafe = allowsAnonymous(types);
  if (!isAnonymousSafe && config.anonymous !== false)
    env.log.warn(
      'AnonymousAuth is not allowed with the AlwaysAllow authorizer. Resetting AnonymousAuth to false. You should use a different authorizer',
    );
  const authentication = createAuthentication(
    isAnonymousSafe ? config : { ...config, anonymous: false },
  );
  const authorization = createAuthorization(options.authorizers, NODE_RULES);
  const registry = createRegistry({
    serviceClusterIPRange: options.serviceClusterIPRange,
    nodePortRange: options.nodePortRange,
    checkCertificateRequest: parseCertificateRequest,
    checkKeyPair: keyPairProblem,
    mutatingPolicies: options.mutatingPolicies ?? false,
  });
  const definitions = registry.map((definition) =>
    definition.facts.resource === 'events' && definition.ttlSeconds
      ? { ...definition, ttlSeconds: options.eventTtlSeconds }
      : definition,
  );
  const folders = new Map(
    definitions.flatMap(({ storage: folder, facts: { group, resource } }) =>
      folder === undefined || group === 'events.k8s.io' ? [] : [[folder, { group, resource }]],
    ),
  );
  const { encryption } = options;
  const storage = encryption?.wrap(options.storage, options.prefix, folders) ?? options.storage;
  let port = DEFAULT_PORT;
  return startServer(
    {
      env,
      storage,
      prefix: options.prefix,
      definitions,
      authenticators: authentication.authenticators,
      authorizer: authorization.authorizer,
      customResources: customResourcesOf,
      admission: selectAdmissionPlugins(
        options.enableAdmission,
        options.disableAdmission,
        options.admissionConfig,
      ),
      ...(options.audit && { audit: options.audit }),
      connect: [
        ...streamingHandlers(options.kubelet),
        ...proxyHandlers({ kubelet: options.kubelet }),
      ],
      creators: [...authentication.creators, ...authorization.creators],
      paths: [...authentication.paths, ...(options.paths ?? [])],
      hooks: [
        systemNamespacesHook,
        priorityClassesHook,
        publishedConfigHook(options.listen?.tls?.clientCa?.toString(), options.frontProxy),
        flowControlHook(DEFAULT_FLOWS),
        kubernetesServiceHook({
          storage,
          root: options.prefix,
          serviceIP: firstServiceIP(options.serviceClusterIPRange),
          advertiseAddress: options.advertiseAddress,
          port: () => port,
        }),
        ...(types.includes('RBAC') ? [rbacBootstrapHook(DEFAULT_POLICY)] : []),
        ...(options.hooks ?? []),
      ],
      ...(options.listen && { listen: options.listen }),
      ...(options.insecure && { insecure: options.insecure }),
      ...(encryption && { checks: encryption.checks }),
      aggregation: { ...options.frontProxy },
      delegates: options.delegates ?? [],
      ...(options.maxInFlight && { maxInFlight: options.maxInFlight }),
      ...((options.fairness ?? true) && { fairness: DEFAULT_FLOWS }),
      ...(options.minWatchSeconds && { minWatchSeconds: options.minWatchSeconds }),
      ...(options.routeToEndpoints && { routeToEndpoints: true }),
      ...(options.requestTimeoutMs && { requestTimeoutMs: options.requestTimeoutMs }),
      ...(options.webhooks && { webhooks: options.webhooks }),
      descriptions: () => readDescriptions(),
      onListen: (bound) => (port = bound || port),
    },
    signal,
  );
}
