// Errors of connections in the words of Go's net and crypto/tls, because clients match on them.

import { familyOf } from '../../util/netaddr/ip.js';
import { NOT_ALLOWED } from './dial-rule.js';
import { DIAL_TEXTS } from './facts.generated.js';

/** Why a connection could not be made; undefined for errors of later stages. */
const dialText = ({ code }: NodeJS.ErrnoException): string | undefined => DIAL_TEXTS[code ?? ''];

const UNKNOWN_AUTHORITY = 'x509: certificate signed by unknown authority';

/** By code of OpenSSL's verification. */
const CERTIFICATE_TEXTS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  CERT_SIGNATURE_FAILURE: UNKNOWN_AUTHORITY,
  CERT_HAS_EXPIRED: 'x509: certificate has expired or is not yet valid',
  CERT_NOT_YET_VALID: 'x509: certificate has expired or is not yet valid',
};

interface AltNameError extends NodeJS.ErrnoException {
  readonly host?: string;
  /** 'DNS:a.example, IP Address:10.0.0.1' */
  readonly cert?: { readonly subjectaltname?: string };
}

/** Go lists the names of the kind that was asked for (crypto/x509 HostnameError). */
function nameText({ host = '', cert }: AltNameError): string {
  const isAddress = familyOf(host) !== undefined;
  const prefix = isAddress ? 'IP Address:' : 'DNS:';
  const names = (cert?.subjectaltname ?? '')
    .split(', ')
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
  if (names.length) return `x509: certificate is valid for ${names.join(', ')}, not ${host}`;
  return isAddress
    ? `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`
    : `x509: certificate is not valid for any names, but wanted to match ${host}`;
}

/** Why a server's certificate is refused; undefined for other errors. */
function certificateText(error: AltNameError): string | undefined {
  const text =
    error.code === 'ERR_TLS_CERT_ALTNAME_INVALID'
      ? nameText(error)
      : CERTIFICATE_TEXTS[error.code ?? ''];
  return text && `tls: failed to verify certificate: ${text}`;
}

/** Why a call got no answer: the part of net/http's url.Error behind the URL. */
export function callText(
  error: NodeJS.ErrnoException,
  { host, port }: { host: string; port: number },
): string {
  const dial = dialText(error);
  if (error.code === NOT_ALLOWED) return 'address not allowed';
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN')
    return `dial tcp: lookup ${host}: no such host`;
  if (dial !== undefined)
    return `dial tcp ${familyOf(host) === 6 ? `[${host}]` : host}:${port}: ${dial}`;
  return certificateText(error) ?? (error.code === 'ECONNRESET' ? 'EOF' : error.message);
}
