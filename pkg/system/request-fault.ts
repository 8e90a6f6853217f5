// Rules for the head of an HTTP/1.1 request that Node's parser does not hold, for every server of
// ours that decides by headers.
import type { IncomingMessage, Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';

export interface RequestFault {
  status: number;
  /** Status line without the version, and the body of the answer. */
  text: string;
}

/** The answer to a request with more header fields than a server reads. */
export const TOO_MANY_FIELDS: RequestFault = {
  status: 431,
  text: '431 Request Header Fields Too Large',
};

/**
 * Lets the parser read one field more than `fields`, so that requestFault sees the excess: Node
 * drops fields beyond its bound in silence, and impersonation headers with them.
 */
export function boundFields(server: Server | TlsServer, fields: number): void {
  server.maxHeadersCount = fields + 1;
}

/**
 * The reason to refuse a request before its headers are read. `fields` is the number that
 * boundFields got. A second Host would let a proxy and this server see different hosts (RFC 9112
 * section 3.2); HTTP/0.9 has no headers at all. Texts and codes are those of Go's net/http.
 */
export function requestFault(request: IncomingMessage, fields: number): RequestFault | undefined {
  const { rawHeaders } = request;
  if (request.httpVersionMajor !== 1)
    return { status: 505, text: '505 HTTP Version Not Supported: unsupported protocol version' };
  if (rawHeaders.length > 2 * fields) return TOO_MANY_FIELDS;
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]!.length === 4 && rawHeaders[at]!.toLowerCase() === 'host') hosts++;
  return hosts > 1 ? { status: 400, text: '400 Bad Request: too many Host headers' } : undefined;
}

/** The whole answer on a bare socket; the connection closes after it. */
export const faultAnswer = ({ text }: RequestFault): string =>
  `HTTP/1.1 ${text}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${text}`;
