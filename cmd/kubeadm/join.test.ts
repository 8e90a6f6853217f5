import assert from 'node:assert/strict';
import { readPair } from '../../pkg/kubelet/certificates/pair-store.js';
import { createCa, issue } from '../../pkg/system/pki/certificates.js';
import { isKept } from './join.js';

describe('a join after one that was killed', () => {
  it('keeps the certificate of this node, of this cluster, and in its time', () => {
    const [ca, foreign] = [createCa('kubernetes'), createCa('kubernetes')];
    const { certPem, keyPem } = issue({ ca, commonName: 'system:node:m1', usages: ['client'] });
    const own = readPair(certPem + keyPem, 0)!;
    const cluster = (caPem: string) => ({ server: 'https://192.0.2.1:6443', caPem });
    const now = Date.now();
    assert.ok(isKept(own, 'm1', cluster(ca.certPem), now));
    assert.ok(isKept(own, 'm1', cluster(foreign.certPem + ca.certPem), now));
    assert.ok(!isKept(own, 'm1', cluster(foreign.certPem), now));
    assert.ok(!isKept(own, 'm2', cluster(ca.certPem), now));
    assert.ok(!isKept(own, 'm1', cluster(ca.certPem), own.until));
  });
});
