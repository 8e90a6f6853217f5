// DefaultTolerationSeconds: pods stay five minutes on a node that is not ready or unreachable (upstream
// plugin/pkg/admission/defaulttolerationseconds).
import type { Pod } from '../apis/core/v1/types.js';
import type { AdmissionPluginFactory } from '../apiserver/admission/plugin.js';

const SECONDS = 300;
const TAINTS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

export const defaultTolerationSeconds: AdmissionPluginFactory = () => ({
  name: 'DefaultTolerationSeconds',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods'],
  mutate(request) {
    if (request.subresource) return;
    const { spec } = request.object as Pod;
    for (const key of TAINTS) {
      const isTolerated = (spec.tolerations ?? []).some(
        (toleration) =>
          (!toleration.key || toleration.key === key) &&
          (!toleration.effect || toleration.effect === 'NoExecute'),
      );
      if (!isTolerated)
        (spec.tolerations ??= []).push({
          key,
          operator: 'Exists',
          effect: 'NoExecute',
          tolerationSeconds: SECONDS,
        });
    }
  },
});
