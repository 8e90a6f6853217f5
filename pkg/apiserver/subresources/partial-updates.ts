// Subresources that change one part of their object: the part that each takes from the request's
// body. The rest stays as stored.
import { copyFields } from '../../apimachinery/meta/copy-fields.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { CertificateSigningRequest } from '../../apis/certificates/v1/types.js';
import type { Namespace, Pod } from '../../apis/core/v1/types.js';
import { readObject } from '../codec/body.js';
import { sendEntry } from '../verbs/answer.js';
import { patchFunction, readPatch } from '../verbs/patch.js';
import type { ApiRequest } from '../verbs/request.js';
import { updateObject } from '../verbs/update.js';

/** Copies the subresource's part of `wanted` into `current`. */
type TakeOver = (current: ApiObject, wanted: ApiObject) => void;

const TAKE_OVER: Record<string, TakeOver> = {
  'pods/ephemeralcontainers'(current, wanted) {
    copyFields((current as Pod).spec, (wanted as Pod).spec, 'ephemeralContainers');
  },
  // The whole body but its status counts, metadata.finalizers included.
  'namespaces/finalize'(current, wanted) {
    current.metadata = wanted.metadata;
    (current as Namespace).spec = (wanted as Namespace).spec;
  },
  'certificatesigningrequests/approval'(current, wanted) {
    current.metadata = wanted.metadata;
    const request = current as unknown as CertificateSigningRequest;
    request.status = { ...request.status };
    copyFields(
      request.status,
      (wanted as unknown as CertificateSigningRequest).status,
      'conditions',
    );
  },
};

export const isPartialUpdate = (resource: string, subresource: string): boolean =>
  `${resource}/${subresource}` in TAKE_OVER;

async function run(request: ApiRequest, wish: (old: ApiObject) => ApiObject): Promise<void> {
  const { resource, info } = request;
  const takeOver = TAKE_OVER[`${resource.resource}/${info.subresource}`]!;
  const entry = await updateObject(request, {
    subresource: info.subresource,
    checkPreconditions: true,
    // Upstream's strategy takes all but the containers from the stored pod, the owners too.
    isTracked: info.subresource === 'ephemeralcontainers',
    edit(old, copy) {
      const current = copy();
      const wanted = wish(old);
      takeOver(current, wanted);
      // The preconditions of the request's object apply.
      for (const key of ['resourceVersion', 'uid'] as const)
        if (wanted.metadata[key] !== undefined) current.metadata[key] = wanted.metadata[key];
      return current;
    },
  });
  return sendEntry(request, 200, entry);
}

export async function updatePart(request: ApiRequest): Promise<void> {
  const body = await readObject(request, request.resource.expected, request.resource.schemas);
  await run(request, () => structuredClone(body));
}

export async function patchPart(request: ApiRequest): Promise<void> {
  await run(request, patchFunction(request, await readPatch(request.exchange)));
}
