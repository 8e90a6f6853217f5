// InterPodAffinity: affinity and anti-affinity to other pods, of the pod itself and of the placed
// pods that select it.
import {
  MAX_NODE_SCORE,
  rejection,
  type Filter,
  type Plugin,
  type Scorer,
} from '../framework/framework.js';
import type { NodeInfo } from '../framework/node-info.js';
import {
  termMatches,
  type Affinities,
  type AffinityTerm,
  type PodInfo,
} from '../framework/pod-info.js';
import type { Snapshot } from '../framework/snapshot.js';

const AFFINITY = rejection("node(s) didn't match pod affinity rules", true);
const ANTI_AFFINITY = rejection("node(s) didn't match pod anti-affinity rules");
const EXISTING = rejection("node(s) didn't satisfy existing pods anti-affinity rules");
/** Score weight of a placed pod's required term (upstream: hardPodAffinityWeight). */
const HARD_WEIGHT = 1;

/** The namespaces that the term selects at present. */
function scope(
  { namespaces, namespaceSelector }: AffinityTerm,
  cluster: Snapshot,
): ReadonlySet<string> | 'all' {
  if (namespaces === 'all' || !namespaceSelector) return namespaces;
  return new Set([
    ...namespaces,
    ...[...cluster.namespaces]
      .filter(([, labels]) => namespaceSelector.matches(labels))
      .map(([name]) => name),
  ]);
}

const counts = (cluster: Snapshot, term: AffinityTerm) =>
  cluster.topology.counter({
    namespaces: scope(term, cluster),
    selector: term.selector,
    topologyKey: term.topologyKey,
    withTerminating: true,
  });

interface Tally {
  term: AffinityTerm;
  counts: Map<string, number>;
  total: number;
}

/**
 * A pod counts for the required affinity only when all its terms select that pod (upstream:
 * updateWithAffinityTerms). Few pods have several terms, and those are worth a walk over all pods.
 */
function tallies(terms: readonly AffinityTerm[], cluster: Snapshot): Tally[] {
  if (terms.length < 2)
    return terms.map((term) => {
      const { counts: found, total } = counts(cluster, term);
      return { term, counts: found, total };
    });
  const all = terms.map((term): Tally => ({ term, counts: new Map(), total: 0 }));
  for (const node of cluster.nodes.values())
    for (const other of node.pods.values()) {
      if (!terms.every((term) => termMatches(term, other, cluster.namespaces))) continue;
      for (const tally of all) {
        const domain = node.label(tally.term.topologyKey);
        if (domain === undefined) continue;
        tally.counts.set(domain, (tally.counts.get(domain) ?? 0) + 1);
        tally.total++;
      }
    }
  return all;
}

function prepareFilter(pod: PodInfo, cluster: Snapshot): Filter | undefined {
  const against = [...cluster.topology.terms('requiredAntiAffinity')].filter((e) =>
    termMatches(e.term, pod, cluster.namespaces),
  );
  const near = tallies(pod.requiredAffinity, cluster);
  const far = pod.requiredAntiAffinity.map((term) => ({ term, counter: counts(cluster, term) }));
  if (!against.length && !near.length && !far.length) return undefined;
  // The first pod of a group with affinity to itself fits any node that has the topology key.
  const first =
    near.length > 0 &&
    near.every((n) => n.total === 0 && termMatches(n.term, pod, cluster.namespaces));
  return (node) => {
    const value = (term: AffinityTerm) => node.label(term.topologyKey);
    for (const { term, counts: found } of near) {
      const domain = value(term);
      if (domain === undefined || (!first && !found.get(domain))) return AFFINITY;
    }
    for (const { term, counter } of far) {
      const domain = value(term);
      if (domain !== undefined && counter.counts.get(domain)) return ANTI_AFFINITY;
    }
    for (const { term, counts: carried } of against) {
      const domain = value(term);
      if (domain !== undefined && carried.get(domain)) return EXISTING;
    }
    return undefined;
  };
}

interface Pull {
  topologyKey: string;
  counts: Map<string, number>;
  weight: number;
}

function pulls(pod: PodInfo, cluster: Snapshot): Pull[] {
  const own = (terms: readonly AffinityTerm[], sign: 1 | -1): Pull[] =>
    terms.map((t) => ({
      topologyKey: t.topologyKey,
      counts: counts(cluster, t).counts,
      weight: sign * t.weight,
    }));
  const theirs = (kind: keyof Affinities, sign: 1 | -1): Pull[] =>
    [...cluster.topology.terms(kind)]
      .filter((e) => termMatches(e.term, pod, cluster.namespaces))
      .map((e) => ({
        topologyKey: e.term.topologyKey,
        counts: e.counts,
        weight: sign * (e.term.weight || HARD_WEIGHT),
      }));
  return [
    ...own(pod.preferredAffinity, 1),
    ...own(pod.preferredAntiAffinity, -1),
    ...theirs('requiredAffinity', 1),
    ...theirs('preferredAffinity', 1),
    ...theirs('preferredAntiAffinity', -1),
  ];
}

function prepareScore(pod: PodInfo, cluster: Snapshot): Scorer | undefined {
  const all = pulls(pod, cluster);
  if (!all.length) return undefined;
  return {
    score: (node: NodeInfo) =>
      all.reduce((sum, pull) => {
        const domain = node.label(pull.topologyKey);
        return domain === undefined ? sum : sum + pull.weight * (pull.counts.get(domain) ?? 0);
      }, 0),
    normalize(scores) {
      let min = Infinity;
      let max = -Infinity;
      for (const score of scores) {
        min = Math.min(min, score);
        max = Math.max(max, score);
      }
      const range = max - min;
      for (let i = 0; i < scores.length; i++)
        scores[i] = range === 0 ? 0 : Math.floor(MAX_NODE_SCORE * ((scores[i]! - min) / range));
    },
  };
}

export const interPodAffinity: Plugin = {
  name: 'InterPodAffinity',
  prepareFilter,
  prepareScore,
  weight: 2,
  events: [
    'AssignedPodAdd',
    'AssignedPodDelete',
    'NodeAdd',
    'NodeLabelsChanged',
    'NamespaceLabelsChanged',
  ],
};
