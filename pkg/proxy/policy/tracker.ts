// Derives the rules of this node from pods, namespaces and policies, incrementally: the policies
// that select local pods, the members of the sets that their rules name, and the chain that judges
// each pod. Only policies that select a pod of this node cost anything. Pure; writes into a
// Ruleset.
//
// Invariant: after every call the Ruleset equals that of a fresh tracker with the same state.
import { isDeepStrictEqual } from 'node:util';
import {
  DIRECTIONS,
  isPeer,
  type Direction,
  type PolicyModel,
} from '../../component-helpers/networkpolicy/model.js';
import {
  portsNamed,
  type Labels,
  type PolicyPod,
} from '../../component-helpers/networkpolicy/pods.js';
import {
  FLOWS,
  podChain,
  podChainRules,
  renderPolicy,
  type RenderedPolicy,
  type SetSpec,
} from './render.js';
import { podMap, SELF, type Ruleset } from './ruleset.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import { count, setOrDelete } from '../../util/map/count.js';

interface PolicyEntry {
  model: PolicyModel;
  /** The local pods that the policy selects. */
  pods: Set<string>;
  rendered: RenderedPolicy | undefined;
}

interface TrackedSet {
  spec: SetSpec;
  /** Number of policies that use the set. */
  users: number;
  /** Elements, with the number of pods that contribute each. */
  members: Map<string, number>;
}

/** The chains that judge an address, by direction; an absent direction is unrestricted. */
type Verdict = Partial<Record<Direction, readonly string[]>>;

export class PolicyTracker {
  private readonly pods = new Map<string, Map<string, PolicyPod>>();
  private readonly namespaces = new Map<string, Labels>();
  private readonly policies = new Map<string, Map<string, PolicyEntry>>();
  private readonly sets = new Map<string, TrackedSet>();
  /** For local pods: the policies that select them. */
  private readonly selections = new Map<string, Set<string>>();
  /** Local addresses, with the pods that have them in order of arrival. */
  private readonly addresses = new Map<string, Map<string, PolicyPod>>();
  private readonly verdicts = new Map<string, Verdict>();
  private readonly chainUsers = new Map<string, number>();

  constructor(readonly ruleset: Ruleset) {}

  /** Adds or updates a pod. Undefined: the pod is deleted or not subject to policies. */
  setPod(key: string, pod: PolicyPod | undefined): void {
    const namespace = key.slice(0, key.indexOf('/'));
    const pods = this.pods.get(namespace);
    const before = pods?.get(key);
    if (isDeepStrictEqual(before, pod)) return;
    if (pod) getOrInsert(this.pods, namespace, () => new Map()).set(key, pod);
    else if (pods!.delete(key) && !pods!.size) this.pods.delete(namespace);
    for (const set of this.sets.values()) {
      const elements = (of: PolicyPod | undefined) => (of ? this.elementsOf(set.spec, of) : []);
      this.changeMembers(set, elements(before), elements(pod));
    }
    const local = (of: PolicyPod | undefined) => (of?.local ? of : undefined);
    if (before?.local || pod?.local) this.selectPod(key, namespace, local(before), local(pod));
  }

  /** Adds or updates a namespace. Undefined: the namespace is deleted. */
  setNamespace(name: string, labels: Labels | undefined): void {
    const before = this.namespaces.get(name);
    if (isDeepStrictEqual(before, labels)) return;
    const pods = [...(this.pods.get(name)?.values() ?? [])];
    const affected = [...this.sets.values()].filter(
      ({ spec }) => spec.kind === 'pods' && spec.peer.namespaces,
    );
    const old = affected.map(({ spec }) => pods.map((pod) => this.elementsOf(spec, pod)));
    setOrDelete(this.namespaces, name, labels);
    affected.forEach((set, at) =>
      pods.forEach((pod, index) =>
        this.changeMembers(set, old[at]![index]!, this.elementsOf(set.spec, pod)),
      ),
    );
  }

  /** Adds or updates a policy. Undefined: the policy is deleted. */
  setPolicy(key: string, model: PolicyModel | undefined): void {
    const namespace = key.slice(0, key.indexOf('/'));
    const inNamespace = this.policies.get(namespace) ?? new Map<string, PolicyEntry>();
    const before = inNamespace.get(key);
    if (!before && !model) return;
    const touched = new Set(before?.pods);
    for (const pod of touched) this.selections.get(pod)?.delete(key);
    if (model) {
      const entry: PolicyEntry = { model, pods: new Set(), rendered: before?.rendered };
      inNamespace.set(key, entry);
      this.policies.set(namespace, inNamespace);
      for (const pod of this.pods.get(namespace)?.values() ?? []) {
        if (!pod.local || !model.pods.matches(pod.labels)) continue;
        entry.pods.add(pod.key);
        this.selections.get(pod.key)!.add(key);
        touched.add(pod.key);
      }
      this.applyRules(entry);
    } else {
      before!.pods.clear();
      this.applyRules(before!);
      if (inNamespace.delete(key) && !inNamespace.size) this.policies.delete(namespace);
    }
    for (const pod of touched) this.judge(this.pods.get(namespace)!.get(pod)!.ip);
  }

  /** Whether a pod of this node has an address of the family. */
  get hasPods(): boolean {
    return this.selections.size > 0;
  }

  /** Number of policies that select pods of this node. */
  get activePolicies(): number {
    let count = 0;
    for (const entries of this.policies.values())
      for (const entry of entries.values()) if (entry.rendered) count++;
    return count;
  }

