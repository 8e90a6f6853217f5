// The approval of APIs in Kubernetes' own groups (upstream apiextensions-apiserver/pkg/apihelpers).
// A condition of the definition shows it, and its validation demands it.
import { fieldErrors, type FieldError } from '../../apimachinery/errors/status-error.js';
import type { CustomResourceDefinition } from '../../apis/apiextensions/v1/types.js';

const ANNOTATION = 'api-approved.kubernetes.io';
const SEE = 'see https://github.com/kubernetes/enhancements/pull/1111';

export interface Approval {
  readonly state: 'approved' | 'bypassed' | 'invalid' | 'missing';
  readonly reason: string;
}

export const isProtectedGroup = (group: string): boolean =>
  ['k8s.io', 'kubernetes.io'].some((own) => group === own || group.endsWith(`.${own}`));

/** A URL with a scheme and a host, without blanks and control characters. */
// oxlint-disable-next-line no-control-regex
const URL = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#\s\u0000-\u001f\u007f]+[^\s\u0000-\u001f\u007f]*$/;

export function approvalOf({ metadata }: CustomResourceDefinition): Approval {
  const text = metadata.annotations?.[ANNOTATION] ?? '';
  const shown = JSON.stringify(ANNOTATION);
  if (!text)
    return {
      state: 'missing',
      reason: `protected groups must have approval annotation ${shown}, ${SEE}`,
    };
  if (text.startsWith('unapproved'))
    return { state: 'bypassed', reason: `not approved: ${JSON.stringify(text)}` };
  if (URL.test(text)) return { state: 'approved', reason: `approved in ${text}` };
  return {
    state: 'invalid',
    reason: `protected groups must have approval annotation ${shown} with either a URL or a reason starting with "unapproved", ${SEE}`,
  };
}

export function validateApproval(
  next: CustomResourceDefinition,
  old?: CustomResourceDefinition,
): FieldError[] {
  if (!isProtectedGroup(next.spec.group ?? '')) return [];
  const { reason, state } = approvalOf(next);
  if (old && approvalOf(old).state === state) return [];
  const path = `metadata.annotations[${ANNOTATION}]`;
  if (state === 'missing') return [fieldErrors.required(path, reason)];
  return state === 'invalid'
    ? [fieldErrors.invalid(path, next.metadata.annotations?.[ANNOTATION], reason)]
    : [];
}
