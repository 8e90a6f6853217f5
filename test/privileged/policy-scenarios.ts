// The cases of the network policy test: pods, policies, and connections that must work or fail.
import type { NetworkPolicyPeer, NetworkPolicySpec } from '../../pkg/apis/networking/v1/types.js';
import { OUTSIDE, type PodSpec } from './policy-lab.js';

export const PORTS = [53, 80, 81, 8080, 8085];
export const PODS_OF_TEST: readonly PodSpec[] = [
  { key: 'shop/web1', node: 0, labels: { app: 'web', tier: 'front' }, named: { http: 80 } },
  { key: 'shop/web2', node: 1, labels: { app: 'web', tier: 'front' }, named: { http: 8080 } },
  { key: 'shop/db', node: 0, labels: { app: 'db' } },
  { key: 'ops/mon', node: 1, labels: { app: 'mon' } },
  { key: 'ops/tool', node: 0, labels: { app: 'tool' } },
  { key: 'other/x', node: 1, labels: { app: 'web' } },
];
export const NAMESPACE_LABELS: Record<string, Record<string, string>> = {
  shop: { team: 'shop' },
  ops: { team: 'ops', trusted: 'yes' },
  other: { team: 'other' },
};
export const VIP = '10.100.0.20';

/** 'outside', 'n1' and 'n2' are hosts; 'vip' is the service of the web pods. */
export type Case = readonly [from: string, to: string, port: string, works: boolean];
export interface Scenario {
  name: string;
  policies: Record<string, NetworkPolicySpec>;
  cases: readonly Case[];
}

