// Flags of kube-apiserver, under upstream's names.
import { AUDIT_FLAGS } from './audit.js';
import { AUTHENTICATION_FLAGS } from './authentication.js';
import { type Config, FlagError, LOG_LEVEL, parseFlags } from '../flags.js';
import { TLS_FLAGS } from '../tls-flags.js';

export const FLAGS = {
  'etcd-servers': {
    type: 'list',
    help: 'List of etcd servers to connect with (scheme://ip:port), comma separated. The word memory keeps everything in this process instead.',
  },
  'etcd-cafile': {
    type: 'string',
    help: 'SSL Certificate Authority file used to secure etcd communication.',
  },
  'etcd-certfile': {
    type: 'string',
    help: 'SSL certification file used to secure etcd communication.',
  },
  'etcd-keyfile': { type: 'string', help: 'SSL key file used to secure etcd communication.' },
  'etcd-prefix': {
    type: 'string',
    default: '/registry',
    help: 'The prefix to prepend to all resource paths in etcd.',
  },
  'encryption-provider-config': {
    type: 'string',
    help: 'The file containing configuration for encryption providers to be used for storing secrets in etcd',
  },
  'encryption-provider-config-automatic-reload': {
    type: 'boolean',
    default: false,
    help: 'Determines if the file set by --encryption-provider-config should be automatically reloaded if the disk contents change. Setting this to true disables the ability to uniquely identify distinct KMS plugins via the API server healthz endpoints.',
  },
  'bind-address': {
    type: 'string',
    default: '0.0.0.0',
    help: 'The IP address on which to listen for the secure port.',
  },
  'secure-port': {
    type: 'number',
    default: 6443,
    help: 'The port on which to serve HTTPS with authentication and authorization.',
  },
  'advertise-address': {
    type: 'string',
    help: 'The IP address on which to advertise the apiserver to members of the cluster; default: the one bound to, or the first of the host. With a loopback address the service kubernetes has no endpoint.',
  },
  'insecure-port': {
    type: 'number',
    default: 0,
    help: 'A plain HTTP port on loopback on which every request has administrator rights; 0 disables it.',
  },
  'insecure-bind-address': {
    type: 'string',
    default: '127.0.0.1',
    help: 'The IP address of the plain port.',
  },
  'tls-cert-file': {
    type: 'string',
    help: 'File containing the default x509 certificate for HTTPS; default: a generated one in --cert-dir.',
  },
  'tls-private-key-file': {
    type: 'string',
    help: 'File containing the private key of --tls-cert-file.',
  },
  ...TLS_FLAGS,
  'strict-transport-security-directives': {
    type: 'list',
    help: 'Directives of the header Strict-Transport-Security, comma separated: max-age=SECONDS, includeSubDomains, preload. Absent: no such header.',
  },
  'cert-dir': {
    type: 'string',
    default: '/var/run/kubernetes',
    help: 'Folder of generated certificates; used when --tls-cert-file is absent.',
  },
  'client-ca-file': {
    type: 'string',
    help: 'Clients with a certificate signed by one of the authorities in this file are authenticated with its common name.',
  },
  'token-auth-file': {
    type: 'string',
    help: 'CSV file of static tokens: token,user,uid,"group1,group2".',
  },
  'anonymous-auth': {
    type: 'boolean',
    default: true,
    help: 'Treat requests without credentials as the user system:anonymous.',
  },
  'enable-bootstrap-token-auth': {
    type: 'boolean',
    default: false,
    help: "Allow secrets of type 'bootstrap.kubernetes.io/token' in the kube-system namespace to be used for TLS bootstrapping.",
  },
  'authorization-mode': {
    type: 'list',
    default: ['Node', 'RBAC'],
    help: 'Ordered list of authorizers: Node, RBAC, AlwaysAllow, AlwaysDeny. AlwaysAllow switches --anonymous-auth off.',
  },
  'service-account-key-file': {
    type: 'list',
    help: 'Files of PEM-encoded keys that verify service account tokens.',
  },
  'service-account-signing-key-file': {
    type: 'string',
    help: 'File of the private key that signs service account tokens.',
  },
  'service-account-issuer': {
    type: 'list',
    help: 'Issuers of service account tokens; the first signs. Default https://kubernetes.default.svc.cluster.local.',
  },
  'service-account-max-token-expiration': {
    type: 'duration',
    help: 'The longest validity of a token.',
  },
  'service-account-extend-token-expiration': {
    type: 'boolean',
    default: true,
    help: 'Extend the validity of tokens that pods mount.',
  },
  'service-account-jwks-uri': {
    type: 'string',
    help: 'Overrides the URI of the key set in the OpenID discovery document.',
  },
  'api-audiences': { type: 'list', help: 'Identifiers of the API; default: the issuers.' },
  'service-cluster-ip-range': {
    type: 'string',
    default: '10.100.0.0/16',
    help: 'A CIDR range of cluster IPs of services, or two of different families: the first is the default.',
  },
  'service-node-port-range': {
    type: 'string',
    default: '30000-32767',
    help: 'A port range for services with NodePort visibility.',
  },
  'kubelet-client-certificate': {
    type: 'string',
    help: 'Client certificate for the connection to kubelets.',
  },
  'kubelet-client-key': { type: 'string', help: 'Key of --kubelet-client-certificate.' },
  'kubelet-certificate-authority': {
    type: 'string',
    help: 'Authority that signed the serving certificates of kubelets; absent: they are not checked.',
  },
  'proxy-client-cert-file': {
    type: 'string',
    help: 'Client certificate for requests to servers of APIServices.',
  },
  'proxy-client-key-file': { type: 'string', help: 'Key of --proxy-client-cert-file.' },
  'requestheader-client-ca-file': {
    type: 'string',
    help: 'Authority of --proxy-client-cert-file, which is published for servers of APIServices.',
  },
  'requestheader-allowed-names': {
    type: 'list',
    help: 'Common names of certificates that those servers trust; none: all of the authority.',
  },
  'kubelet-preferred-address-types': {
    type: 'list',
    help: 'Address types by preference: InternalIP, ExternalIP, InternalDNS, ExternalDNS, Hostname.',
  },
  'enable-admission-plugins': {
    type: 'list',
    help: 'Admission plugins to run in addition to the default ones.',
  },
  'disable-admission-plugins': {
    type: 'list',
    help: 'Default admission plugins to disable.',
  },
  'admission-control-config-file': {
    type: 'string',
    help: 'File with the configuration of admission plugins: AdmissionConfiguration of apiserver.config.k8s.io/v1.',
  },
  'ui-dir': {
    type: 'string',
    help: 'Folder of the web UI served at /ui/; default ../../ui beside this program, when there.',
  },
  'enable-priority-and-fairness': {
    type: 'boolean',
    default: true,
    help: 'Share the server among users by flow schemas and priority levels.',
  },
  'max-requests-inflight': {
    type: 'number',
    default: 400,
    help: 'Maximum number of reads in flight. With priority and fairness, the sum of both limits is divided.',
  },
  'max-mutating-requests-inflight': {
    type: 'number',
    default: 200,
    help: 'Maximum number of writes in flight. Watches and streams do not count.',
  },
  'request-timeout': {
    type: 'duration',
    default: '1m0s',
    help: 'The time after which a request is answered with 504, unless it is a watch or a stream.',
  },
  'min-request-timeout': {
    type: 'number',
    default: 1800,
    help: 'Watches without timeoutSeconds last between once and twice this many seconds.',
  },
  'shutdown-delay-duration': {
    type: 'duration',
    default: '0s',
    help: 'Time between the signal to stop and the stop. Meanwhile requests are answered and /readyz fails.',
  },
  ...AUDIT_FLAGS,
  ...AUTHENTICATION_FLAGS,
  'event-ttl': { type: 'duration', default: '1h0m0s', help: 'Amount of time to retain events.' },
  'allow-privileged': {
    type: 'boolean',
    default: true,
    help: 'Only true is supported: Pod Security admission decides about privileged containers.',
  },
  'enable-aggregator-routing': {
    type: 'boolean',
    default: false,
    help: 'Call webhooks of services at the addresses of their pods, not at the cluster IP: for servers without kube-proxy.',
  },
  profiling: { type: 'boolean', default: false, help: 'Accepted and unused.' },
  'log-level': LOG_LEVEL,
} as const;

export type KubeApiserverConfig = Config<typeof FLAGS>;

/** Throws FlagError. */
export function parseOptions(argv: readonly string[]): KubeApiserverConfig {
  const config = parseFlags(
    'kube-apiserver',
    'The Kubernetes API server: validates and keeps the objects of the cluster and is where all components meet.',
    FLAGS,
    argv,
  );
  if (!config['allow-privileged'])
    throw new FlagError(
      'kube-apiserver: --allow-privileged=false is not supported: the labels of Pod Security admission keep privileged pods out of a namespace',
      2,
    );
  return config;
}
