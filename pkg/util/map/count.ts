// Maps whose entries go when nothing is left to keep.

/** Adds `by` to the count of `key`, which has no entry while it is zero. Returns the new count. */
export function count<K>(counts: Map<K, number>, key: K, by: number): number {
  const next = (counts.get(key) ?? 0) + by;
  setOrDelete(counts, key, next > 0 ? next : undefined);
  return next;
}

/** Undefined deletes the entry. */
export function setOrDelete<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
