// AdmissionReviews: what a webhook is asked, and what its answer means (upstream
// apiserver/pkg/admission/plugin/webhook/request/admissionreview.go and errors/statuserror.go).
import { stringifyJson } from '../../apimachinery/codec/json.js';
import { StatusError } from '../../apimachinery/errors/status-error.js';
import type { Status } from '../../apimachinery/meta/types.js';
import type { RequestAttributes } from '../../apiserver/admission/attributes.js';
import type { AdmissionReviewAnswer, ReviewVersion } from '../../apiserver/admission/plugin.js';

const GROUP = 'admission.k8s.io';
const KIND = 'AdmissionReview';
const PATCH_TYPE = 'JSONPatch';

/** The first version of the webhook's list that this server knows. */
export const reviewVersion = (versions: readonly string[]): ReviewVersion | undefined =>
  versions.find((version): version is ReviewVersion => version === 'v1' || version === 'v1beta1');

/** The review as JSON. The objects come as JSON, since several webhooks may get them. */
export function reviewText(
  version: ReviewVersion,
  uid: string,
  attributes: RequestAttributes,
  object: string,
  oldObject: string,
): string {
  const { dryRun, options, ...about } = attributes;
  const head = stringifyJson({ uid, ...about });
  return `{"kind":"${KIND}","apiVersion":"${GROUP}/${version}","request":${head.slice(0, -1)},"object":${object},"oldObject":${oldObject},"dryRun":${dryRun},"options":${stringifyJson(options)}}}`;
}

/** A verified answer. */
export interface Verdict {
  readonly allowed: boolean;
  /** A JSON patch in base64; '' for none. */
  readonly patch: string;
  readonly patchType: string;
  readonly status: Partial<Status> | undefined;
  readonly warnings: readonly string[];
  readonly auditAnnotations: Readonly<Record<string, string>>;
}

const patchTypeProblem = (patch: string, patchType: string | undefined): string | undefined => {
  if (patch && patchType === undefined)
    return 'webhook returned response.patch but not response.patchType';
  if (!patch && patchType !== undefined)
    return 'webhook returned response.patchType but not response.patch';
  return patchType === '' ? 'webhook returned invalid response.patchType of ""' : undefined;
};

/**
 * Checks that the answer is one to this question.
 * @throws Error with upstream's reason.
 */
export function verify(
  answer: AdmissionReviewAnswer,
  version: ReviewVersion,
  uid: string,
  isMutating: boolean,
): Verdict {
  const { response } = answer.value;
  if (!response) throw new Error('webhook response was absent');
  const { allowed = false, patch = '', patchType, status, warnings, auditAnnotations } = response;
  if (version === 'v1') {
    if (response.uid !== uid)
      throw new Error(
        `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`,
      );
    if (answer.apiVersion !== `${GROUP}/v1` || answer.kind !== KIND)
      throw new Error(
        `expected webhook response of ${GROUP}/v1, Kind=${KIND}, got ${answer.apiVersion || '/'}, Kind=${answer.kind}`,
      );
    if (isMutating) {
      const problem = patchTypeProblem(patch, patchType);
      if (problem) throw new Error(problem);
    } else if (patch) throw new Error('validating webhook may not return response.patch');
    else if (patchType !== undefined)
      throw new Error('validating webhook may not return response.patchType');
  }
  return {
    allowed,
    patch: isMutating ? patch : '',
    // v1beta1 did not verify the type; there is only one.
    patchType: version === 'v1' ? (patchType ?? '') : patch ? PATCH_TYPE : '',
    status,
    warnings: warnings ?? [],
    auditAnnotations: auditAnnotations ?? {},
  };
}

/** HTTP knows no code above it. */
const MAX_CODE = 599;

/** The refusal of a webhook as the answer to the client. */
export function rejection(webhook: string, status: Partial<Status> | undefined): StatusError {
  const deniedBy = `admission webhook ${JSON.stringify(webhook)} denied the request`;
  const { code = 0, message, reason, details, status: outcome } = status ?? {};
  return new StatusError({
    ...(reason && { reason }),
    ...(details && { details }),
    status: outcome && outcome !== 'Success' ? outcome : 'Failure',
    message: message
      ? `${deniedBy}: ${message}`
      : reason
        ? `${deniedBy}: ${reason}`
        : `${deniedBy} without explanation`,
    // A refusal is an error, whatever the webhook says.
    code: code < 400 ? 400 : code > MAX_CODE ? 500 : code,
  });
}
