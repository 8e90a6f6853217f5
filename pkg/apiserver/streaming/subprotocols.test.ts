import assert from 'node:assert/strict';
import { offeredProtocols } from '../http/subprotocols.js';
import { forwardedHeaders } from './upgrade.js';

const BEARER = 'base64url.bearer.authorization.k8s.io.czNjcmV0';

describe('subprotocols of a WebSocket request', () => {
  it('are read in the order of the client, without bearer tokens', () => {
    assert.deepEqual(offeredProtocols(undefined), []);
    assert.deepEqual(offeredProtocols(` a,${BEARER} , b,,`), ['a', 'b']);
    assert.deepEqual(offeredProtocols([BEARER, 'c', 'd, e']), ['c', 'd', 'e']);
  });

  it('carry no token to a backend', () => {
    const forwarded = (offered: string | string[]) =>
      forwardedHeaders({ 'sec-websocket-protocol': offered, 'x-other': '1' });
    assert.deepEqual(forwarded(`${BEARER}, v4.channel.k8s.io`), {
      'sec-websocket-protocol': 'v4.channel.k8s.io',
      'x-other': '1',
    });
    assert.deepEqual(forwarded([BEARER]), { 'x-other': '1' });
  });
});
