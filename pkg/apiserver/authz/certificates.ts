// Who may approve and sign certificate requests (upstream plugin/pkg/admission/certificates): the verbs
// `approve` and `sign` on signers.certificates.k8s.io by the signer's name or its domain, and nobody
// may ask the API's own signer for a member of system:masters. These are admission plugins that ask
// the authorizer, so they lie here.
import { forbidden } from '../../apimachinery/errors/status-error.js';
import type { CertificateSigningRequest } from '../../apis/certificates/v1/types.js';
import { parseCertificateRequest } from '../../system/pki/certificates.js';
import type { AdmissionPlugin, AdmissionRequest } from '../admission/plugin.js';
import type { Authorizer } from './authorizer.js';

const GROUP = 'certificates.k8s.io';
const RESOURCE = `certificatesigningrequests.${GROUP}`;
const CLIENT_SIGNER = 'kubernetes.io/kube-apiserver-client';

function refuse(request: AdmissionRequest, why: string): never {
  throw forbidden({ group: GROUP, resource: 'certificatesigningrequests' }, request.name, why);
}

/** Allowed for 'example.com/name' itself or for 'example.com/*'. */
function mayUseSigner(
  request: AdmissionRequest,
  authorize: Authorizer,
  verb: string,
  signer: string,
): boolean {
  const domain = signer.slice(0, Math.max(0, signer.indexOf('/')));
  return [signer, `${domain}/*`].some(
    (name) =>
      authorize({
        user: request.context.user,
        verb,
        group: GROUP,
        version: '*',
        resource: 'signers',
        subresource: '',
        namespace: '',
        name,
      }).allowed,
  );
}

const base64Text = (text: string | undefined): string =>
  Buffer.from(text ?? '', 'base64').toString('utf8');

function approval(authorize: Authorizer): AdmissionPlugin {
  return {
    name: 'CertificateApproval',
    operations: ['UPDATE'],
    resources: [RESOURCE],
    validate(request) {
      if (request.subresource !== 'approval') return;
      const { signerName } = (request.oldObject as CertificateSigningRequest).spec;
      if (!mayUseSigner(request, authorize, 'approve', signerName))
        refuse(
          request,
          `user not permitted to approve requests with signerName ${JSON.stringify(signerName)}`,
        );
    },
  };
}

function signing(authorize: Authorizer): AdmissionPlugin {
  return {
    name: 'CertificateSigning',
    operations: ['UPDATE'],
    resources: [RESOURCE],
    validate(request) {
      if (request.subresource !== 'status') return;
      const [next, old] = [
        request.object as CertificateSigningRequest,
        request.oldObject as CertificateSigningRequest,
      ];
      const failed = (csr: CertificateSigningRequest) =>
        (csr.status?.conditions ?? []).some(({ type }) => type === 'Failed');
      if (next.status?.certificate === old.status?.certificate && failed(next) === failed(old))
        return;
      const { signerName } = old.spec;
      if (!mayUseSigner(request, authorize, 'sign', signerName))
        refuse(
          request,
          `user not permitted to sign requests with signerName ${JSON.stringify(signerName)}`,
        );
    },
  };
}

function subjectRestriction(): AdmissionPlugin {
  return {
    name: 'CertificateSubjectRestriction',
    operations: ['CREATE'],
    resources: [RESOURCE],
    validate(request) {
      const { spec } = request.object as CertificateSigningRequest;
      if (request.subresource || spec.signerName !== CLIENT_SIGNER) return;
      let organizations: readonly string[];
      try {
        ({ organizations } = parseCertificateRequest(base64Text(spec.request)));
      } catch (error) {
        refuse(request, `failed to parse CSR: ${(error as Error).message}`);
      }
      if (organizations.includes('system:masters'))
        refuse(request, `use of ${CLIENT_SIGNER} signer with system:masters group is not allowed`);
    },
  };
}

/** In upstream's order, after the built-in list. */
export function certificatePlugins(authorize: Authorizer): AdmissionPlugin[] {
  return [approval(authorize), signing(authorize), subjectRestriction()];
}
