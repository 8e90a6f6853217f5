// URLs as Go's net/url.ParseRequestURI reads them, with its error texts.

export interface GoUrl {
  readonly scheme: string;
  /** With the port. */
  readonly host: string;
  readonly path: string;
  readonly escapedPath: string;
  readonly query: string;
}

class UrlProblem extends Error {}

// oxlint-disable-next-line no-control-regex -- control characters are refused
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Decodes %XX; `allowed` matches what may stand for itself. */
function unescape(text: string, isHost: boolean): string {
  const wrong = /%(?![0-9a-fA-F]{2})/.exec(text);
  if (wrong)
    throw new UrlProblem(`invalid URL escape ${quote(text.slice(wrong.index, wrong.index + 3))}`);
  if (isHost) {
    const odd = /[^A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"%\u0080-\u{10ffff}]/u.exec(text);
    if (odd) throw new UrlProblem(`invalid character ${quote(odd[0])} in host name`);
    const escape = /%(?!25)[0-7][0-9a-fA-F]/.exec(text);
    if (escape) throw new UrlProblem(`invalid URL escape ${quote(escape[0])}`);
  }
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const quote = (text: string): string => JSON.stringify(text);

function splitScheme(url: string): [scheme: string, rest: string] {
  const match = /^([A-Za-z][A-Za-z0-9+\-.]*):/.exec(url);
  if (match) return [match[1]!.toLowerCase(), url.slice(match[0].length)];
  if (url.startsWith(':')) throw new UrlProblem('missing protocol scheme');
  return ['', url];
}

function hostOf(authority: string): string {
  const at = authority.lastIndexOf('@');
  if (at >= 0 && !/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(authority.slice(0, at)))
    throw new UrlProblem('net/url: invalid userinfo');
  const host = authority.slice(at + 1);
  const isV6 = host.startsWith('[');
  if (isV6 && !host.includes(']')) throw new UrlProblem("missing ']' in host");
  const colon = isV6 ? host.lastIndexOf(']') + 1 : host.lastIndexOf(':');
  const port = colon >= 0 ? host.slice(colon) : '';
  if (port !== '' && !/^:[0-9]*$/.test(port))
    throw new UrlProblem(`invalid port ${quote(port)} after host`);
  return unescape(host, true);
}

/** A text is Go's error: `parse "x y": invalid URI for request`. */
export function parseRequestUri(url: string): GoUrl | string {
  try {
    return parse(url);
  } catch (error) {
    if (!(error instanceof UrlProblem)) throw error;
    return `parse ${quote(url)}: ${error.message}`;
  }
}

function parse(url: string): GoUrl {
  if (CONTROL.test(url)) throw new UrlProblem('net/url: invalid control character in URL');
  if (url === '') throw new UrlProblem('empty url');
  const [scheme, behind] = splitScheme(url);
  const mark = behind.indexOf('?');
  const query = mark < 0 ? '' : behind.slice(mark + 1);
  let rest = mark < 0 ? behind : behind.slice(0, mark);
  if (!rest.startsWith('/')) {
    if (scheme === '') throw new UrlProblem('invalid URI for request');
    return { scheme, host: '', path: '', escapedPath: '', query };
  }
  let host = '';
  if (scheme !== '' && rest.startsWith('//')) {
    const slash = rest.indexOf('/', 2);
    const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
    rest = slash < 0 ? '' : rest.slice(slash);
    host = hostOf(authority);
  }
  return { scheme, host, path: unescape(rest, false), escapedPath: escapedPath(rest), query };
}

/** Characters that a path may not have are escaped. */
const escapedPath = (path: string): string =>
  path.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/%[\]]/gu, (c) =>
    Array.from(
      new TextEncoder().encode(c),
      (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    ).join(''),
  );

export function hostnameOf({ host }: GoUrl): string {
  const bracket = /^\[([^\]]*)\]/.exec(host);
  if (bracket) return bracket[1]!;
  const colon = host.lastIndexOf(':');
  return colon < 0 ? host : host.slice(0, colon);
}

export const portOf = ({ host }: GoUrl): string => /:([0-9]*)$/.exec(host)?.[1] ?? '';

/** The parameters of the query; pairs that cannot be decoded are left out, as Go's Query() does. */
export function queryOf({ query }: GoUrl): Record<string, string[]> {
  const values: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (const pair of query.split('&')) {
    if (pair === '' || pair.includes(';')) continue;
    const equals = pair.indexOf('=');
    try {
      const [key, value] = (
        equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
      ).map((text) => decodeURIComponent(text.replaceAll('+', ' '))) as [string, string];
      (values[key] ??= []).push(value);
    } catch {
      continue;
    }
  }
  return values;
}
