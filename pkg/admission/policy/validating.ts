// ValidatingAdmissionPolicy: evaluates the policies whose constraints a request matches, and takes
// the actions of their bindings (upstream plugin/policy/validating/dispatcher.go).
import { stringifyJson } from '../../apimachinery/codec/json.js';
import {
  statusError,
  type Reason,
  type StatusError,
} from '../../apimachinery/errors/status-error.js';
import type {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from '../../apis/admissionregistration/v1/types.js';
import {
  VALIDATING_ADMISSION_POLICIES,
  VALIDATING_ADMISSION_POLICY_BINDINGS,
} from '../../apis/resource-types.js';
import type { AdmissionPluginFactory, AdmissionRequest } from '../../apiserver/admission/plugin.js';
import { withAnswers } from '../../apiserver/auth/authorizer.js';
import { refusal } from '../refuse.js';
import { shapesOf } from '../webhooks/call.js';
import { inputOf, invocations, isExcluded } from './dispatch.js';
import { MAX_ANNOTATION_LENGTH } from './limits.js';
import { validatingChecks, type CountCheck } from './metrics.js';
import { followPolicies, type BoundPolicy } from './policies.js';
import { compileRules, type Outcome, type Rules } from './rules.js';

const VALIDATION_FAILURE = 'validation.policy.admission.k8s.io/validation_failure';

interface Refusal {
  readonly message: string;
  readonly reason?: string;
}

/** Collects what the bindings decide. */
interface Verdict {
  readonly refusals: Refusal[];
  readonly annotations: Map<string, Set<string>>;
}

type Binding = ValidatingAdmissionPolicyBinding;

const bound = (policy: string, binding?: string): string =>
  `ValidatingAdmissionPolicy '${policy}'${binding === undefined ? '' : ` with binding '${binding}'`}`;

function act(
  request: AdmissionRequest,
  name: string,
  { metadata, spec }: Binding,
  { denials, ignored, seconds, annotations, failures }: Outcome,
  verdict: Verdict,
  count: CountCheck,
): void {
  const where = bound(name, metadata.name);
  const refuse = (message: string, reason?: string): void =>
    void verdict.refusals.push({
      message: `${where} denied request: ${message}`,
      ...(reason !== undefined && { reason }),
    });
  const { validationActions = [] } = spec;
  const actions: Readonly<Record<string, (denial: Outcome['denials'][number]) => void>> = {
    Deny: ({ message, reason }) => refuse(message, reason),
    Warn: ({ message }) => request.warn(`Validation failed for ${where}: ${message}`),
    Audit: ({ index, message }) =>
      request.annotate(
        VALIDATION_FAILURE,
        stringifyJson([
          {
            message,
            policy: name,
            binding: metadata.name,
            expressionIndex: index,
            validationActions,
          },
        ]),
      ),
  };
  const counted = (enforcement_action: string, error: string): void =>
    count({ policy: name, policy_binding: metadata.name, enforcement_action }, error, seconds);
  for (const denial of denials)
    for (const action of validationActions) {
      actions[action]?.(denial);
      counted(action.toLowerCase(), denial.message);
    }
  for (const error of ignored) counted('allow', error);
  for (const [key, text] of annotations) {
    const texts = verdict.annotations.get(key) ?? new Set();
    verdict.annotations.set(key, texts.add(text.slice(0, MAX_ANNOTATION_LENGTH)));
  }
  for (const failure of failures) refuse(failure);
}

/** The first refusal, with the code of its reason. */
function refused(request: AdmissionRequest, { message, reason }: Refusal): StatusError {
  const { message: text, status } = refusal(request, message, [{ message }]);
  return statusError((reason ?? 'Invalid') as Reason, text, status.details);
}

type Policies = readonly BoundPolicy<ValidatingAdmissionPolicy, Binding, Rules>[];

export const validatingPolicies: AdmissionPluginFactory = (context) => {
  const policies = followPolicies(context.reader, {
    policies: VALIDATING_ADMISSION_POLICIES,
    bindings: VALIDATING_ADMISSION_POLICY_BINDINGS,
    compile: compileRules,
  });
  const count = validatingChecks(context.env.metrics);

  async function run(policies: Policies, request: AdmissionRequest): Promise<void> {
    const cache = shapesOf(request, context);
    const verdict: Verdict = { refusals: [], annotations: new Map() };
    for await (const step of invocations(policies, request, context)) {
      const { name } = step.policy.metadata;
      if ('problem' in step) {
        const where = bound(name, step.binding?.metadata.name);
        verdict.refusals.push({ message: `${where} denied request: ${step.problem}` });
        continue;
      }
      const input = await inputOf(step, request, cache, context);
      const outcome = await withAnswers(input, (ready) => step.rules.run(ready, context.env.clock));
      act(request, name, step.binding, outcome, verdict, count);
    }
    for (const [key, texts] of verdict.annotations) request.annotate(key, [...texts].join(', '));
    if (verdict.refusals.length) throw refused(request, verdict.refusals[0]!);
  }

  return {
    name: 'ValidatingAdmissionPolicy',
    operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
    validate(request) {
      const list = policies();
      return list.length && !isExcluded(request) ? run(list, request) : undefined;
    },
  };
};
