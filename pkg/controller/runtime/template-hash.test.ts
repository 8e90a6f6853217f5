import assert from 'node:assert/strict';
import type { PodTemplateSpec } from '../../apis/core/v1/types.js';
import {
  equalIgnoringHash,
  equalTemplates,
  TEMPLATE_HASH_LABEL,
  templateHash,
} from './template-hash.js';

const template = (image: string, labels: Record<string, string> = { app: 'x' }): PodTemplateSpec =>
  ({ metadata: { labels }, spec: { containers: [{ name: 'c', image }] } }) as PodTemplateSpec;

describe('the hash of a template', () => {
  it('is written in the safe alphabet and never changes between releases', () => {
    assert.equal(templateHash(template('redis'), 0), '556cb9b89f');
    assert.match(templateHash(template('redis:7'), 3), /^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
  });

  it('does not depend on the order of keys or on absent fields', () => {
    const other = {
      spec: { hostname: undefined, containers: [{ image: 'redis', name: 'c' }] },
      metadata: { labels: { app: 'x' } },
    } as unknown as PodTemplateSpec;
    assert.equal(templateHash(other, 0), templateHash(template('redis'), 0));
  });

  it('depends on content, on the order of lists, and on the collision count', () => {
    const hashes = [
      templateHash(template('redis'), 0),
      templateHash(template('redis'), 1),
      templateHash(template('redis:7'), 0),
      templateHash(template('redis', { app: 'y' }), 0),
    ];
    assert.equal(new Set(hashes).size, hashes.length);
  });
});

describe('templates', () => {
  it('are compared by their meaning: null and empty lists are absent, empty objects are not', () => {
    const plain = template('redis');
    const written = {
      metadata: { creationTimestamp: null, labels: { app: 'x' } },
      spec: { ...plain.spec, tolerations: [], securityContext: null },
    } as unknown as PodTemplateSpec;
    assert.equal(equalTemplates(plain, written), true);
    assert.equal(equalTemplates(written, plain), true);
    const nulls = { ...plain, metadata: { ...plain.metadata, creationTimestamp: null } };
    assert.equal(
      templateHash(nulls as unknown as PodTemplateSpec, 0),
      templateHash(plain, 0),
      'a server that writes nulls gives revisions the same name',
    );
    const volume = (source: object) =>
      ({
        ...plain,
        spec: { ...plain.spec, volumes: [{ name: 'v', ...source }] },
      }) as unknown as PodTemplateSpec;
    assert.equal(equalTemplates(volume({}), volume({ emptyDir: {} })), false);
    assert.equal(equalTemplates(volume({ emptyDir: null }), volume({})), true);
  });

  it('are equal without the hash only where a deployment compares them', () => {
    const hashed = template('redis', { app: 'x', [TEMPLATE_HASH_LABEL]: 'abc' });
    assert.equal(equalIgnoringHash(template('redis'), hashed), true);
    assert.equal(equalTemplates(template('redis'), hashed), false);
    assert.equal(equalIgnoringHash(template('redis:7'), hashed), false);
  });
});
