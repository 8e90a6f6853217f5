// Values of a map that are made when somebody first asks for them.

/** The part of a Map that the look-up needs; a WeakMap and an LRU cache have it too. */
interface Store<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V | undefined): unknown;
}

/** The value of `key`; when the map has none, the map keeps what `make` returns. */
export function getOrInsert<K, V>(map: Store<K, V>, key: K, make: () => NoInfer<V>): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
