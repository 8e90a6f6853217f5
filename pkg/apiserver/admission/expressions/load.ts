// Loads the expression language when the first expression comes: a server without expressions
// starts faster and needs less memory.

export type Expressions = typeof import('./conditions.js') & typeof import('./policy.js');

let loading: Promise<Expressions> | undefined;
let loaded: Expressions | undefined;

export function loadExpressions(): Promise<Expressions> {
  loading ??= Promise.all([import('./conditions.js'), import('./policy.js')]).then(
    ([conditions, policy]) => (loaded = { ...conditions, ...policy }),
  );
  return loading;
}

/** For synchronous code that runs after `loadExpressions` has resolved. */
export function loadedExpressions(): Expressions {
  if (!loaded) throw new Error('the expression language is not loaded');
  return loaded;
}
