// Certificate signing requests (upstream: pkg/controller/certificates). One controller approves
// requests of kubelets that are authorized, one signs approved requests with the cluster's CA, one
// deletes old requests.
import type { CertificateSigningRequest } from '../../apis/certificates/v1/types.js';
import { CERTIFICATE_SIGNING_REQUESTS, SUBJECT_ACCESS_REVIEWS } from '../../apis/resource-types.js';
import {
  type CertificateAndKey,
  parseCertificateRequest,
  signCertificateRequest,
} from '../../system/pki/certificates.js';
import { withCondition } from '../../component-helpers/conditions.js';
import { timestamp } from '../../util/env/env.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { deleteObject } from '../../client/requests.js';
import {
  approvalPermissions,
  cleanInMs,
  decisionOn,
  signerProblem,
  type RequestNames,
} from './plan.js';

const DAY_MS = 86_400_000;

export interface SigningOptions {
  /** The authority of each signer, by signer name; requests of other signers are not signed. */
  clusterSigning: ReadonlyMap<string, CertificateAndKey>;
  /** The longest validity of a certificate, in milliseconds. */
  clusterSigningDuration: number;
}

const pemOf = ({ spec }: CertificateSigningRequest): string =>
  Buffer.from(spec.request, 'base64').toString('utf8');

/** Undefined when the request cannot be parsed. */
function namesOf(request: CertificateSigningRequest): RequestNames | undefined {
  try {
    return parseCertificateRequest(pemOf(request));
  } catch {
    return undefined;
  }
}

function decided(
  request: CertificateSigningRequest,
  type: 'Approved' | 'Failed',
  reason: string,
  message: string,
  now: number,
): CertificateSigningRequest {
  const condition = { type, status: 'True', reason, message, lastUpdateTime: timestamp(now) };
  const conditions = withCondition(request.status?.conditions, condition, now);
  return { ...request, status: { ...request.status, conditions } };
}

export function createCsrApprovingController(context: ControllerContext): Controller {
  const { client, env, informers } = context;
  const requests = informers.informer(CERTIFICATE_SIGNING_REQUESTS);
  const mayCreate = async (
    { spec: { extra, groups, uid, username: user = '' } }: CertificateSigningRequest,
    subresource: string,
  ): Promise<boolean> => {
    const resourceAttributes = {
      group: 'certificates.k8s.io',
      resource: 'certificatesigningrequests',
      verb: 'create',
      subresource,
      version: '*',
    };
    const { status } = await client.create(SUBJECT_ACCESS_REVIEWS, {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      metadata: {},
      spec: {
        user,
        resourceAttributes,
        ...(uid && { uid }),
        ...(groups && { groups }),
        ...(extra && { extra }),
      },
    });
    return status?.allowed ?? false;
  };
  return {
    watches: [watch(requests)],
    async reconcile(key) {
      const request = requests.store.get(key);
      if (!request || request.status?.certificate || decisionOn(request)) return;
      const names = namesOf(request);
      const permissions = names ? approvalPermissions(request, names) : [];
      for (const { message, subresource } of permissions) {
        if (!(await mayCreate(request, subresource))) continue;
        const now = env.clock.now();
        const approved = decided(request, 'Approved', 'AutoApproved', message, now);
        await client.update(CERTIFICATE_SIGNING_REQUESTS, approved, { subresource: 'approval' });
        return;
      }
      // The request is tried again: the roles of a joining node are often written after its
      // request.
      if (permissions.length)
        throw new Error(
          `recognized csr ${JSON.stringify(key)} but subject access review was not approved`,
        );
    },
  };
}

export function createCsrSigningController(
  context: ControllerContext,
  { clusterSigning, clusterSigningDuration }: SigningOptions,
): Controller | undefined {
  if (!clusterSigning.size) return undefined;
  const { client, env, informers } = context;
  const requests = informers.informer(CERTIFICATE_SIGNING_REQUESTS);
  const sign = (
    request: CertificateSigningRequest,
    ca: CertificateAndKey,
  ): CertificateSigningRequest => {
    const now = env.clock.now();
    const { expirationSeconds, signerName, usages = [] } = request.spec;
    const names = namesOf(request);
    const problem = names ? signerProblem(signerName, names, usages) : 'unable to parse csr';
    if (problem) return decided(request, 'Failed', 'SignerValidationFailure', problem, now);
    const wanted =
      expirationSeconds === undefined
        ? clusterSigningDuration
        : Math.min(clusterSigningDuration, expirationSeconds * 1000);
    const days = wanted / DAY_MS;
    const certificate = signCertificateRequest(pemOf(request), { ca, usages, days, now });
    const status = { ...request.status, certificate: Buffer.from(certificate).toString('base64') };
    return { ...request, status };
  };
  return {
    watches: [watch(requests)],
    async reconcile(key) {
      const request = requests.store.get(key);
      const ca = request && clusterSigning.get(request.spec.signerName);
      if (!request || !ca || request.status?.certificate) return;
      if (decisionOn(request, 'Denied', 'Failed') || !decisionOn(request, 'Approved')) return;
      await client.update(CERTIFICATE_SIGNING_REQUESTS, sign(request, ca), {
        subresource: 'status',
      });
    },
  };
}

export function createCsrCleanerController(context: ControllerContext): Controller {
  const { client, env, informers } = context;
  const requests = informers.informer(CERTIFICATE_SIGNING_REQUESTS);
  return {
    watches: [watch(requests)],
    async reconcile(key) {
      const request = requests.store.get(key);
      if (!request) return;
      const wait = cleanInMs(request, env.clock.now());
      if (wait > 0) return { requeueAfterMs: wait };
      await deleteObject(client, CERTIFICATE_SIGNING_REQUESTS, request);
    },
  };
}
