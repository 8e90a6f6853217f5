// Whether network policies allow a connection, and which of their rules do. Pure. pkg/proxy renders
// the same models for the kernel; its tests hold both to one answer.
import type { Protocol } from '../addresses.js';
import { parseIp } from '../../util/netaddr/ip.js';
import { isPeer, type Direction, type PolicyModel, type RuleModel } from './model.js';
import { portsNamed, type Labels, type PolicyPod } from './pods.js';

export interface End {
  ip: string;
  /** The pod that has the address as its own. */
  pod?: PolicyPod | undefined;
}

export interface Connection {
  from: End;
  to: End;
  /** Others than those of ports pass only rules without ports. */
  protocol: Protocol | 'icmp';
  port: number;
}

export interface Verdict {
  isAllowed: boolean;
  /** The policies that restrict the direction; without any, it is open. */
  policies: readonly PolicyModel[];
  /** The rules that allow the connection, by their places in the policies. */
  by: readonly { policy: PolicyModel; index: number }[];
}

/** Whether the policy restricts the pod in this direction. */
export const restricts = (
  { rules, namespace, pods }: PolicyModel,
  direction: Direction,
  pod: PolicyPod | undefined,
): boolean => !!rules[direction] && namespace === pod?.namespace && pods.matches(pod.labels);

/** Judges a connection by the policies of its source (egress) or of its target (ingress). */
export function verdictOf(
  direction: Direction,
  connection: Connection,
  models: readonly PolicyModel[],
  namespaces: ReadonlyMap<string, Labels>,
): Verdict {
  const { from, to } = connection;
  const [own, peer] = direction === 'egress' ? [from, to] : [to, from];
  const policies = models.filter((model) => restricts(model, direction, own.pod));
  const by = policies.flatMap((policy) =>
    policy.rules[direction]!.flatMap((rule, index) =>
      allowsPeer(rule, peer, namespaces) && allowsPort(rule, connection) ? [{ policy, index }] : [],
    ),
  );
  // A pod always reaches itself.
  return { isAllowed: !policies.length || by.length > 0 || from.ip === to.ip, policies, by };
}

function allowsPeer(
  { peers, blocks }: RuleModel,
  { ip, pod }: End,
  namespaces: ReadonlyMap<string, Labels>,
): boolean {
  const value = parseIp(ip)?.value;
  return (
    !peers ||
    blocks.some(({ from, to }) => value !== undefined && from <= value && value <= to) ||
    (!!pod && peers.some((peer) => isPeer(peer, pod, namespaces.get(pod.namespace))))
  );
}

function allowsPort({ ports }: RuleModel, { to: { pod }, protocol, port }: Connection): boolean {
  if (!ports) return true;
  if (protocol === 'icmp') return false;
  const { numbers, names } = ports;
  return (
    !!numbers[protocol]?.some(({ from, to }) => from <= port && port <= to) ||
    (!!pod &&
      names.some(
        (named) =>
          named.protocol === protocol &&
          portsNamed(pod, protocol, named.name).some((found) => found.port === port),
      ))
  );
}
