// The bounds of the type checker of policies.

/** Kinds with which one rule's policy is checked (upstream maxTypesToCheck). */
export const MAX_CHECKED_KINDS = 10;
