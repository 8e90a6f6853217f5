import assert from 'node:assert/strict';
import { parseOptions } from './options.js';

describe('flags of kube-controller-manager', () => {
  it('have no period of autoscalers that would spin', () => {
    const period = (text: string) =>
      parseOptions(['--kubeconfig=x', `--horizontal-pod-autoscaler-sync-period=${text}`]);
    assert.equal(period('1s')['horizontal-pod-autoscaler-sync-period'], 1000);
    assert.throws(() => period('0s'), /must be greater than 0/);
  });
});
