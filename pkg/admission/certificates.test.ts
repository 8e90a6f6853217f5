import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exec } from '../system/exec.js';
import { parseCertificateRequest } from '../system/pki/certificates.js';
import { nodeRestriction } from './node-restriction.js';
import type { Attributes } from '../apiserver/auth/authorizer.js';
import type { AdmissionPluginContext, AdmissionRequest } from '../apiserver/admission/plugin.js';
import {
  certificateApproval,
  certificateSigning,
  certificateSubjectRestriction,
} from './certificates.js';

describe('certificate requests', () => {
  let dir: string;
  before(async () => (dir = await mkdtemp(join(tmpdir(), 'csr-'))));
  after(() => rm(dir, { recursive: true, force: true }));

  async function csr(subject: string): Promise<string> {
    const path = join(dir, 'x');
    await exec([
      'openssl',
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      `${path}.key`,
      '-out',
      `${path}.csr`,
      '-subj',
      subject,
    ]);
    return (await readFile(`${path}.csr`)).toString('base64');
  }

  const run = async (allowed: string[], request: object) => {
    const context = {
      authorize: ({ verb, name }: Attributes) => ({ allowed: allowed.includes(`${verb} ${name}`) }),
      parseCertificateRequest,
    } as unknown as AdmissionPluginContext;
    const plugins = [certificateApproval, certificateSigning, certificateSubjectRestriction].map(
      (make) => make(context),
    );
    const whole = {
      resource: { facts: { group: 'certificates.k8s.io', resource: 'certificatesigningrequests' } },
      subresource: '',
      name: 'r',
      context: { user: { name: 'u', groups: [] } },
      ...request,
    } as unknown as AdmissionRequest;
    for (const plugin of plugins)
      if (plugin.operations.includes(whole.operation)) await plugin.validate!(whole);
  };

  it('are approved and signed by users with the verbs on the signer', async () => {
    const object = (certificate?: string) => ({
      spec: { signerName: 'kubernetes.io/kubelet-serving' },
      status: { certificate },
    });
    const approve = {
      operation: 'UPDATE',
      subresource: 'approval',
      object: object(),
      oldObject: object(),
    };
    await assert.rejects(
      run([], approve),
      /certificatesigningrequests.certificates.k8s.io "r" is forbidden: user not permitted to approve requests with signerName "kubernetes.io\/kubelet-serving"/,
    );
    await run(['approve kubernetes.io/kubelet-serving'], approve);
    await run(['approve kubernetes.io/*'], approve);
    const sign = {
      operation: 'UPDATE',
      subresource: 'status',
      object: object('pem'),
      oldObject: object(),
    };
    await assert.rejects(run(['approve kubernetes.io/*'], sign), /not permitted to sign/);
    await run(['sign kubernetes.io/*'], sign);
    await run([], { ...sign, object: object() });
  });

  it('cannot grant system:masters', async () => {
    const create = async (subject: string, signerName = 'kubernetes.io/kube-apiserver-client') =>
      run([], {
        operation: 'CREATE',
        object: { spec: { signerName, request: await csr(subject) } },
      });
    await create('/O=dev/CN=alice');
    await assert.rejects(
      create('/O=system:masters/CN=alice'),
      /use of kubernetes.io\/kube-apiserver-client signer with system:masters group is not allowed/,
    );
    await create('/O=system:masters/CN=alice', 'example.com/own');
    await assert.rejects(
      run([], {
        operation: 'CREATE',
        object: { spec: { signerName: 'kubernetes.io/kube-apiserver-client', request: 'eA==' } },
      }),
      /failed to parse CSR/,
    );
  });

  it('of a node are for the name of the node', async () => {
    const plugin = nodeRestriction({
      parseCertificateRequest,
    } as unknown as AdmissionPluginContext);
    const ask = async (signerName: string, commonName: string, node = 'n1') => {
      const request = await csr(`/O=system:nodes/CN=${commonName}`);
      await plugin.validate!({
        operation: 'CREATE',
        resource: {
          facts: { group: 'certificates.k8s.io', resource: 'certificatesigningrequests' },
        },
        subresource: '',
        name: 'r',
        object: { metadata: { name: 'r' }, spec: { signerName, request } },
        context: { user: { name: `system:node:${node}`, groups: ['system:nodes'] } },
      } as unknown as AdmissionRequest);
    };
    for (const signer of [
      'kubernetes.io/kubelet-serving',
      'kubernetes.io/kube-apiserver-client-kubelet',
    ]) {
      await ask(signer, 'system:node:n1');
      for (const name of ['system:node:n2', 'system:node:n11', 'n1', 'admin'])
        await assert.rejects(
          ask(signer, name),
          /can only create a node CSR with CN=system:node:n1/,
        );
    }
    await ask('example.com/other', 'system:node:n2');
  });
});
