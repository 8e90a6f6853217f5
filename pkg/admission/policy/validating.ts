// ValidatingAdmissionPolicy: evaluates the policies whose constraints a request matches, and takes
// the actions of their bindings (upstream plugin/policy/validating/dispatcher.go).
import { stringifyJson } from '../../apimachinery/codec/json.js';
import {
  notFound,
  statusError,
  type Reason,
  type StatusError,
} from '../../apimachinery/errors/status-error.js';
import type { Namespace } from '../../apis/core/v1/types.js';
import { NAMESPACES } from '../../apis/resource-types.js';
import { matchRequest } from '../../apiserver/admission/matching/match.js';
import type {
  AdmissionPluginContext,
  AdmissionPluginFactory,
  AdmissionRequest,
} from '../../apiserver/admission/plugin.js';
import { errorText } from '../../util/errors/error-text.js';
import { refusal } from '../refuse.js';
import { shapesOf, type ShapeCache } from '../webhooks/call.js';
import { MAX_ANNOTATION_LENGTH } from './limits.js';
import { collectParams, paramObjects } from './params.js';
import { followPolicies, type BoundPolicy } from './policies.js';
import type { Outcome } from './rules.js';

const VALIDATION_FAILURE = 'validation.policy.admission.k8s.io/validation_failure';

/** Reviews are questions, not objects; and a policy could lock its own removal out. */
const EXCLUDED: Readonly<Record<string, readonly string[]>> = {
  'admissionregistration.k8s.io': [
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
    'mutatingadmissionpolicies',
    'mutatingadmissionpolicybindings',
  ],
  'authentication.k8s.io': ['selfsubjectreviews', 'tokenreviews'],
  'authorization.k8s.io': [
    'localsubjectaccessreviews',
    'selfsubjectaccessreviews',
    'selfsubjectrulesreviews',
    'subjectaccessreviews',
  ],
};

const isExcluded = ({ resource: { facts } }: AdmissionRequest): boolean =>
  EXCLUDED[facts.group]?.includes(facts.resource) ?? false;

interface Refusal {
  readonly message: string;
  readonly reason?: string;
}

/** Collects what one policy's bindings decide. */
interface Verdict {
  readonly refusals: Refusal[];
  readonly annotations: Map<string, Set<string>>;
}

type Binding = BoundPolicy['bindings'][number]['binding'];

const bound = (policy: string, binding?: string): string =>
  `ValidatingAdmissionPolicy '${policy}'${binding === undefined ? '' : ` with binding '${binding}'`}`;

function act(
  request: AdmissionRequest,
  name: string,
  { metadata, spec }: Binding,
  { denials, annotations, failures }: Outcome,
  verdict: Verdict,
): void {
  const where = bound(name, metadata.name);
  const refuse = (message: string, reason?: string): void =>
    void verdict.refusals.push({
      message: `${where} denied request: ${message}`,
      ...(reason === undefined ? {} : { reason }),
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
  for (const denial of denials) for (const action of validationActions) actions[action]?.(denial);
  for (const [key, text] of annotations) {
    const texts = verdict.annotations.get(key) ?? new Set();
    verdict.annotations.set(key, texts.add(text.slice(0, MAX_ANNOTATION_LENGTH)));
  }
  for (const failure of failures) refuse(failure);
}

/** The namespace of the request's object; a Namespace has none. @throws StatusError NotFound */
function namespaceOf(
  { namespace, resource }: AdmissionRequest,
  { reader }: AdmissionPluginContext,
): Namespace | undefined {
  const isNamespace = resource.facts.group === '' && resource.facts.kind === 'Namespace';
  if (!namespace || isNamespace) return undefined;
  const found = reader.get(NAMESPACES, '', namespace);
  if (!found) throw notFound(NAMESPACES, namespace);
  return found;
}

async function applyPolicy(
  { policy, criteria, bindings, rules }: BoundPolicy,
  request: AdmissionRequest,
  cache: ShapeCache,
  context: AdmissionPluginContext,
  refusals: Refusal[],
): Promise<void> {
  const { name } = policy.metadata;
  const verdict: Verdict = { refusals, annotations: new Map() };
  /** Gives undefined, and refuses by the failure policy, when `step` throws. */
  const configure = async <T>(
    step: () => T | Promise<T>,
    binding?: string,
  ): Promise<{ readonly value: T } | undefined> => {
    try {
      return { value: await step() };
    } catch (error) {
      const part = binding === undefined ? 'policy' : 'binding';
      const why = `failed to configure ${part}: ${errorText(error)}`;
      if (policy.spec.failurePolicy !== 'Ignore')
        refusals.push({ message: `${bound(name, binding)} denied request: ${why}` });
      return undefined;
    }
  };
  const matched = (await configure(() => matchRequest(criteria, request, context)))?.value;
  if (!matched) return;
  const objects = await configure(() => paramObjects(policy.spec.paramKind, context.shapes));
  if (!objects) return;
  for (const { binding, criteria: narrower } of bindings) {
    const own = binding.metadata.name;
    const selected = await configure(
      () => !narrower || matchRequest(narrower, request, context) !== undefined,
      own,
    );
    if (!selected?.value) continue;
    const params = await configure(
      () => collectParams(objects.value, binding.spec.paramRef, request.namespace),
      own,
    );
    if (!params) continue;
    const input = {
      request: { ...request, ...(await cache.of(matched)) },
      matched,
      authorize: context.authorize,
      namespaceObject: namespaceOf(request, context),
    };
    const compiled = await rules();
    for (const param of params.value)
      act(request, name, binding, compiled.run({ ...input, params: param }), verdict);
  }
  for (const [key, texts] of verdict.annotations) request.annotate(key, [...texts].join(', '));
}

/** The first refusal, with the code of its reason. */
function refused(request: AdmissionRequest, { message, reason }: Refusal): StatusError {
  const { message: text, status } = refusal(request, message, [{ message }]);
  return statusError((reason ?? 'Invalid') as Reason, text, status.details);
}

export const validatingPolicies: AdmissionPluginFactory = (context) => {
  const policies = followPolicies(context.reader);
  const run = async (list: readonly BoundPolicy[], request: AdmissionRequest): Promise<void> => {
    const cache = shapesOf(request, context);
    const refusals: Refusal[] = [];
    for (const policy of list) await applyPolicy(policy, request, cache, context, refusals);
    if (refusals.length) throw refused(request, refusals[0]!);
  };
  return {
    name: 'ValidatingAdmissionPolicy',
    operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
    validate(request) {
      const list = policies();
      return list.length && !isExcluded(request) ? run(list, request) : undefined;
    },
  };
};
