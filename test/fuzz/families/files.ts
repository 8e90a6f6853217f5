// Configuration files and values that other programs write: of components, of flannel, of nft.
import { parseAuditPolicy } from '../../../pkg/apiserver/audit/policy.js';
import { parseAuthenticationFile } from '../../../pkg/apiserver/authn/oidc/config.js';
import { readEncryptionConfig } from '../../../pkg/apiserver/encryption/config.js';
import { parseYaml } from '../../../pkg/apimachinery/codec/yaml.js';
import { parseConfig } from '../../../pkg/dns/static/config.js';
import { ConfigError } from '../../../pkg/flannel/config-check.js';
import { describeConfig, parseNetworkConfig } from '../../../pkg/flannel/config.js';
import {
  encodeLeaseAttrs,
  parseLeaseAttrs,
  parseSubnetKey,
  subnetKey,
} from '../../../pkg/flannel/subnet/lease.js';
import { parseSubnetEnv, renderSubnetEnv } from '../../../pkg/flannel/subnet/subnet-env.js';
import { leftoverFlows } from '../../../pkg/proxy/conntrack.js';
import { configFlags } from '../../../cmd/config-file.js';
import { KUBELET_CONFIGURATION } from '../../../cmd/config-kinds.generated.js';
import { FlagError } from '../../../cmd/flags.js';
import { rule, tried, type Family } from '../family.js';
import { mutateJson, mutateText, type Json } from '../mutate.js';

const AUDIT = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    {
      level: 'Metadata',
      users: ['a'],
      verbs: ['get'],
      resources: [{ group: '', resources: ['pods/log'], resourceNames: ['x'] }],
      namespaces: ['d'],
    },
    { level: 'None', nonResourceURLs: ['/healthz*'], omitManagedFields: true },
  ],
};
const AUTHENTICATION = {
  apiVersion: 'apiserver.config.k8s.io/v1beta1',
  kind: 'AuthenticationConfiguration',
  jwt: [
    {
      issuer: { url: 'https://a.b', audiences: ['x'], audienceMatchPolicy: 'MatchAny' },
      claimMappings: {
        username: { claim: 'sub', prefix: '' },
        groups: { expression: 'claims.groups' },
        uid: { claim: 'uid' },
        extra: [{ key: 'a.b/c', valueExpression: "'x'" }],
      },
      claimValidationRules: [{ expression: "claims.hd == 'x'", message: 'm' }],
      userValidationRules: [{ expression: "user.username != ''" }],
    },
  ],
};
const ENCRYPTION = {
  apiVersion: 'apiserver.config.k8s.io/v1',
  kind: 'EncryptionConfiguration',
  resources: [
    {
      resources: ['secrets', 'configmaps', '*.apps'],
      providers: [
        { aesgcm: { keys: [{ name: 'k', secret: 'c2VjcmV0IGlzIHNlY3VyZQ==' }] } },
        { kms: { apiVersion: 'v2', name: 'k', endpoint: 'unix:///a', timeout: '3s' } },
        { identity: {} },
      ],
    },
  ],
};
const KUBELET = {
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  maxPods: 110,
  evictionHard: { 'memory.available': '100Mi' },
  authentication: { anonymous: { enabled: false }, webhook: { cacheTTL: '1m' } },
  clusterDNS: ['10.0.0.10'],
  featureGates: { A: true },
  registerWithTaints: [{ key: 'a', effect: 'NoSchedule' }],
};
const FLANNEL = {
  Network: '10.244.0.0/16',
  SubnetLen: 24,
  SubnetMin: '10.244.1.0',
  SubnetMax: '10.244.9.0',
  EnableIPv6: true,
  IPv6Network: 'fd00::/48',
  IPv6SubnetLen: 64,
  Backend: { Type: 'vxlan', VNI: 1, Port: 8472, DirectRouting: true },
};
const LEASE = {
  PublicIP: '10.0.0.1',
  PublicIPv6: null,
  BackendType: 'vxlan',
  BackendData: { VNI: 1, VtepMAC: '00:11:22:33:44:55' },
};
const DNS = {
  stubDomains: '{"a.b": ["10.0.0.1:53"]}',
  hosts: '10.0.0.1 a.b c\n# x\n::1 d',
  names: 'a.b = c.d',
};