export const app = (name: string): NetworkPolicyPeer => ({
  podSelector: { matchLabels: { app: name } },
});
const web = { matchLabels: { app: 'web' } };

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'without policies everybody reaches everybody',
    policies: {},
    cases: [
      ['shop/web1', 'shop/db', 'tcp/80', true],
      ['ops/mon', 'shop/web1', 'udp/53', true],
      ['other/x', 'shop/web2', 'sctp/80', true],
      ['outside', 'shop/db', 'tcp/81', true],
      ['shop/db', 'outside', 'tcp/80', true],
    ],
  },
  {
    name: 'default deny of what comes in spares nodes, answers and other namespaces',
    policies: { 'shop/deny': { podSelector: {} } },
    cases: [
      ['shop/web1', 'shop/db', 'tcp/80', false],
      ['shop/db', 'shop/web1', 'udp/53', false],
      ['ops/mon', 'shop/web1', 'tcp/80', false],
      ['ops/mon', 'shop/web2', 'tcp/80', false],
      ['other/x', 'shop/web2', 'sctp/80', false],
      ['outside', 'shop/db', 'tcp/80', false],
      ['n1', 'shop/db', 'tcp/80', true],
      ['n1', 'shop/web1', 'udp/53', true],
      ['n2', 'shop/web2', 'tcp/8080', true],
      ['n2', 'shop/db', 'tcp/80', false],
      ['shop/db', 'ops/mon', 'tcp/80', true],
      ['shop/web2', 'ops/tool', 'udp/53', true],
      ['shop/web1', 'outside', 'tcp/80', true],
      ['shop/web1', 'n1', 'tcp/80', true],
      ['ops/mon', 'other/x', 'tcp/80', true],
    ],
  },
  {
    name: 'default deny of what goes out spares the own node',
    policies: { 'shop/deny': { podSelector: {}, policyTypes: ['Egress'] } },
    cases: [
      ['shop/web1', 'shop/db', 'tcp/80', false],
      ['shop/web1', 'ops/mon', 'udp/53', false],
      ['shop/db', 'outside', 'tcp/80', false],
      ['shop/db', 'n1', 'tcp/80', true],
      ['ops/mon', 'shop/db', 'tcp/80', true],
      ['ops/tool', 'shop/web2', 'udp/53', true],
      ['outside', 'shop/web1', 'tcp/80', true],
    ],
  },
  {
    name: 'pod selectors pick pods of the own namespace',
    policies: {
      'shop/db': { podSelector: { matchLabels: { app: 'db' } }, ingress: [{ from: [app('web')] }] },
    },
    cases: [
      ['shop/web1', 'shop/db', 'tcp/80', true],
      ['shop/web2', 'shop/db', 'udp/53', true],
      ['shop/web2', 'shop/db', 'sctp/81', true],
      ['other/x', 'shop/db', 'tcp/80', false],
      ['ops/tool', 'shop/db', 'tcp/80', false],
      ['shop/db', 'shop/web1', 'tcp/80', true],
    ],
  },
  {
    name: 'namespace selectors, alone and with pod selectors',
    policies: {
      'shop/db': {
        podSelector: { matchLabels: { app: 'db' } },
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'ops' } } }] }],
      },
      'shop/web': {
        podSelector: web,
        ingress: [
          {
            from: [
              {
                namespaceSelector: { matchExpressions: [{ key: 'trusted', operator: 'Exists' }] },
                podSelector: { matchLabels: { app: 'mon' } },
              },
            ],
          },
        ],
      },
    },
    cases: [
      ['ops/mon', 'shop/db', 'tcp/80', true],
      ['ops/tool', 'shop/db', 'tcp/80', true],
      ['other/x', 'shop/db', 'tcp/80', false],
      ['shop/web1', 'shop/db', 'tcp/80', false],
      ['ops/mon', 'shop/web1', 'tcp/80', true],
      ['ops/mon', 'shop/web2', 'udp/53', true],
      ['ops/tool', 'shop/web1', 'tcp/80', false],
      ['other/x', 'shop/web2', 'tcp/80', false],
    ],
  },
  {
    name: 'blocks with exceptions, both ways',
    policies: {
      'shop/in': {
        podSelector: web,
        ingress: [
          { from: [{ ipBlock: { cidr: '172.30.7.0/24', except: [`${OUTSIDE.near}/32`] } }] },
        ],
      },
      'shop/out': {
        podSelector: { matchLabels: { app: 'db' } },
        egress: [
          {
            to: [
              { ipBlock: { cidr: '0.0.0.0/0', except: ['10.244.1.0/24', `${OUTSIDE.far}/32`] } },
            ],
          },
        ],
        policyTypes: ['Egress'],
      },
    },
    cases: [
      ['outside', 'shop/web1', 'tcp/80', false],
      ['n2', 'shop/web1', 'tcp/80', true],
      ['ops/mon', 'shop/web1', 'tcp/80', false],
      ['shop/db', 'outside', 'tcp/80', true],
      ['shop/db', 'far', 'tcp/80', false],
      ['shop/db', 'ops/mon', 'tcp/80', false],
      ['shop/db', 'ops/tool', 'tcp/80', true],
    ],
  },
  {
    name: 'ports by number, range, name and protocol',
    policies: {
      'shop/web': {
        podSelector: web,
        ingress: [
          {
            ports: [
              { port: 'http' },
              { port: 8080, endPort: 8090, protocol: 'UDP' },
              { port: 81, protocol: 'SCTP' },
            ],
          },
        ],
      },
      'shop/db': {
        podSelector: { matchLabels: { app: 'db' } },
        ingress: [{ ports: [{ protocol: 'UDP' }] }, { ports: [{ port: 81 }] }],
      },
      'ops/out': {
        podSelector: { matchLabels: { app: 'tool' } },
        egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: 'http' }] }],
        policyTypes: ['Egress'],
      },
    },
    cases: [
      ['ops/mon', 'shop/web1', 'tcp/80', true],
      ['ops/mon', 'shop/web1', 'tcp/8080', false],
      ['ops/mon', 'shop/web2', 'tcp/8080', true],
      ['ops/mon', 'shop/web2', 'tcp/80', false],
      ['other/x', 'shop/web1', 'udp/8085', true],
      ['other/x', 'shop/web1', 'udp/53', false],
      ['other/x', 'shop/web1', 'tcp/8085', false],
      ['other/x', 'shop/web2', 'sctp/81', true],
      ['other/x', 'shop/web2', 'sctp/80', false],
      ['ops/mon', 'shop/db', 'udp/53', true],
      ['ops/mon', 'shop/db', 'tcp/81', true],
      ['ops/mon', 'shop/db', 'tcp/80', false],
      ['ops/tool', 'shop/web1', 'tcp/80', true],
      ['ops/tool', 'shop/web2', 'tcp/8080', true],
      ['ops/tool', 'shop/db', 'tcp/81', false],
      ['ops/tool', 'other/x', 'tcp/80', false],
    ],
  },
  {
    name: 'policies add up, and both ends must agree',
    policies: {
      'shop/deny': { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
      'shop/a': {
        podSelector: web,
        ingress: [
          {
            from: [{ namespaceSelector: { matchLabels: { team: 'ops' } } }],
            ports: [{ port: 80 }],
          },
        ],
      },
      'shop/b': {
        podSelector: { matchLabels: { tier: 'front' } },
        ingress: [
          {
            from: [{ namespaceSelector: { matchLabels: { team: 'other' } } }],
            ports: [{ port: 81 }],
          },
        ],
      },
      'shop/c': {
        podSelector: web,
        egress: [{ to: [app('db')], ports: [{ port: 80 }] }],
        policyTypes: ['Egress'],
      },
      'shop/d': { podSelector: { matchLabels: { app: 'db' } }, ingress: [{ from: [app('web')] }] },
    },
    cases: [
      ['ops/mon', 'shop/web1', 'tcp/80', true],
      ['ops/mon', 'shop/web1', 'tcp/81', false],
      ['other/x', 'shop/web1', 'tcp/81', true],
      ['other/x', 'shop/web2', 'tcp/80', false],
      ['shop/web1', 'shop/db', 'tcp/80', true],
      ['shop/web2', 'shop/db', 'tcp/80', true],
      ['shop/web1', 'shop/db', 'tcp/81', false],
      ['shop/web1', 'ops/tool', 'tcp/80', false],
      ['shop/db', 'shop/web1', 'tcp/80', false],
    ],
  },
  {
    name: 'an empty rule allows everything, an empty list of rules nothing',
    policies: {
      'shop/all': { podSelector: web, ingress: [{}] },
      'shop/none': {
        podSelector: { matchLabels: { app: 'db' } },
        ingress: [],
        egress: [{}],
        policyTypes: ['Ingress', 'Egress'],
      },
    },
    cases: [
      ['outside', 'shop/web1', 'tcp/80', true],
      ['other/x', 'shop/web2', 'udp/53', true],
      ['shop/web1', 'shop/db', 'tcp/80', false],
      ['shop/db', 'outside', 'tcp/80', true],
    ],
  },
  {
    name: 'through a service the pods behind it count, and a pod reaches itself',
    policies: {
      'shop/web': {
        podSelector: web,
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [app('db')], ports: [{ port: 80 }] }],
      },
      'ops/out': {
        podSelector: { matchLabels: { app: 'tool' } },
        policyTypes: ['Egress'],
        egress: [{ to: [{ ipBlock: { cidr: '10.100.0.0/16' } }] }],
      },
    },
    cases: [
      ['shop/db', 'vip', 'tcp/80', true],
      ['ops/mon', 'vip', 'tcp/80', false],
      ['shop/web1', 'vip', 'tcp/80', true],
      ['ops/tool', 'vip', 'tcp/80', false],
      ['n1', 'vip', 'tcp/80', true],
    ],
  },
];
