import assert from 'node:assert/strict';
import { CHECKS } from './cis-checks.js';
import { flagsOf } from './cis-facts.js';

describe('hack/cis', () => {
  it('has a row for each check of the benchmark', () => {
    const counts: Readonly<Record<string, number>> = {
      '1.1': 21,
      '1.2': 29,
      '1.3': 7,
      '1.4': 2,
      '2': 7,
      '3.1': 3,
      '3.2': 2,
      '4.1': 10,
      '4.2': 13,
      '4.3': 1,
      '5.1': 13,
      '5.2': 13,
      '5.3': 2,
      '5.4': 2,
      '5.5': 1,
      '5.7': 4,
    };
    const wanted = Object.entries(counts).flatMap(([section, total]) =>
      Array.from({ length: total }, (_, i) => `${section}.${i + 1}`),
    );
    assert.deepEqual(CHECKS.map(({ id }) => id).toSorted(), wanted.toSorted());
    assert.deepEqual(
      CHECKS.filter(({ judge }) => typeof judge !== 'function'),
      [],
    );
  });

  it('reads the flags of single programs, of hyperkube, and behind nsenter', () => {
    const words = (line: string) =>
      [...flagsOf(line.split(' '))].map(([name, flags]) => [name, Object.fromEntries(flags)]);
    assert.deepEqual(
      words('node --max=8 /x/hyperkube/main.js kube-apiserver --a=b --c -- kube-scheduler --d=e=f'),
      [
        ['kube-apiserver', { a: 'b', c: 'true' }],
        ['kube-scheduler', { d: 'e=f' }],
      ],
    );
    assert.deepEqual(words('nsenter --net=/n -- node /x/kubelet/main.js --v=1'), [
      ['kubelet', { v: '1' }],
    ]);
    assert.deepEqual(words('/usr/bin/etcd --name=default'), [['etcd', { name: 'default' }]]);
  });
});
