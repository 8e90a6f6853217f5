// ValidatingAdmissionWebhook: asks all webhooks that the request matches at the same time, and
// refuses with the first refusal that arrives (upstream plugin/webhook/validating/dispatcher.go).
import type { ValidatingWebhook } from '../../apis/admissionregistration/v1/types.js';
import { VALIDATING_WEBHOOK_CONFIGURATIONS } from '../../apis/resource-types.js';
import type { AdmissionPluginFactory, AdmissionRequest } from '../../apiserver/admission/plugin.js';
import type { ResourceDefinition } from '../../apiserver/resource/definition.js';
import { callHook, isExempt, shapesOf, shouldCall } from './call.js';
import { followHooks, type Hook } from './hooks.js';
import { hookMetrics } from './metrics.js';

const FAILED_OPEN = 'failed-open.validating.webhook.admission.k8s.io/';

export const validatingWebhooks: AdmissionPluginFactory = (context) => {
  const hooks = followHooks(context.reader, VALIDATING_WEBHOOK_CONFIGURATIONS);
  const metrics = hookMetrics(context.env.metrics, 'validating');

  async function run(
    list: readonly Hook<ValidatingWebhook>[],
    request: AdmissionRequest,
  ): Promise<void> {
    const cache = shapesOf(request, context);
    const round = { request, cache, context, metrics, isMutating: false };
    const relevant: { hook: Hook<ValidatingWebhook>; matched: ResourceDefinition }[] = [];
    for (const hook of list) {
      const matched = await shouldCall(hook, round);
      if (matched) relevant.push({ hook, matched });
    }
    const errors: unknown[] = [];
    const calls = relevant.map(({ hook, matched }, index) =>
      callHook(hook, matched, round, `${FAILED_OPEN}round_0_index_${index}`).catch(
        (error: unknown) => void errors.push(error),
      ),
    );
    await Promise.all(calls);
    if (errors.length) throw errors[0];
  }

  return {
    name: 'ValidatingAdmissionWebhook',
    operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
    validate(request) {
      const list = hooks();
      return list.length && !isExempt(request) ? run(list, request) : undefined;
    },
  };
};
