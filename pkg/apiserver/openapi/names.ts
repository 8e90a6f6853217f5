// Names of groups in operations.

export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** 'RbacAuthorization', 'Core': the group in an operationId. */
export function groupWord(group: string): string {
  return (group || 'core')
    .replace(/\.k8s\.io$/, '')
    .split('.')
    .map(capital)
    .join('');
}

/** 'rbacAuthorization', 'core': the group in a tag. */
export function tagOf(group: string): string {
  return (group || 'core').replace('.authorization.k8s.io', 'Authorization').replace('.k8s.io', '');
}
