import assert from 'node:assert/strict';
import type { AdmissionReviewAnswer } from '../../apiserver/admission/plugin.js';
import { rejection, reviewText, reviewVersion, verify } from './review.js';

type Response = NonNullable<AdmissionReviewAnswer['value']['response']>;

const answer = (response: Response, more: Partial<AdmissionReviewAnswer> = {}) => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  value: { response: { uid: 'u', allowed: true, ...response } },
  ...more,
});

describe('admission reviews', () => {
  it('are asked in the first version that both sides know', () => {
    assert.equal(reviewVersion(['v3', 'v1beta1', 'v1']), 'v1beta1');
    assert.equal(reviewVersion(['v2']), undefined);
  });

  it('have their objects and options in the order of upstream', () => {
    const kind = { group: '', version: 'v1', kind: 'Pod' };
    const resource = { group: '', version: 'v1', resource: 'pods' };
    const text = reviewText(
      'v1',
      'u',
      {
        kind,
        resource,
        requestKind: kind,
        requestResource: resource,
        operation: 'DELETE',
        userInfo: { username: 'a' },
        dryRun: false,
        options: null,
      },
      'null',
      '{"kind":"Pod"}',
    );
    const { request } = JSON.parse(text) as { request: object };
    assert.deepEqual(Object.keys(request), [
      'uid',
      'kind',
      'resource',
      'requestKind',
      'requestResource',
      'operation',
      'userInfo',
      'object',
      'oldObject',
      'dryRun',
      'options',
    ]);
  });

  it('of v1 are checked, those of v1beta1 hardly', () => {
    const bad: [AdmissionReviewAnswer, boolean, RegExp][] = [
      [answer({ uid: 'v' }), true, /^expected response.uid="u", got "v"$/],
      [
        answer({}, { apiVersion: '', kind: '' }),
        true,
        /^expected webhook response of admission.k8s.io\/v1, Kind=AdmissionReview, got \/, Kind=$/,
      ],
      [answer({ patch: 'W10=' }), true, /patch but not response.patchType$/],
      [answer({ patchType: 'JSONPatch' }), true, /patchType but not response.patch$/],
      [answer({ patch: 'W10=', patchType: '' }), true, /invalid response.patchType of ""$/],
      [answer({ patch: 'W10=' }), false, /may not return response.patch$/],
      [answer({ patchType: 'JSONPatch' }), false, /may not return response.patchType$/],
    ];
    for (const [given, isMutating, text] of bad) {
      assert.throws(() => verify(given, 'v1', 'u', isMutating), { message: text });
      assert.equal(verify(given, 'v1beta1', 'u', isMutating).allowed, true);
    }
    assert.equal(verify(answer({ patch: 'W10=' }), 'v1beta1', 'u', true).patchType, 'JSONPatch');
    assert.throws(
      () => verify({ ...answer({}), value: {} }, 'v1beta1', 'u', true),
      /^Error: webhook response was absent$/,
    );
  });

  it('that deny become errors with a code that HTTP knows', () => {
    const cases: [Parameters<typeof rejection>[1], number, string][] = [
      [undefined, 400, ' without explanation'],
      [{ reason: 'Because' }, 400, ': Because'],
      [{ reason: 'Because', message: 'so', code: 418 }, 418, ': so'],
      [{ code: 200, status: 'Success' }, 400, ' without explanation'],
      [{ code: 599 }, 599, ' without explanation'],
      [{ code: 600 }, 500, ' without explanation'],
    ];
    for (const [status, code, text] of cases) {
      const error = rejection('w', status);
      assert.equal(error.code, code);
      assert.equal(error.message, `admission webhook "w" denied the request${text}`);
      assert.equal(error.status.status, 'Failure');
    }
  });
});
