// SubjectAccessReview and the related kinds: they call the server's authorizer and store nothing
// (upstream registry/authorization).
import {
  aggregateText,
  fieldErrors,
  type FieldError,
  invalid,
} from '../../apimachinery/errors/status-error.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type {
  NonResourceAttributes,
  NonResourceRule,
  ResourceAttributes,
  ResourceRule,
  SelfSubjectRulesReview,
  SubjectAccessReview,
  SubjectAccessReviewStatus,
} from '../../apis/authorization/v1/types.js';
import type { UserInfo } from '../auth/authenticator.js';
import type { Attributes } from '../auth/authorizer.js';
import type { SubresourceCreator } from '../extension/handler.js';
import type { ServerServices } from '../extension/services.js';
import { rbacFor } from './rbac.js';

const GROUP = 'authorization.k8s.io';

interface Question {
  resourceAttributes?: ResourceAttributes;
  nonResourceAttributes?: NonResourceAttributes;
}

function attributesOf(user: UserInfo, question: Question): Attributes {
  const { resourceAttributes: asked, nonResourceAttributes: other } = question;
  return {
    user,
    verb: (asked ?? other)?.verb ?? '',
    ...(!asked && { path: other?.path ?? '' }),
    group: asked?.group ?? '',
    version: asked?.version ?? '',
    resource: asked?.resource ?? '',
    subresource: asked?.subresource ?? '',
    namespace: asked?.namespace ?? '',
    name: asked?.name ?? '',
  };
}

async function answer(
  user: UserInfo,
  question: Question,
  services: ServerServices,
): Promise<SubjectAccessReviewStatus> {
  const decision = await services.authorize(attributesOf(user, question));
  return {
    allowed: decision.allowed,
    ...(!decision.allowed && decision.denied && { denied: true }),
    ...(decision.reason && { reason: decision.reason }),
    ...(decision.error && { evaluationError: decision.error }),
  };
}

function validate(kind: string, question: Question, others: FieldError[] = []): void {
  const errors = [...others];
  const { complain } = fieldErrors.below('spec', errors);
  if (question?.resourceAttributes && question.nonResourceAttributes)
    complain.invalid(
      'nonResourceAttributes',
      question.nonResourceAttributes,
      'cannot be specified in combination with resourceAttributes',
    );
  if (!question?.resourceAttributes && !question?.nonResourceAttributes)
    complain.invalid(
      'resourceAttributes',
      question?.nonResourceAttributes ?? null,
      'exactly one of nonResourceAttributes or resourceAttributes must be specified',
    );
  if (errors.length) throw invalid({ group: GROUP, kind }, '', errors);
}

function subjectReview(resource: string, kind: string, isLocal: boolean): SubresourceCreator {
  return {
    group: GROUP,
    resource,
    subresource: '',
    async create(object: ApiObject, target, services) {
      const review = object as unknown as SubjectAccessReview;
      const { spec } = review;
      const { complain, errors } = fieldErrors.below('spec');
      if (!spec?.user && !spec?.groups?.length)
        complain.invalid(
          'user',
          spec?.user ?? '',
          'at least one of user or group must be specified',
        );
      if (
        isLocal &&
        spec?.resourceAttributes &&
        spec.resourceAttributes.namespace !== target.namespace
      )
        complain.invalid(
          'resourceAttributes.namespace',
          spec.resourceAttributes.namespace ?? '',
          'must match metadata.namespace',
        );
      if (isLocal && spec?.nonResourceAttributes)
        complain.invalid(
          'nonResourceAttributes',
          spec.nonResourceAttributes,
          'disallowed on this kind of request',
        );
      validate(kind, spec, errors);
      const user: UserInfo = {
        name: spec.user ?? '',
        groups: spec.groups ?? [],
        ...(spec.uid && { uid: spec.uid }),
        ...(spec.extra && { extra: spec.extra }),
      };
      return { ...review, status: await answer(user, spec, services) };
    },
  };
}

const selfReview: SubresourceCreator = {
  group: GROUP,
  resource: 'selfsubjectaccessreviews',
  subresource: '',
  async create(object, { context }, services) {
    const { spec } = object as unknown as { spec: Question };
    validate('SelfSubjectAccessReview', spec);
    return { ...object, status: await answer(context.user, spec, services) };
  },
};

/** Authorizers that cannot list their rules. */
const SILENT: Readonly<Record<string, string>> = {
  Node: 'node authorizer does not support user rule resolution',
  Webhook: 'webhook authorizer does not support user rule resolution',
};

function rulesReview(types: () => readonly string[]): SubresourceCreator {
  return {
    group: GROUP,
    resource: 'selfsubjectrulesreviews',
    subresource: '',
    async create(object, { context }, { reader }) {
      const review = object as unknown as SelfSubjectRulesReview;
      const resourceRules: ResourceRule[] = [];
      const nonResourceRules: NonResourceRule[] = [];
      for (const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } of rbacFor(
        reader,
      ).rulesFor(context.user, review.spec?.namespace ?? '')) {
        if (resources?.length)
          resourceRules.push({
            verbs,
            ...(apiGroups && { apiGroups }),
            resources,
            ...(resourceNames?.length && { resourceNames }),
          });
        if (nonResourceURLs?.length) nonResourceRules.push({ verbs, nonResourceURLs });
      }
      const silent = types().flatMap((type) => SILENT[type] ?? []);
      const status = {
        incomplete: silent.length > 0,
        resourceRules,
        nonResourceRules,
        ...(silent.length && { evaluationError: aggregateText(silent) }),
      };
      return { ...review, status };
    },
  };
}

/** `types` are the authorizers of the chain. */
export const accessReviews = (types: () => readonly string[]): SubresourceCreator[] => [
  subjectReview('subjectaccessreviews', 'SubjectAccessReview', false),
  subjectReview('localsubjectaccessreviews', 'LocalSubjectAccessReview', true),
  selfReview,
  rulesReview(types),
];
