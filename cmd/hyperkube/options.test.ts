import assert from 'node:assert/strict';
import { FlagError } from '../flags.js';
import { parseOptions } from './options.js';

const refuses = (argv: string[], pattern: RegExp, exitCode = 2) =>
  assert.throws(
    () => parseOptions(argv),
    (error) =>
      error instanceof FlagError && error.exitCode === exitCode && pattern.test(error.message),
  );

describe('hyperkube options', () => {
  it('splits components at --', () => {
    assert.deepEqual(
      parseOptions(['kube-scheduler', '--kubeconfig', 'a', '--', 'skydns', '--no-rec']),
      [
        { name: 'kube-scheduler', argv: ['--kubeconfig', 'a'] },
        { name: 'skydns', argv: ['--no-rec'] },
      ],
    );
  });

  it('refuses unknown, repeated and missing components', () => {
    refuses(['kube-schedule'], /unknown component "kube-schedule"; there are .*kube-scheduler/);
    refuses(['skydns', '--', 'skydns'], /named twice/);
    refuses(['skydns', '--'], /missing before or after --/);
    refuses([], /Usage/);
    refuses(['--help'], /Usage/, 0);
    refuses(['--version'], /^Kubernetes v1\.32\.0/, 0);
  });
});
