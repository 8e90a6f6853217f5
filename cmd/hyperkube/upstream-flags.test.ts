import assert from 'node:assert/strict';
import { FLAGS as API_SERVER, parseOptions as apiServer } from '../kube-apiserver/options.js';
import {
  FLAGS as MANAGER,
  parseOptions as controllerManager,
} from '../kube-controller-manager/options.js';
import { FLAGS as PROXY, parseOptions as proxy } from '../kube-proxy/options.js';
import { FLAGS as SCHEDULER, parseOptions as scheduler } from '../kube-scheduler/options.js';
import { FlagError, parseFlags } from '../flags.js';
import { FLAGS as KUBELET, parseOptions as kubelet } from '../kubelet/options.js';
import { upstreamFlags } from '../upstream-flags.js';

const PROGRAMS = {
  'kube-apiserver': { table: API_SERVER, parse: apiServer },
  'kube-controller-manager': { table: MANAGER, parse: controllerManager },
  'kube-scheduler': { table: SCHEDULER, parse: scheduler },
  kubelet: { table: KUBELET, parse: kubelet },
  'kube-proxy': { table: PROXY, parse: proxy },
};

/** The lines of warning. */
function warnings(binary: string, ...argv: string[]): string[] {
  const lines: string[] = [];
  parseFlags(binary, '', {}, argv, (line) => lines.push(line));
  return lines;
}

describe("upstream's flags", () => {
  for (const [binary, { table, parse }] of Object.entries(PROGRAMS)) {
    it(`of ${binary} are listed once, and only where the program has none of the name`, () => {
      const names = upstreamFlags(binary).map(({ name }) => name);
      assert.deepEqual([...new Set(names)].sort(), [...names].sort());
      assert.deepEqual(
        names.filter((name) => Object.hasOwn(table, name)),
        [],
      );
      for (const name of names) assert.match(name, /^[a-z0-9-]+$/);
    });

    it(`of ${binary} are taken with their defaults, and refused only with a reason`, () => {
      for (const flag of upstreamFlags(binary)) {
        assert.deepEqual(warnings(binary, `--${flag.name}=${flag.default}`), [], flag.name);
        const other = flag.boolean ? String(flag.default !== 'true') : '77';
        const given = `--${flag.name}=${other}`;
        if (flag.refused)
          assert.throws(
            () => warnings(binary, given),
            (error: FlagError) =>
              error.exitCode === 2 &&
              error.message === `${binary}: ${given} is not supported: ${flag.why}`,
          );
        else
          assert.deepEqual(warnings(binary, given), [
            `${binary}: ${given} has no effect: ${flag.why}\n`,
          ]);
      }
      assert.throws(
        () => warnings(binary, '--no-such-flag=1'),
        /unknown option '--no-such-flag=1'/,
      );
      assert.throws(
        () => parse(['--version']),
        (error: FlagError) => error.exitCode === 0 && error.message.startsWith('Kubernetes v1.32.'),
      );
    });
  }

  it('are written as pflag takes them', () => {
    const verbose = (value: string) => [
      `kubelet: --v=${value} has no effect: logs are text, and --log-level chooses them\n`,
    ];
    for (const argv of [['-v=4'], ['--v=4'], ['-v', '4'], ['--v', '4']])
      assert.deepEqual(warnings('kubelet', ...argv), verbose('4'));
    assert.deepEqual(warnings('kubelet', '--serialize-image-pulls', '--sync-frequency=60s'), []);
    assert.throws(() => warnings('kubelet', '--pods-per-core', '10'), /is not supported/);
    assert.throws(() => warnings('kubelet', '--runonce'), /is not supported/);
  });

  it('refuse what somebody would rely on', () => {
    for (const [binary, flag] of [
      ['kube-apiserver', '--etcd-servers-overrides=/events#https://e'],
      ['kube-apiserver', '--allow-privileged=false'],
      ['kubelet', '--kube-reserved=cpu=1'],
      ['kube-proxy', '--detect-local-mode=NodeCIDR'],
    ] as const)
      assert.throws(() => PROGRAMS[binary].parse([flag]), /is not supported: /, flag);
  });
});
