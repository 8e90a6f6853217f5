// The address of a page: '#/path/of/parts?setting=value'. Settings (namespace, filter, sort, tab)
// live in the address, so that a reload, a bookmark and the way back keep them.

export interface Route {
  path: string;
  /** The decoded segments of the path. */
  parts: string[];
  settings: Record<string, string>;
}

/** Pages of KubeUI v1.0 under their old addresses. */
const OLD: readonly [RegExp, string][] = [
  [/^\/dashboard\b/, ''],
  [/^\/explore\b.*/, '/kinds'],
  [/^\/replicationcontrollers\b.*/, '/controllers'],
];

/** Malformed escapes stay as they are. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function parseRoute(hash: string): Route {
  const [before = '', query = ''] = hash.replace(/^#/, '').split(/\?(.*)/s);
  const renamed = OLD.reduce((path, [old, now]) => path.replace(old, now), before);
  const path = `/${renamed.replace(/^\/+|\/+$/g, '')}`;
  return {
    path,
    parts: path.split('/').slice(1).map(decode),
    settings: Object.fromEntries(new URLSearchParams(query)),
  };
}

/** Settings that are '' are left out. */
export function formatRoute(path: string, settings: Record<string, string>): string {
  const query = new URLSearchParams(
    Object.entries(settings).filter(([, value]) => value),
  ).toString();
  return `#${path}${query ? `?${query}` : ''}`;
}
