// Cases of upstream's api/core/v1/toleration_test.go, taint_test.go and
// component-helpers/scheduling/corev1/helpers_test.go. Gt and Lt are no operators in 1.32.
import assert from 'node:assert/strict';
import type { Taint, Toleration } from '../apis/core/v1/types.js';
import {
  findUntoleratedTaint,
  repelsNewPods,
  sameTaint,
  tolerates,
  toleratesTaint,
} from './taints.js';

/** 'key=value:effect', as kubectl writes taints. */
function taint(text: string): Taint {
  const [, key, value, effect] = /^([^=:]*)(?:=([^:]*))?:(\w+)$/.exec(text)!;
  return { key: key!, effect: effect!, ...(value === undefined ? {} : { value }) };
}

/** 'key operator value:effect' with '-' for an absent part. */
function toleration(text: string): Toleration {
  const [key, operator, value, effect] = text
    .split(/[ :]/)
    .map((part) => (part === '-' ? '' : part));
  return {
    ...(key ? { key } : {}),
    ...(operator ? { operator } : {}),
    ...(value ? { value } : {}),
    ...(effect ? { effect } : {}),
  };
}

describe('taints', () => {
  for (const [given, against, expected] of [
    ['foo - bar:NoSchedule', 'foo=bar:NoSchedule', true],
    ['foo Exists -:NoSchedule', 'foo=bar:NoSchedule', true],
    ['- Exists -:NoSchedule', 'foo=bar:NoSchedule', true],
    ['- Exists -:-', 'foo=bar:PreferNoSchedule', true],
    ['foo Exists -:-', 'foo=bar:NoExecute', true],
    ['foo Equal bar:NoSchedule', 'foo=bar:NoSchedule', true],
    ['foo Equal bar:-', 'foo=bar:NoExecute', true],
    ['foo Equal -:NoSchedule', 'foo:NoSchedule', true],
    ['foo Equal -:NoSchedule', 'foo=:NoSchedule', true],
    ['foo Equal bar:NoSchedule', 'foo=bar2:NoSchedule', false],
    ['foo Equal bar:NoSchedule', 'foo:NoSchedule', false],
    ['foo1 Equal bar:NoSchedule', 'foo2=bar:NoSchedule', false],
    ['foo Equal bar:NoSchedule', 'foo=bar:NoExecute', false],
    ['foo Exists -:PreferNoSchedule', 'foo=bar:NoExecute', false],
    ['foo Gt 5:NoSchedule', 'foo=9:NoSchedule', false],
    ['foo Unknown bar:NoSchedule', 'foo=bar:NoSchedule', false],
  ] as const) {
    it(`${given} ${expected ? 'tolerates' : 'does not tolerate'} ${against}`, () => {
      assert.equal(toleratesTaint(toleration(given), taint(against)), expected);
      assert.equal(tolerates([toleration(given)], taint(against)), expected);
    });
  }

  it('are tolerated by nothing when there are no tolerations', () => {
    assert.equal(tolerates(undefined, taint('a:NoExecute')), false);
    assert.equal(tolerates([], taint('a:NoExecute')), false);
    const some = [toleration('b Exists -:-'), toleration('a Exists -:-')];
    assert.equal(tolerates(some, taint('a:NoExecute')), true);
  });

  // TestFindMatchingUntoleratedTaint: tolerations, taints, filter, the taint found.
  const noExecute = ({ effect }: Taint): boolean => effect === 'NoExecute';
  for (const [title, tolerations, taints, concerns, found] of [
    ['empty tolerations tolerate empty taints', [], [], () => true, undefined],
    ['no taints', ['foo Exists -:NoSchedule'], [], () => true, undefined],
    ['all match', ['foo Exists -:NoSchedule'], ['foo:NoSchedule'], () => true, undefined],
    [
      'the filter picks none',
      ['foo Exists -:NoSchedule'],
      ['bar:NoSchedule'],
      () => false,
      undefined,
    ],
    ['no filter', ['foo Exists -:NoSchedule'], ['bar:NoSchedule'], undefined, 'bar:NoSchedule'],
    [
      'the picked one is tolerated',
      ['foo Exists -:NoExecute'],
      ['foo:NoExecute', 'bar:NoSchedule'],
      noExecute,
      undefined,
    ],
    [
      'the first of several',
      [],
      ['a:PreferNoSchedule', 'b:NoSchedule', 'c:NoExecute'],
      repelsNewPods,
      'b:NoSchedule',
    ],
  ] as const) {
    it(`findUntoleratedTaint: ${title}`, () => {
      const result = findUntoleratedTaint(taints.map(taint), tolerations.map(toleration), concerns);
      assert.deepEqual(result, found === undefined ? undefined : taint(found));
    });
  }

  // TestMatchTaint: values do not count.
  for (const [a, b, same] of [
    ['foo=bar:NoSchedule', 'foo=different:NoSchedule', true],
    ['foo=bar:NoSchedule', 'foo2=bar:NoSchedule', false],
    ['foo=bar:NoSchedule', 'foo=bar:NoExecute', false],
  ] as const) {
    it(`${a} is ${same ? '' : 'not '}the taint ${b}`, () => {
      assert.equal(sameTaint(taint(a), taint(b)), same);
    });
  }
});
