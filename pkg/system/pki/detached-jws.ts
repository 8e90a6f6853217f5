import { createHmac } from 'node:crypto';

const encoded = (text: string): string => Buffer.from(text).toString('base64url');

/** The detached JWS of a text, with a shared secret as the key (RFC 7515, HS256). */
export function detachedSignature(text: string, kid: string, secret: string): string {
  const head = encoded(JSON.stringify({ alg: 'HS256', kid }));
  const mac = createHmac('sha256', secret).update(`${head}.${encoded(text)}`);
  return `${head}..${mac.digest('base64url')}`;
}
