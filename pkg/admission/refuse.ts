// Denials by admission plugins: status 403 in the words of upstream's admission.NewForbidden.
import { forbidden, type StatusError } from '../apimachinery/errors/status-error.js';
import type { ObjectMeta, StatusCause } from '../apimachinery/meta/types.js';
import type { AdmissionRequest } from '../apiserver/admission/plugin.js';

/** `why` is the text after 'pods "x" is forbidden: '. */
export function refusal(
  request: AdmissionRequest,
  why: string,
  causes?: StatusCause[],
): StatusError {
  const { group, resource } = request.resource.facts;
  const metadata = request.object?.metadata as Partial<ObjectMeta> | undefined;
  return forbidden(
    { group, resource },
    request.name || metadata?.name || metadata?.generateName || 'Unknown',
    why,
    causes,
  );
}
