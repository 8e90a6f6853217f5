// DefaultTolerationSeconds: pods stay five minutes on a node that is not ready or unreachable
// (upstream plugin/pkg/admission/defaulttolerationseconds).
import type { Pod } from '../apis/core/v1/types.js';
import { concernsTaint, TAINTS } from '../component-helpers/taints.js';
import type { AdmissionPluginFactory } from '../apiserver/admission/plugin.js';

const SECONDS = 300;
const DEFAULTED = [TAINTS.notReady, TAINTS.unreachable].map((key) => ({
  key,
  effect: 'NoExecute',
}));

export const defaultTolerationSeconds: AdmissionPluginFactory = () => ({
  name: 'DefaultTolerationSeconds',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods'],
  mutate(request) {
    if (request.subresource) return;
    const { spec } = request.object as Pod;
    for (const taint of DEFAULTED) {
      const tolerations = (spec.tolerations ??= []);
      if (!tolerations.some((toleration) => concernsTaint(toleration, taint)))
        tolerations.push({
          key: taint.key,
          operator: 'Exists',
          effect: taint.effect,
          tolerationSeconds: SECONDS,
        });
    }
  },
});