const FILES: readonly (readonly [Json, (value: Json, text: string) => void])[] = [
  [AUDIT, (_, text) => void tried(() => parseAuditPolicy(text), Error)],
  [
    AUTHENTICATION,
    (_, text) => void tried(() => parseAuthenticationFile(text, ['https://own']), Error),
  ],
  [ENCRYPTION, (_, text) => void tried(() => readEncryptionConfig(parseYaml(text).value), Error)],
  [
    KUBELET,
    (_, text) => void tried(() => configFlags(KUBELET_CONFIGURATION, 'x.yaml', text), FlagError),
  ],
  [
    FLANNEL,
    (_, text) => {
      const config = tried(() => parseNetworkConfig(text), ConfigError);
      if (config) describeConfig(config);
    },
  ],
  [
    LEASE,
    (_, text) => {
      const attrs = parseLeaseAttrs(text);
      if (attrs)
        rule(
          JSON.stringify(parseLeaseAttrs(encodeLeaseAttrs(attrs))) === JSON.stringify(attrs),
          'a lease written and read again differs',
          text,
        );
    },
  ],
  [
    DNS,
    (value) => {
      const texts = Object.entries(value ?? {}).filter(([, one]) => typeof one === 'string');
      tried(() => parseConfig(Object.fromEntries(texts) as Record<string, string>), Error);
    },
  ],
];

/** An input is [number of the file, value] in JSON. */
export const files: Family = {
  name: 'config-files',
  share: 5,
  prepare: () => ({
    make(choice) {
      const at = choice.below(FILES.length);
      return Buffer.from(
        JSON.stringify([
          at,
          mutateJson(choice, structuredClone(FILES[at]![0]), choice.pick(FILES)[0]),
        ]),
      );
    },
    run(input) {
      const parsed = tried(() => JSON.parse(input.toString()) as Json, SyntaxError);
      if (!Array.isArray(parsed) || parsed.length < 2) return;
      const entry = FILES[Number.isInteger(parsed[0]) ? Math.abs(parsed[0]) % FILES.length : 0]!;
      entry[1](parsed[1], JSON.stringify(parsed[1]) ?? '');
    },
  }),
};

const ENV =
  'FLANNEL_NETWORK=10.244.0.0/16\nFLANNEL_SUBNET=10.244.1.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\nFLANNEL_IPV6_NETWORK=fd00::/48\nFLANNEL_IPV6_SUBNET=fd00:1::1/64\n';
const FLOW =
  'udp      17 28 src=10.0.0.1 dst=10.96.0.10 sport=5353 dport=53 [UNREPLIED] src=10.244.0.2 dst=10.0.0.1 sport=53 dport=5353 mark=0 use=1';
const KEYS = ['10.244.1.0-24', '10.244.1.0-24&fd00:1::-64', ENV, FLOW, `${FLOW}\n${FLOW}`];

export const lines: Family = {
  name: 'listings',
  share: 5,
  prepare: () => ({
    make: (choice) =>
      Buffer.from(
        mutateText(
          choice,
          choice.pick(KEYS),
          [
            '=',
            '-',
            '&',
            '\n',
            '/',
            '.',
            ':',
            ' ',
            '0',
            '10',
            '255',
            'src=',
            'dst=',
            'sport=',
            'dport=',
          ],
          choice.pick(KEYS),
        ),
      ),
    run(input) {
      const text = input.toString('utf8');
      const subnets = parseSubnetKey(text);
      if (subnets)
        rule(
          parseSubnetKey(subnetKey(subnets)) !== undefined,
          'the key of a subnet is refused',
          text,
        );
      const env = tried(() => parseSubnetEnv(text), Error);
      if (env?.network && env.subnet && env.mtu !== undefined)
        tried(() => renderSubnetEnv(env as never), Error);
      leftoverFlows(text, [], 'ipv4' as never);
    },
  }),
};
