// The cost of network policies per packet: one TCP stream between two pods through the node's
// forward hook, without policies, with many policies on other pods of the node, and with a policy
// that judges this stream; in turns.
import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import type { NetworkPolicySpec } from '../../pkg/apis/networking/v1/types.js';
import { buildPolicy } from '../../pkg/component-helpers/networkpolicy/model.js';
import { Ruleset } from '../../pkg/proxy/policy/ruleset.js';
import { PolicyTracker } from '../../pkg/proxy/policy/tracker.js';
import { exec } from '../../pkg/system/exec.js';
import { openNft } from '../../pkg/system/nftables/nftables.js';
import { createNetns, deleteNetns, type Netns } from '../../pkg/system/netns/netns.js';
import { quantile, type Measure } from './measure.js';

const ROUNDS = 3;
const SECONDS = 2;

/** Other pods with policies of their own; `judged` adds a policy for the two pods of the stream. */
function rules(others: number, judged: boolean): string {
  const ruleset = new Ruleset(4);
  const tracker = new PolicyTracker(ruleset);
  tracker.setNamespace('bench', {});
  const add = (name: string, ip: string, spec?: NetworkPolicySpec) => {
    tracker.setPod(`bench/${name}`, {
      key: `bench/${name}`,
      namespace: 'bench',
      labels: { app: name },
      ip,
      local: true,
      leaving: false,
      ports: [],
    });
    if (spec)
      tracker.setPolicy(
        `bench/${name}`,
        buildPolicy(
          {
            apiVersion: 'networking.k8s.io/v1',
            kind: 'NetworkPolicy',
            metadata: { name, namespace: 'bench' } as never,
            spec,
          },
          4,
        ),
      );
  };
  const from = (app: string) => [{ podSelector: { matchLabels: { app } } }];
  add('client', '10.7.1.2');
  add(
    'server',
    '10.7.2.2',
    judged
      ? {
          podSelector: { matchLabels: { app: 'server' } },
          policyTypes: ['Ingress'],
          ingress: [{ from: from('client'), ports: [{ port: 5201 }] }],
        }
      : undefined,
  );
  for (let at = 0; at < others; at++)
    add(`other-${at}`, `10.8.${at >> 8}.${at & 255}`, {
      podSelector: { matchLabels: { app: `other-${at}` } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: from('client'), ports: [{ port: 80 + (at % 50) }] }],
      egress: [{ to: from('server') }],
    });
  return ruleset.full();
}

/** Gigabits per second of one stream. */
async function stream(client: Netns, server: Netns): Promise<number> {
  const child = spawn(
    'nsenter',
    [`--net=${server.path}`, '--', 'iperf3', '-s', '-1', '-p', '5201', '--forceflush'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  try {
    await new Promise((done) => child.stdout.once('data', done));
    const text = await exec(
      [...client.enter, 'iperf3', '-c', '10.7.2.2', '-t', String(SECONDS), '-J'],
      { timeoutMs: 60_000 },
    );
    return (
      (JSON.parse(text) as { end: { sum_received: { bits_per_second: number } } }).end.sum_received
        .bits_per_second / 1e9
    );
  } finally {
    child.kill('SIGKILL');
  }
}

/** The sender segments frames to 1,500 bytes before the hook, so that every packet is judged. */
async function connect(client: Netns, node: Netns, server: Netns): Promise<void> {
  for (const [at, end] of [client, server].entries()) {
    const net = `10.7.${at + 1}`;
    await exec([
      'ip',
      'link',
      'add',
      'eth0',
      'netns',
      end.name,
      'type',
      'veth',
      'peer',
      'name',
      `p${at}`,
      'netns',
      node.name,
    ]);
    await exec([
      ...end.enter,
      'sh',
      '-ec',
      `ip addr add ${net}.2/24 dev eth0; ip link set eth0 gso_max_segs 1 up; ip route add default via ${net}.1`,
    ]);
    await exec([
      ...node.enter,
      'sh',
      '-ec',
      `ip addr add ${net}.1/24 dev p${at}; ip link set p${at} up; sysctl -qw net.ipv4.ip_forward=1`,
    ]);
  }
}

export async function policies(): Promise<Measure[]> {
  const id = randomBytes(2).toString('hex');
  const [client, node, server] = [
    await createNetns(`whb${id}-c`),
    await createNetns(`whb${id}-n`),
    await createNetns(`whb${id}-s`),
  ];
  const modes = {
    none: '',
    '100 on others': rules(100, false),
    '1,000 on others': rules(1000, false),
    'one that judges it': rules(1000, true),
  };
  const results = new Map<string, number[]>(Object.keys(modes).map((name) => [name, []]));
  try {
    await connect(client, node, server);
    const nft = openNft({ netns: node.path });
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, script] of Object.entries(modes)) {
        await nft.deleteTable('ip', 'wheelhouse-policy');
        if (script) await nft.apply(script);
        results.get(name)!.push(await stream(client, server));
      }
    }
  } finally {
    for (const netns of [client, node, server]) await deleteNetns(netns.name);
  }
  const none = quantile(results.get('none')!, 0.5);
  return [...results].map(([name, values]) => ({
    name: `TCP stream of single packets, network policies: ${name}`,
    value: quantile(values, 0.5),
    unit: 'Gbit/s',
    ...(name !== 'none' && { peer: { name: 'none, same run', value: none } }),
  }));
}
