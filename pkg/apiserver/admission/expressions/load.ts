// Loads the expression language when the first expression comes: a server without expressions
// starts faster and needs less memory.

export type Expressions = typeof import('./conditions.js') &
  typeof import('./policy.js') &
  Pick<typeof import('../../../cel/kubernetes/policy.js'), 'policyCompiler'> &
  typeof import('./evaluation.js') &
  typeof import('./activation.js');

let loading: Promise<Expressions> | undefined;
let loaded: Expressions | undefined;

export function loadExpressions(): Promise<Expressions> {
  loading ??= Promise.all([
    import('./conditions.js'),
    import('./policy.js'),
    import('../../../cel/kubernetes/policy.js'),
    import('./evaluation.js'),
    import('./activation.js'),
  ]).then(
    ([conditions, policy, { policyCompiler }, evaluation, activation]) =>
      (loaded = { ...conditions, ...policy, policyCompiler, ...evaluation, ...activation }),
  );
  return loading;
}

/** For synchronous code that runs after `loadExpressions` has resolved. */
export function loadedExpressions(): Expressions {
  if (!loaded) throw new Error('the expression language is not loaded');
  return loaded;
}
