import { throws } from 'node:assert/strict';
import { checkJwt, type JwtAuthenticator } from './config.js';

const JWT: JwtAuthenticator = {
  issuer: { url: 'https://a.example', audiences: ['x'] },
  claimMappings: { username: { claim: 'sub', prefix: '' } },
};

/** Parts that differ from a good issuer, and the complaint. */
const REFUSED: [Partial<JwtAuthenticator>, string][] = [
  [
    { issuer: { url: 'https://a.example', audiences: [] } },
    'jwt[0].issuer.audiences: Required value: at least one jwt[0].issuer.audiences is required',
  ],
  [
    { issuer: { url: 'http://a.example', audiences: ['x'] } },
    'jwt[0].issuer.url: Invalid value: "http://a.example": URL scheme must be https',
  ],
  [
    { issuer: { url: 'https://own', audiences: ['x'] } },
    'jwt[0].issuer.url: Invalid value: "https://own": URL must not overlap with disallowed issuers: [https://own]',
  ],
  [
    { claimMappings: { username: { claim: 'sub' } } },
    'jwt[0].claimMappings.username.prefix: Required value: prefix is required when claim is set. It can be set to an empty string to disable prefixing',
  ],
  [
    { claimValidationRules: [{ claim: 'a' }, { claim: 'a' }] },
    'jwt[0].claimValidationRules[1]: Duplicate value: "a"',
  ],
];

describe('authentication configuration', () => {
  for (const [part, message] of REFUSED)
    it(`refuses ${message}`, () => {
      throws(() => checkJwt([{ ...JWT, ...part }], ['https://own']), { message });
    });

  it('takes a good issuer, and refuses to have it twice', () => {
    checkJwt([JWT], []);
    throws(() => checkJwt([JWT, JWT], []), {
      message: 'jwt[1].issuer.url: Duplicate value: "https://a.example"',
    });
  });
});
