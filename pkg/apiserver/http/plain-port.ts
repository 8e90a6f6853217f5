// The plain port gives every right, so no page of a browser may reach it.
import { statusError } from '../../apimachinery/errors/status-error.js';
import { parseIp } from '../../util/netaddr/ip.js';
import type { Headers } from '../extension/handler.js';

/** Name or address of an authority: `name:port`, `[address]:port`. */
const hostOf = (authority: string): string =>
  authority.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');

/**
 * Throws 403 for requests that a browser may have sent for a page of somebody else. A name in Host
 * may be the page's own name that now resolves to this address (DNS rebinding); Origin names the
 * page. Images, links and frames of a page send no Origin; Sec-Fetch-Site tells where they come
 * from (W3C Fetch Metadata).
 */
export function refusePages(headers: Headers): void {
  const host = String(headers.host ?? '');
  const name = hostOf(host);
  if (host && name.toLowerCase() !== 'localhost' && !parseIp(name))
    throw statusError(
      'Forbidden',
      'the plain port answers requests to an IP address or to localhost only',
    );
  const { origin, 'sec-fetch-site': site = 'none' } = headers;
  const isForeign = !['none', 'same-origin'].includes(String(site));
  if (
    isForeign ||
    (origin !== undefined && String(origin).toLowerCase() !== `http://${host}`.toLowerCase())
  )
    throw statusError('Forbidden', 'the plain port answers no pages of other origins');
}
