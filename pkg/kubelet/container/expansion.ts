// $(VAR) references in env values, command and args (upstream:
// third_party/forked/golang/expansion). `$$` is an escaped `$`; a reference to an unknown variable
// stays unchanged. Pure.

import { configError } from '../types/sync-error.js';

export function expand(text: string, lookup: (name: string) => string | undefined): string {
  return text.replace(/\$(\$|\(([^)]*)\))/g, (whole, inner: string, name: string | undefined) => {
    if (inner === '$') return '$';
    return lookup(name!) ?? whole;
  });
}

/** A subPathExpr with the values of its variables. Throws when a variable is unset or empty. */
export function expandedSubPath(
  text: string | undefined,
  env: ReadonlyMap<string, string>,
): string {
  const missing = new Set<string>();
  const expanded = expand(text ?? '', (name) => {
    const value = env.get(name) ?? '';
    if (!value) missing.add(name);
    return value;
  });
  if (missing.size) throw configError(`missing value for ${[...missing].sort().join(', ')}`);
  return expanded;
}
