// The ages of the cluster's DNS answers. Pure.

/** TTL of answers from the cluster in seconds, equal to that of the Kubernetes DNS add-on. */
export const CLUSTER_TTL = 30;
/** TTL of negative answers in seconds; short, because services appear at any time. */
export const NEGATIVE_TTL = 5;
