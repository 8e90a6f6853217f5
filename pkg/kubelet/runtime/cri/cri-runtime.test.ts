// Answers of a runtime that leaves out what the kubelet needs.
import assert from 'node:assert/strict';
import { noMetrics, virtualEnv } from '../../../../test/support/virtual-env.js';
import { RuntimeError } from '../runtime.js';
import { CriRuntime } from './cri-runtime.js';

function runtimeThatAnswers(answer: object): CriRuntime {
  const runtime = new CriRuntime('unix:///nowhere', { ...virtualEnv(), metrics: noMetrics });
  runtime.close();
  Object.assign(runtime, { connection: { unary: () => Promise.resolve(answer) } });
  return runtime;
}

describe('incomplete answers of a container runtime', () => {
  const cases: [string, object, (runtime: CriRuntime) => Promise<unknown>, RegExp][] = [
    ['no status', { status: null }, (r) => r.conditions(), /status is not set/],
    ['no sandbox id', { podSandboxId: '' }, (r) => r.runSandbox({} as never), /PodSandboxId/],
    ['a sandbox without id', { items: [{ id: '' }] }, (r) => r.sandboxes(), /status\.Id/],
    ['no sandbox', { status: null }, (r) => r.sandboxStatus('s'), /status is not set/],
    [
      'a container without metadata',
      { containers: [{ id: 'c', metadata: null }] },
      (r) => r.containers(),
      /status\.Metadata is not set/,
    ],
    [
      'a container without image',
      { status: { id: 'c', metadata: { name: 'a' }, image: null } },
      (r) => r.containerStatus('c'),
      /status\.Image is not set/,
    ],
  ];
  for (const [name, answer, ask, text] of cases)
    it(`${name} is an error of the runtime`, async () => {
      await assert.rejects(ask(runtimeThatAnswers(answer)), (error) => {
        assert.ok(error instanceof RuntimeError);
        assert.match(error.message, text);
        return true;
      });
    });

  it('leave out the statistics of a container without a name', async () => {
    const stats = [{ attributes: null }, { attributes: { id: 'c', metadata: null } }];
    assert.deepEqual(await runtimeThatAnswers({ stats }).stats(), []);
  });
});
