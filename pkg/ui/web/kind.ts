// A kind that the server serves, and the paths of its objects. Pure.

export interface Kind {
  group: string;
  version: string;
  resource: string;
  kind: string;
  namespaced: boolean;
  canWatch: boolean;
  /** Of the resource; empty until the server has told. */
  verbs: readonly string[];
  subresources: readonly string[];
}

export function pathOf(
  kind: Pick<Kind, 'group' | 'version' | 'resource'>,
  namespace = '',
  name = '',
): string {
  const root = kind.group ? `/apis/${kind.group}/${kind.version}` : `/api/${kind.version}`;
  return `${root}${namespace ? `/namespaces/${encodeURIComponent(namespace)}` : ''}/${kind.resource}${name ? `/${encodeURIComponent(name)}` : ''}`;
}
