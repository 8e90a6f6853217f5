// The bounds of one authorization webhook; test/integration/auth has its answers and failures.
import { strict as assert } from 'node:assert';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import type { Attributes, Decision } from '../auth/authorizer.js';
import { MAX_CACHED_REVIEW_LENGTH, MAX_WAITING_REVIEWS, REVIEW_CACHE_ENTRIES } from './limits.js';
import { webhookAuthorizer } from './webhook.js';

const ALLOWED = '{"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","status":';

const question = (name: string, user = 'ann', extra?: Record<string, string[]>): Attributes => ({
  user: { name: user, groups: [], ...(extra ? { extra } : {}) },
  verb: 'get',
  group: '',
  version: 'v1',
  resource: 'pods',
  subresource: '',
  namespace: 'a',
  name,
});

function webhook(denies: boolean, post: (body: string) => Promise<string>) {
  const rules = { name: 'hook', version: 'v1', authorizedMs: 60_000, unauthorizedMs: 30_000 };
  const env = virtualEnv();
  const authorize = webhookAuthorizer({ ...rules, timeoutMs: 1_000, denies }, { post }, env);
  return { env, authorize };
}

describe('bounds of an authorization webhook', () => {
  function counting(reason = '') {
    let calls = 0;
    const status = (allowed: boolean) => `${ALLOWED}${JSON.stringify({ allowed, reason })}}`;
    const made = webhook(true, (body) => {
      calls++;
      return Promise.resolve(status(!body.includes('eve')));
    });
    /** How many calls the question costs. */
    const cost = async (attributes: Attributes) => {
      const before = calls;
      await made.authorize(attributes);
      return calls - before;
    };
    return { ...made, cost };
  }

  it('keeps as many answers as its cache has entries, and forgets the oldest', async () => {
    const { cost } = counting();
    for (let at = 0; at < REVIEW_CACHE_ENTRIES; at++) await cost(question(`p${at}`));
    assert.equal(await cost(question(`p${REVIEW_CACHE_ENTRIES - 1}`)), 0);
    assert.equal(await cost(question('p0')), 0); // used: p1 is now the oldest
    assert.equal(await cost(question('new')), 1);
    assert.equal(await cost(question('p0')), 0);
    assert.equal(await cost(question('p1')), 1);
  });

  it('keeps an answer for its time, and for its question alone', async () => {
    const { cost, env } = counting();
    for (const ask of [question('p'), question('p', 'eve'), question('p', 'ann', { a: ['b'] })])
      assert.deepEqual([await cost(ask), await cost(ask)], [1, 0]);
    await env.clock.advance(30_000);
    assert.equal(await cost(question('p', 'eve')), 1);
    assert.equal(await cost(question('p')), 0);
    await env.clock.advance(30_000);
    assert.equal(await cost(question('p')), 1);
  });

  it('keeps neither long questions nor long answers', async () => {
    const { cost } = counting();
    const long = question('x'.repeat(MAX_CACHED_REVIEW_LENGTH));
    assert.deepEqual([await cost(long), await cost(long)], [1, 1]);
    const wordy = counting('y'.repeat(MAX_CACHED_REVIEW_LENGTH));
    assert.deepEqual([await wordy.cost(question('p')), await wordy.cost(question('p'))], [1, 1]);
  });

  for (const denies of [true, false])
    it(`lets so many questions wait, and ${denies ? 'refuses' : 'passes on'} further ones`, async () => {
      const open: ((text: string) => void)[] = [];
      const { authorize } = webhook(denies, () => new Promise((resolve) => open.push(resolve)));
      const waiting: Promise<Decision>[] = [];
      for (let at = 0; at < MAX_WAITING_REVIEWS; at++)
        waiting.push(Promise.resolve(authorize(question(`p${at}`))));
      const further = authorize(question('further'));
      assert.deepEqual(further, {
        allowed: false,
        ...(denies ? { denied: true } : {}),
        error: 'too many requests wait for the authorization webhook hook',
      });
      // A question that waits already takes no further place.
      assert.equal(authorize(question('p0')), waiting[0]);
      await Promise.resolve();
      assert.equal(open.length, MAX_WAITING_REVIEWS);
      for (const answer of open) answer(`${ALLOWED}{"allowed":true}}`);
      assert.ok((await Promise.all(waiting)).every(({ allowed }) => allowed));
      // Each place is free again, and a refusal for lack of a place is not kept.
      const later = authorize(question('further'));
      assert.ok(later instanceof Promise);
      await Promise.resolve();
      open.at(-1)!(`${ALLOWED}{"allowed":true}}`);
      assert.equal((await later).allowed, true);
    });
});
