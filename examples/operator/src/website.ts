// The kind, and the objects that a website consists of.
import type { KubernetesObject, V1Deployment } from '@kubernetes/client-node';

export const GROUP = 'example.com';
export const VERSION = 'v1';
export const PLURAL = 'websites';
export const MANAGED_BY = 'website-operator';
export const FINALIZER = 'example.com/index';
const PORT = 8080;

export interface Website extends KubernetesObject {
  spec: { page: string; replicas?: number };
  status?: {
    observedGeneration?: number;
    readyReplicas?: number;
    phase?: 'Progressing' | 'Ready';
    selector?: string;
  };
}

const labelsOf = (name: string) => ({
  'app.kubernetes.io/managed-by': MANAGED_BY,
  'example.com/website': name,
});

/** The children, as they are applied. The garbage collector deletes them with their owner. */
export function childrenOf({ metadata, spec }: Website): object[] {
  const { name = '', namespace = '', uid = '' } = metadata ?? {};
  const labels = labelsOf(name);
  const selector = { 'example.com/website': name };
  const own = {
    name,
    namespace,
    labels,
    ownerReferences: [
      {
        apiVersion: `${GROUP}/${VERSION}`,
        kind: 'Website',
        name,
        uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
  };
  const page = { 'index.html': spec.page };
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: own, data: page },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: own,
      spec: {
        replicas: spec.replicas,
        selector: { matchLabels: selector },
        template: {
          metadata: { labels },
          spec: {
            terminationGracePeriodSeconds: 1,
            containers: [
              {
                name: 'httpd',
                image: 'busybox:1',
                command: ['httpd', '-f', '-p', String(PORT), '-h', '/page'],
                ports: [{ containerPort: PORT }],
                readinessProbe: { httpGet: { path: '/', port: PORT }, periodSeconds: 2 },
                volumeMounts: [{ name: 'page', mountPath: '/page' }],
              },
            ],
            volumes: [{ name: 'page', configMap: { name } }],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: own,
      spec: { selector, ports: [{ port: 80, targetPort: PORT }] },
    },
  ];
}

export function statusOf(website: Website, deployment: V1Deployment | undefined) {
  const { replicas = 1 } = website.spec;
  const { readyReplicas = 0, observedGeneration = 0 } = deployment?.status ?? {};
  const isCurrent = observedGeneration >= (deployment?.metadata?.generation ?? 1);
  return {
    observedGeneration: website.metadata?.generation,
    readyReplicas,
    phase: isCurrent && readyReplicas === replicas ? 'Ready' : 'Progressing',
    selector: `example.com/website=${website.metadata?.name}`,
  } satisfies Website['status'];
}
