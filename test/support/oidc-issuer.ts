// An OpenID issuer on loopback with an authority of its own: discovery, keys that rotate, tokens.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { CompactSign } from 'jose';
import { createCa, issue } from '../../pkg/system/pki/certificates.js';

export interface IssuerKey {
  kid: string;
  alg: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
}

const PAIRS: Record<string, () => { publicKey: KeyObject; privateKey: KeyObject }> = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};

export const newKey = (kid: string, alg = 'RS256'): IssuerKey => ({ kid, alg, ...PAIRS[alg]!() });

export interface OidcIssuer {
  readonly url: string;
  readonly caPem: string;
  /** The published keys; replace them to rotate. */
  keys: IssuerKey[];
  /** Requests for the key set so far. */
  readonly keyRequests: number;
  /** The issuer's name in discovery; default `url`. */
  name: string | undefined;
  /** `claims` over iss, aud, exp and sub of a good token. */
  token(claims?: Record<string, unknown>, key?: IssuerKey, header?: object): Promise<string>;
  stop(): Promise<void>;
}

export async function startIssuer(): Promise<OidcIssuer> {
  const ca = createCa('issuer-ca');
  const { certPem: cert, keyPem: key } = issue({
    ca,
    commonName: 'issuer',
    usages: ['server'],
    sans: ['localhost', '127.0.0.1'],
  });
  let keyRequests = 0;
  const server = createServer({ cert, key }, (request, answer) => {
    const documents: Record<string, () => unknown> = {
      '/.well-known/openid-configuration': () => ({
        issuer: issuer.name ?? issuer.url,
        jwks_uri: `${issuer.url}/keys`,
      }),
      '/keys': () => {
        keyRequests++;
        return {
          keys: issuer.keys.map(({ kid, alg, publicKey }) => ({
            kid,
            alg,
            use: 'sig',
            ...publicKey.export({ format: 'jwk' }),
          })),
        };
      },
    };
    const document = documents[request.url ?? ''];
    answer.writeHead(document ? 200 : 404, { 'content-type': 'application/json' });
    answer.end(JSON.stringify(document?.() ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer: OidcIssuer = {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    caPem: ca.certPem,
    keys: [newKey('first')],
    name: undefined,
    get keyRequests() {
      return keyRequests;
    },
    token(claims = {}, signer = issuer.keys[0]!, header = {}) {
      const now = Math.floor(Date.now() / 1000);
      const all = { iss: issuer.url, aud: 'me', sub: 'jane', exp: now + 600, iat: now, ...claims };
      return new CompactSign(Buffer.from(JSON.stringify(all)))
        .setProtectedHeader({ alg: signer.alg, kid: signer.kid, ...header })
        .sign(signer.privateKey);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return issuer;
}
