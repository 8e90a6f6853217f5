// Keeps a proxied page's redirects and absolute links below the proxy's path (upstream
// apimachinery/pkg/util/proxy/transport.go). Pure text.

/** A backend's Location header for the client; Locations on other hosts stay. */
export function rewriteLocation(
  location: string,
  backend: { host: string; port: number },
  prefix: string,
): string {
  if (location.startsWith('/') && !location.startsWith('//'))
    return location.startsWith(`${prefix}/`) ? location : `${prefix}${location}`;
  const match = /^https?:\/\/([^/]+)(\/.*)?$/.exec(location);
  if (!match) return location;
  const host = backend.host.includes(':') ? `[${backend.host}]` : backend.host;
  return match[1] === `${host}:${backend.port}` || match[1] === host
    ? `${prefix}${match[2] ?? '/'}`
    : location;
}

const LINK =
  /(<[a-zA-Z][^<>]*?\s(?:href|src|action|data|poster|cite|longdesc|background|formaction|manifest)\s*=\s*)(["'])(\/(?!\/)[^"']*)\2/g;

/** Puts `prefix` before each absolute path in a link attribute. */
export function rewriteHtml(html: string, prefix: string): string {
  const once = (text: string) =>
    text.replace(LINK, (whole, head: string, quote: string, path: string) =>
      path.startsWith(`${prefix}/`) ? whole : `${head}${quote}${prefix}${path}${quote}`,
    );
  return once(once(html)); // a tag may have two links, and the expression finds one per pass
}
