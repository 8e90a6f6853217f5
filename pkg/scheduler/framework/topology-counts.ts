// Numbers of pods that match a selector, by topology value (zone, host name). A scheduling decision
// does not count all pods: the first query for a selector and key counts them once, and every pod
// that is added or removed afterwards adjusts the counters that it matches.
import { LRUCache } from 'lru-cache';
import type { Selector } from '../../apimachinery/labels/selector.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import { MAX_TOPOLOGY_COUNTERS } from '../limits.js';
import type { NodeInfo } from './node-info.js';
import { AFFINITIES, type Affinities, type AffinityTerm, type PodInfo } from './pod-info.js';
import { count } from '../../util/map/count.js';

/** In place of a label's key: each node is a domain of its own, named after the node. */
export const EACH_NODE = '';

export interface Counter {
  namespaces: ReadonlySet<string> | 'all';
  selector: Selector;
  /** A label's key or EACH_NODE. */
  topologyKey: string;
  /** Affinity counts terminating pods, spreading does not. */
  withTerminating: boolean;
  /** Pods per topology value; values without pods may be missing. */
  counts: Map<string, number>;
  total: number;
}

/** A term of placed pods, with the number of pods that have the term by topology value. */
export interface CarriedTerm {
  term: AffinityTerm;
  counts: Map<string, number>;
}

export class TopologyCounts {
  private readonly counters = new LRUCache<string, Counter>({ max: MAX_TOPOLOGY_COUNTERS });
  private readonly carried = new Map(
    AFFINITIES.map((kind) => [kind, new Map<string, CarriedTerm>()]),
  );

  /** Values of a label, and answers of haveAll, until the labels of some node change. */
  private readonly domainsByKey = new Map<string, ReadonlySet<string>>();
  private readonly completeness = new Map<string, boolean>();

  constructor(private readonly nodes: ReadonlyMap<string, NodeInfo>) {}

  /** The terms of that kind that placed pods have. */
  terms(kind: keyof Affinities): Iterable<CarriedTerm> {
    return this.carried.get(kind)!.values();
  }

  counter(
    question: Pick<Counter, 'namespaces' | 'selector' | 'topologyKey' | 'withTerminating'>,
  ): Counter {
    const { namespaces, selector, topologyKey, withTerminating } = question;
    const scope = namespaces === 'all' ? '*' : [...namespaces].sort().join(',');
    // The texts of a selector of everything and of a selector of nothing are both empty.
    const id = `${scope}|${topologyKey}|${withTerminating}|${selector.empty}|${selector.toString()}`;
    return getOrInsert(this.counters, id, () => {
      const counter = { ...question, counts: new Map<string, number>(), total: 0 };
      for (const node of this.nodes.values())
        for (const pod of node.pods.values()) adjust(counter, pod, node, 1);
      return counter;
    });
  }

  /** The values that nodes have for the label. */
  domains(topologyKey: string): ReadonlySet<string> {
    return getOrInsert(this.domainsByKey, topologyKey, () => {
      const values = [...this.nodes.values()].flatMap((node) => node.label(topologyKey) ?? []);
      return new Set(values);
    });
  }

  /** True when every node that has the label has all the `others`. */
  haveAll(topologyKey: string, others: readonly string[]): boolean {
    const question = [topologyKey, ...others].join('|');
    return getOrInsert(this.completeness, question, () =>
      [...this.nodes.values()].every(
        (node) =>
          node.label(topologyKey) === undefined ||
          others.every((key) => node.label(key) !== undefined),
      ),
    );
  }

  /** A node came or went, or its labels changed. */
  nodesChanged(): void {
    this.domainsByKey.clear();
    this.completeness.clear();
  }

  /** Counts a pod that comes to the node, or goes. */
  count(pod: PodInfo, node: NodeInfo, sign: 1 | -1): void {
    for (const counter of this.counters.values()) adjust(counter, pod, node, sign);
    for (const kind of AFFINITIES) {
      const terms = this.carried.get(kind)!;
      for (const term of pod[kind]) {
        const value = node.label(term.topologyKey);
        if (value === undefined) continue;
        const entry = getOrInsert(terms, term.id, () => ({ term, counts: new Map() }));
        count(entry.counts, value, sign);
        if (entry.counts.size === 0) terms.delete(term.id);
      }
    }
  }
}

function adjust(counter: Counter, pod: PodInfo, node: NodeInfo, sign: 1 | -1): void {
  if (counter.namespaces !== 'all' && !counter.namespaces.has(pod.namespace)) return;
  if (pod.pod.metadata.deletionTimestamp && !counter.withTerminating) return;
  if (!counter.selector.matches(pod.labels)) return;
  const { topologyKey } = counter;
  const value = topologyKey === EACH_NODE ? node.name : node.label(topologyKey);
  if (value === undefined) return;
  count(counter.counts, value, sign);
  counter.total += sign;
}
