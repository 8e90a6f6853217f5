// Pages of other people in a user's browser. The plain port gives every right, so no such page may
// reach it. On the secure port a page could use credentials that it does not know: the browser adds
// a certificate, and `kubectl proxy` adds those of its user.
import { statusError } from '../../apimachinery/errors/status-error.js';
import { parseIp } from '../../util/netaddr/ip.js';
import type { Headers } from '../extension/handler.js';

/** Name or address of an authority: `name:port`, `[address]:port`. */
const hostOf = (authority: string): string =>
  authority
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();

/** Origin names the page, Sec-Fetch-Site tells where it comes from (W3C Fetch Metadata). */
const isFromElsewhere = (headers: Headers): boolean =>
  !['none', 'same-origin'].includes(String(headers['sec-fetch-site'] ?? 'none'));

/**
 * Throws 403 for requests that a browser may have sent for a page of somebody else. A name in Host
 * may be the page's own name that now resolves to this address (DNS rebinding). Images, links and
 * frames of a page send no Origin.
 */
export function refusePages(headers: Headers): void {
  const host = String(headers.host ?? '');
  const name = hostOf(host);
  if (host && name !== 'localhost' && !parseIp(name))
    throw statusError(
      'Forbidden',
      'the plain port answers requests to an IP address or to localhost only',
    );
  const { origin } = headers;
  if (
    isFromElsewhere(headers) ||
    (origin !== undefined && String(origin).toLowerCase() !== `http://${host}`.toLowerCase())
  )
    throw statusError('Forbidden', 'the plain port answers no pages of other origins');
}

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/;

/**
 * Throws 403 when a page of somebody else writes, or opens a WebSocket, with the credentials of the
 * visitor. Browsers ask nobody before they post a body without a type, and let every page read a
 * WebSocket. Sec-Fetch-Site decides where a browser sends that header; for WebSockets Chromium
 * sends Origin alone, and the server behind a proxy knows the name of neither: pages of the machine
 * itself pass.
 */
export function refuseForeignPages(headers: Headers): void {
  const { origin } = headers;
  const page = hostOf(String(origin ?? '').replace(/^\w+:\/\//, ''));
  const isForeign =
    headers['sec-fetch-site'] === undefined &&
    origin !== undefined &&
    !LOOPBACK.test(page) &&
    page !== hostOf(String(headers[':authority'] ?? headers.host ?? ''));
  if (isForeign || isFromElsewhere(headers))
    throw statusError('Forbidden', 'a page of another origin may not use these credentials');
}
