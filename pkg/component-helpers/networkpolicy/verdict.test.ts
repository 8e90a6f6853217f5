import assert from 'node:assert/strict';
import type { Pod } from '../../apis/core/v1/types.js';
import type { NetworkPolicy, NetworkPolicySpec } from '../../apis/networking/v1/types.js';
import { buildPolicy, DIRECTIONS } from './model.js';
import { policyPod } from './pods.js';
import { verdictOf, type Connection, type End } from './verdict.js';

const end = (namespace: string, name: string, ip: string): End => ({
  ip,
  pod: policyPod(
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels: { app: name } },
      spec: { containers: [{ name: 'c', ports: [{ name: 'http', containerPort: 8080 }] }] },
      status: { phase: 'Running', podIP: ip },
    } as Pod,
    '',
    4,
  ),
});
const [WEB, CLIENT, CLERK] = [
  end('shop', 'web', '10.1.0.1'),
  end('shop', 'client', '10.1.0.2'),
  end('desk', 'clerk', '10.2.0.1'),
];
const NAMESPACES = new Map([['desk', { team: 'desk' }]]);
const policy = (name: string, spec: NetworkPolicySpec) =>
  buildPolicy({ metadata: { name, namespace: 'shop' }, spec } as NetworkPolicy, 4);
const SELECTED = { podSelector: { matchLabels: { app: 'web' } } };
const POLICIES = [
  policy('closed', { podSelector: { matchLabels: { app: 'web' } } }),
  policy('web', {
    ...SELECTED,
    ingress: [
      { from: [{ podSelector: {} }], ports: [{ port: 'http' }, { port: 5000, endPort: 5010 }] },
      { from: [{ namespaceSelector: { matchLabels: { team: 'desk' } } }] },
      { from: [{ ipBlock: { cidr: '10.2.0.0/16', except: ['10.2.1.0/24'] } }] },
    ],
  }),
  policy('other', { podSelector: { matchLabels: { app: 'client' } }, ingress: [{}] }),
];

describe('verdicts of network policies', () => {
  const reach = (from: End, port: number, protocol: Connection['protocol'] = 'tcp') => {
    const verdict = verdictOf('ingress', { from, to: WEB, port, protocol }, POLICIES, NAMESPACES);
    assert.deepEqual(
      verdict.policies.map(({ key }) => key),
      ['shop/closed', 'shop/web'],
    );
    const by = verdict.by.map(({ policy: { key }, index }) => `${key} ${index}`);
    return verdict.isAllowed ? by.join(', ') || 'itself' : 'refused';
  };

  it('name every rule that allows a connection', () => {
    assert.equal(reach(CLIENT, 8080), 'shop/web 0');
    assert.equal(reach(CLIENT, 5010), 'shop/web 0');
    assert.equal(reach(CLERK, 22), 'shop/web 1, shop/web 2');
    assert.equal(reach(CLERK, 0, 'icmp'), 'shop/web 1, shop/web 2');
    assert.equal(reach({ ip: '10.2.0.9' }, 22), 'shop/web 2');
  });

  it('refuse other ports, protocols, peers, and exceptions of blocks', () => {
    assert.equal(reach(CLIENT, 5011), 'refused');
    assert.equal(reach(CLIENT, 8080, 'udp'), 'refused');
    assert.equal(reach(CLIENT, 0, 'icmp'), 'refused');
    assert.equal(reach({ ip: '10.2.1.9' }, 22), 'refused');
    assert.equal(reach({ ip: '10.1.0.2' }, 8080), 'refused');
  });

  it('let a pod reach itself, and leave directions open that no policy restricts', () => {
    assert.equal(reach(WEB, 22), 'itself');
    const open = { isAllowed: true, policies: [], by: [] };
    const connection = { from: WEB, to: CLERK, port: 22, protocol: 'tcp' } as const;
    for (const direction of DIRECTIONS)
      assert.deepEqual(verdictOf(direction, connection, POLICIES, NAMESPACES), open);
  });
});