  private selectPod(
    key: string,
    namespace: string,
    before: PolicyPod | undefined,
    pod: PolicyPod | undefined,
  ): void {
    if (before) this.forgetAddress(before);
    if (pod) {
      getOrInsert(this.addresses, pod.ip, () => new Map()).set(key, pod);
      if (!before) this.selections.set(key, new Set());
    }
    const selection = this.selections.get(key)!;
    for (const [policy, entry] of this.policies.get(namespace) ?? []) {
      const selected = pod !== undefined && entry.model.pods.matches(pod.labels);
      if (selected === entry.pods.has(key)) continue;
      const change = selected ? 'add' : 'delete';
      entry.pods[change](key);
      selection[change](policy);
      if (!entry.rendered || !entry.pods.size) this.applyRules(entry);
    }
    if (!pod) this.selections.delete(key);
    if (before) this.judge(before.ip);
    if (pod && pod.ip !== before?.ip) this.judge(pod.ip);
  }

  private forgetAddress(pod: PolicyPod): void {
    const pods = this.addresses.get(pod.ip);
    if (pods?.delete(pod.key) && !pods.size) this.addresses.delete(pod.ip);
  }

  /** Updates the verdict of a local address. */
  private judge(ip: string): void {
    const pods = [...(this.addresses.get(ip)?.values() ?? [])];
    const pod = pods.findLast((pod) => !pod.leaving) ?? pods.at(-1);
    const next: Verdict = {};
    const selection = pod ? [...this.selections.get(pod.key)!].sort() : [];
    for (const direction of DIRECTIONS) {
      const keys = selection.filter(
        (key) => this.policies.get(pod!.namespace)!.get(key)!.model.rules[direction],
      );
      if (keys.length) next[direction] = keys;
    }
    const before = this.verdicts.get(ip);
    for (const direction of DIRECTIONS)
      this.changeVerdict(ip, direction, before?.[direction], next[direction]);
    const isolated = next.egress !== undefined || next.ingress !== undefined;
    setOrDelete(this.verdicts, ip, isolated ? next : undefined);
    if (isolated) this.ruleset.put(SELF, `${ip} . ${ip}`);
    else this.ruleset.remove(SELF, `${ip} . ${ip}`);
  }

  private changeVerdict(
    ip: string,
    direction: Direction,
    before: readonly string[] | undefined,
    after: readonly string[] | undefined,
  ): void {
    if (before?.join(' ') === after?.join(' ')) return;
    for (const flow of FLOWS) {
      if (after) {
        const chain = podChain(after, direction, flow);
        if (count(this.chainUsers, chain, 1) === 1)
          this.ruleset.setChain(chain, podChainRules(after, direction, flow));
        this.ruleset.put(podMap(direction, flow), ip, `goto ${chain}`);
      } else this.ruleset.remove(podMap(direction, flow), ip);
      const left = before && podChain(before, direction, flow);
      if (left && !count(this.chainUsers, left, -1)) this.ruleset.setChain(left, undefined);
    }
  }

  /**
   * Replaces the rules of a policy in the table; it has none while it selects no local pod. Its new
   * sets are acquired before the old ones are released, so that shared sets stay.
   */
  private applyRules(entry: PolicyEntry): void {
    const before = entry.rendered;
    const next = entry.pods.size ? renderPolicy(entry.model, this.ruleset.family) : undefined;
    for (const spec of next?.sets ?? []) this.acquire(spec);
    const names = new Set<string>();
    for (const [name, rules] of next?.chains ?? []) {
      names.add(name);
      this.ruleset.setChain(name, rules);
    }
    for (const [name] of before?.chains ?? [])
      if (!names.has(name)) this.ruleset.setChain(name, undefined);
    for (const { name } of before?.sets ?? []) this.release(name);
    entry.rendered = next;
  }

  private acquire(spec: SetSpec): void {
    const known = this.sets.get(spec.name);
    if (known) return void known.users++;
    const set: TrackedSet = { spec, users: 1, members: new Map() };
    this.sets.set(spec.name, set);
    const elements = spec.kind === 'fixed' ? spec.elements : undefined;
    this.ruleset.addSet(spec.name, spec.definition, elements);
    for (const pod of this.candidates(spec))
      this.changeMembers(set, [], this.elementsOf(spec, pod));
  }

  private release(name: string): void {
    const set = this.sets.get(name)!;
    if (--set.users) return;
    this.sets.delete(name);
    this.ruleset.removeSet(name);
  }

  private *candidates(spec: SetSpec): Iterable<PolicyPod> {
    if (spec.kind === 'fixed') return;
    const namespace = spec.kind === 'pods' ? spec.peer.namespace : undefined;
    if (namespace !== undefined) yield* this.pods.get(namespace)?.values() ?? [];
    else for (const pods of this.pods.values()) yield* pods.values();
  }

  private elementsOf(spec: SetSpec, pod: PolicyPod): readonly string[] {
    switch (spec.kind) {
      case 'fixed':
        return [];
      case 'pods':
        return isPeer(spec.peer, pod, this.namespaces.get(pod.namespace)) ? [pod.ip] : [];
      case 'named':
        return portsNamed(pod, spec.protocol, spec.port).map(
          (port) => `${pod.ip} . ${port.protocol} . ${port.port}`,
        );
    }
  }

  private changeMembers(
    { members, spec }: TrackedSet,
    before: readonly string[],
    after: readonly string[],
  ): void {
    for (const element of after)
      if (count(members, element, 1) === 1) this.ruleset.put(spec.name, element);
    for (const element of before)
      if (!count(members, element, -1)) this.ruleset.remove(spec.name, element);
  }
}
