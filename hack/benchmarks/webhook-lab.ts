// The price of a webhook: the same writes without one and with one on loopback.
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NAMESPACES, VALIDATING_WEBHOOK_CONFIGURATIONS } from '../../pkg/apis/resource-types.js';
import { createCa, issue } from '../../pkg/system/pki/certificates.js';
import type { Lab } from './apiserver-lab.js';
import type { Measure } from './measure.js';

const NAMESPACE = 'bench-webhook';
const WRITES = 3_000;

/** Sends requests, and measures the server's CPU for one. */
type Load = (request: {
  phase: string;
  path: string;
  body: string;
  count: number;
  connections: number;
  streams: number;
  headers: string[];
}) => Promise<{ cpuUs: number }>;

/** A webhook that allows everything. */
async function startWebhook(): Promise<{ url: string; caBundle: string; stop(): void }> {
  const ca = createCa('bench-webhook');
  const { certPem: cert, keyPem: key } = issue({
    ca,
    commonName: 'webhook',
    usages: ['server'],
    sans: ['127.0.0.1'],
  });
  const server = createServer({ cert, key }, (request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const {
        apiVersion,
        kind,
        request: asked,
      } = JSON.parse(Buffer.concat(chunks).toString()) as {
        apiVersion: string;
        kind: string;
        request: { uid: string };
      };
      answer.setHeader('content-type', 'application/json');
      answer.end(JSON.stringify({ apiVersion, kind, response: { uid: asked.uid, allowed: true } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    caBundle: Buffer.from(ca.certPem).toString('base64'),
    stop: () => server.close().closeAllConnections(),
  };
}

/** The same writes without a webhook, with a validating one, and without again. */
export async function webhooks(lab: Lab, load: Load): Promise<Measure[]> {
  const webhook = await startWebhook();
  const body = join(lab.folder, 'config-map.json');
  const metadata = { generateName: 'c-' };
  writeFileSync(
    body,
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: 'b'.repeat(500) } }),
  );
  await lab.client.create(NAMESPACES, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE },
    spec: {},
  });
  const path = `/api/v1/namespaces/${NAMESPACE}/configmaps`;
  const writes = async (phase: string): Promise<number> => {
    const common = { phase, path, body, connections: 4, streams: 8 };
    const headers = ['content-type: application/json'];
    await load({ ...common, headers, count: WRITES / 3 });
    return (await load({ ...common, headers, count: WRITES })).cpuUs;
  };
  try {
    const before = await writes('webhook-none');
    await lab.client.create(VALIDATING_WEBHOOK_CONFIGURATIONS, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: NAMESPACE },
      webhooks: [
        {
          name: 'allow.bench.example.com',
          clientConfig: { url: webhook.url, caBundle: webhook.caBundle },
          rules: [
            {
              apiGroups: [''],
              apiVersions: ['v1'],
              operations: ['CREATE'],
              resources: ['configmaps'],
            },
          ],
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    });
    const asked = await writes('webhook-one');
    await lab.client.delete(VALIDATING_WEBHOOK_CONFIGURATIONS, { name: NAMESPACE });
    const after = await writes('webhook-none');
    const without = (before + after) / 2;
    return [
      { name: 'CREATE config map, server CPU', value: without, unit: 'us' },
      {
        name: 'CREATE config map, one validating webhook more, server CPU',
        value: asked - without,
        unit: 'us',
      },
    ];
  } finally {
    webhook.stop();
  }
}
