// The search list of pods. Pure.

/** A name with fewer dots is looked up in the search list first. */
export const NDOTS = 5;

/** The domains in which the resolver of a pod completes names, before those of the node. */
export const clusterSearches = (namespace: string, domain: string): string[] => [
  `${namespace}.svc.${domain}`,
  `svc.${domain}`,
  domain,
];
