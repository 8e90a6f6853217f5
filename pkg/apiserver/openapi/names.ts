// Names of groups in operations.

export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** 'RbacAuthorization', 'Core': the group in an operationId. */
export const groupWord = (group: string): string =>
  (group || 'core')
    .replace(/\.k8s\.io$/, '')
    .split('.')
    .map(capital)
    .join('');

/** 'rbacAuthorization', 'core': the group in a tag. */
export const tagOf = (group: string): string =>
  (group || 'core').replace('.authorization.k8s.io', 'Authorization').replace('.k8s.io', '');

export interface ActionFacts {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  action: string;
  /** First part of the operationId. */
  word: string;
}

/** A path that belongs to no resource. */
export interface General {
  /** The document in /openapi/v3, which is also the path. */
  readonly document: string;
  readonly tag: string;
  readonly description: string;
  readonly operationId: string;
  readonly types: readonly string[];
  /** A message of meta/v1; a text without. */
  readonly schema?: string;
}

type Table<T> = Readonly<Record<string, T>>;

export interface OperationTable {
  /** By verb. */
  actions: Table<ActionFacts>;
  /** The parameters of the query. */
  query: Table<{ type: string; description: string }>;
  /** Parameters by action. */
  queries: Table<readonly string[]>;
  general: readonly General[];
}
