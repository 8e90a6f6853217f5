// Limits on certificate signing requests (upstream plugin/pkg/admission/certificates): approving
// and signing need the verbs `approve` and `sign` on signers.certificates.k8s.io, for the signer's
// name or its domain; and the API's own signer makes no certificates for members of system:masters.
import { decodeBase64 } from '../apimachinery/codec/base64.js';
import type { CertificateSigningRequest } from '../apis/certificates/v1/types.js';
import { findCondition } from '../component-helpers/conditions.js';
import type {
  AdmissionPluginContext,
  AdmissionPluginFactory,
  AdmissionRequest,
} from '../apiserver/admission/plugin.js';
import type { Authorizer } from '../apiserver/auth/authorizer.js';
import { refusal } from './refuse.js';

const GROUP = 'certificates.k8s.io';
const RESOURCE = `certificatesigningrequests.${GROUP}`;
const CLIENT_SIGNER = 'kubernetes.io/kube-apiserver-client';

/**
 * The user must have `verb` on the signer ('example.com/name') or on its domain ('example.com/*').
 * @throws StatusError Forbidden
 */
async function requireSigner(
  request: AdmissionRequest,
  authorize: Authorizer,
  verb: 'approve' | 'sign',
  signer: string,
): Promise<void> {
  const { user } = request.context;
  const domain = signer.slice(0, Math.max(0, signer.indexOf('/')));
  const asked = { user, verb, group: GROUP, version: '*', resource: 'signers', subresource: '' };
  for (const name of [signer, `${domain}/*`])
    if ((await authorize({ ...asked, namespace: '', name })).allowed) return;
  throw refusal(
    request,
    `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`,
  );
}

export const certificateApproval: AdmissionPluginFactory = ({ authorize }) => ({
  name: 'CertificateApproval',
  operations: ['UPDATE'],
  resources: [RESOURCE],
  async validate(request) {
    if (request.subresource !== 'approval') return;
    const { signerName } = (request.oldObject as CertificateSigningRequest).spec;
    await requireSigner(request, authorize, 'approve', signerName);
  },
});

export const certificateSigning: AdmissionPluginFactory = ({ authorize }) => ({
  name: 'CertificateSigning',
  operations: ['UPDATE'],
  resources: [RESOURCE],
  async validate(request) {
    if (request.subresource !== 'status') return;
    const [next, old] = [
      request.object as CertificateSigningRequest,
      request.oldObject as CertificateSigningRequest,
    ];
    const failed = (csr: CertificateSigningRequest) =>
      findCondition(csr.status?.conditions, 'Failed') !== undefined;
    if (next.status?.certificate === old.status?.certificate && failed(next) === failed(old))
      return;
    await requireSigner(request, authorize, 'sign', old.spec.signerName);
  },
});

/** The subject that the request asks for. @throws StatusError Forbidden when it cannot be read. */
export function subjectOf(
  request: AdmissionRequest,
  parse: AdmissionPluginContext['parseCertificateRequest'],
): ReturnType<AdmissionPluginContext['parseCertificateRequest']> {
  const { spec } = request.object as CertificateSigningRequest;
  try {
    return parse(new TextDecoder().decode(decodeBase64(spec.request ?? '')));
  } catch (error) {
    throw refusal(request, `failed to parse CSR: ${(error as Error).message}`);
  }
}

export const certificateSubjectRestriction: AdmissionPluginFactory = ({
  parseCertificateRequest,
}) => ({
  name: 'CertificateSubjectRestriction',
  operations: ['CREATE'],
  resources: [RESOURCE],
  validate(request) {
    const { spec } = request.object as CertificateSigningRequest;
    if (request.subresource || spec.signerName !== CLIENT_SIGNER) return;
    const { organizations } = subjectOf(request, parseCertificateRequest);
    if (organizations.includes('system:masters'))
      throw refusal(
        request,
        `use of ${CLIENT_SIGNER} signer with system:masters group is not allowed`,
      );
  },
});
