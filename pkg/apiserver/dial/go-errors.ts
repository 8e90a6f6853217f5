// Errors of connections in the words of Go's net and crypto/tls, because clients match on them.

/** By code of Node. */
const DIAL_TEXTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connect: connection refused',
  EHOSTUNREACH: 'connect: no route to host',
  ENETUNREACH: 'connect: network is unreachable',
  ETIMEDOUT: 'i/o timeout',
};

/** Why a connection could not be made; undefined for errors of later stages. */
export const dialText = ({ code }: NodeJS.ErrnoException): string | undefined =>
  DIAL_TEXTS[code ?? ''];

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
  readonly cert?: { readonly subjectaltname?: string };
}

/** Why a server's certificate is refused; undefined for other errors. */
export function certificateText(error: AltNameError): string | undefined {
  const failed = 'tls: failed to verify certificate: ';
  if (error.code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = (error.cert?.subjectaltname ?? '')
      .split(', ')
      .map((name) => name.replace(/^(DNS|IP Address|URI|email):/, ''))
      .filter(Boolean);
    return names.length
      ? `${failed}x509: certificate is valid for ${names.join(', ')}, not ${error.host ?? ''}`
      : `${failed}x509: certificate is not valid for any names, but wanted to match ${error.host ?? ''}`;
  }
  const text = CERTIFICATE_TEXTS[error.code ?? ''];
  return text && failed + text;
}
