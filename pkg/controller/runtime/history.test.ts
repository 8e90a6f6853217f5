import assert from 'node:assert/strict';
import { DAEMON_SETS } from '../../apis/resource-types.js';
import type { ControllerRevision } from '../../apis/apps/v1/types.js';
import { planRevision, type RevisionOwner } from './history.js';

const owner = (image: string): RevisionOwner =>
  ({
    metadata: { name: 'd', namespace: 'n', uid: 'u' },
    spec: {
      selector: {},
      template: {
        spec: { hostNetwork: true, containers: [{ name: 'c', image }] },
        metadata: { labels: { b: '1', a: '2' }, creationTimestamp: null },
      },
    },
  }) as unknown as RevisionOwner;

describe('the history of templates', () => {
  it('has the bytes that upstream writes', () => {
    assert.equal(
      JSON.stringify(planRevision(DAEMON_SETS, owner('x'), []).data),
      '{"spec":{"template":{"$patch":"replace","metadata":{"creationTimestamp":null,"labels":{"a":"2","b":"1"}},"spec":{"containers":[{"image":"x","name":"c"}],"hostNetwork":true}}}}',
    );
  });

  it('counts on from a revision beyond 2^53', () => {
    const of = (image: string, revision: unknown): ControllerRevision => {
      const made = planRevision(DAEMON_SETS, owner(image), []);
      return { ...made, revision: revision as number };
    };
    const big = 3546343826724305832n;
    const known = [of('x', 1), of('y', big)];
    assert.equal(planRevision(DAEMON_SETS, owner('z'), known).revision, big + 1n);
    assert.equal(planRevision(DAEMON_SETS, owner('y'), known).revision, big);
    assert.equal(planRevision(DAEMON_SETS, owner('x'), known).revision, big + 1n);
    assert.equal(planRevision(DAEMON_SETS, owner('z'), [of('x', 1)]).revision, 2);
  });
});
