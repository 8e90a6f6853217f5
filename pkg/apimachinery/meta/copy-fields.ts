// Fields that are carried from one object to another. Pure.

/**
 * Gives `target` the named fields of `source`. A field that `source` lacks is removed, so that
 * absence is carried too, and no member with the value undefined is left behind.
 */
export function copyFields<T extends object, K extends keyof T>(
  target: T,
  source: Readonly<Partial<Pick<T, K>>> | undefined,
  ...keys: readonly K[]
): void {
  for (const key of keys) {
    const value = source?.[key];
    if (value === undefined) delete target[key];
    else target[key] = value;
  }
}
