// Services and EndpointSlices like those of a real API server, for the stand-in of proxy-api.ts.

/** The stand-in's port, in a separate network namespace. */
export const PORT = 6443;
export type Json = Record<string, unknown>;

/** Like a real server's objects, including the fields that only the server reads. */
function managed(fields: Json): Json[] {
  return [
    {
      manager: 'kube-controller-manager',
      operation: 'Update',
      apiVersion: 'v1',
      time: '2026-01-01T00:00:00Z',
      fieldsType: 'FieldsV1',
      fieldsV1: fields,
    },
  ];
}

export function service(at: number): Json {
  const ip = `10.${100 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: `service-${at}`,
      namespace: `ns-${at % 50}`,
      uid: `11111111-2222-3333-4444-${String(at).padStart(12, '0')}`,
      resourceVersion: String(1000 + at),
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { app: `app-${at}`, tier: 'backend' },
      managedFields: managed({
        'f:metadata': { 'f:labels': { '.': {}, 'f:app': {}, 'f:tier': {} } },
        'f:spec': {
          'f:internalTrafficPolicy': {},
          'f:ports': {
            '.': {},
            'k:{"port":80,"protocol":"TCP"}': {
              '.': {},
              'f:port': {},
              'f:protocol': {},
              'f:targetPort': {},
            },
          },
          'f:selector': {},
          'f:sessionAffinity': {},
          'f:type': {},
        },
      }),
    },
    spec: {
      type: 'ClusterIP',
      clusterIP: ip,
      clusterIPs: [ip],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
      sessionAffinity: 'None',
      selector: { app: `app-${at}` },
      ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 }],
    },
    status: { loadBalancer: {} },
  };
}

export function slice(at: number, endpoints: number, revision: number): Json {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `service-${at}-x7k2p`,
      generateName: `service-${at}-`,
      namespace: `ns-${at % 50}`,
      uid: `11111111-2222-3333-5555-${String(at).padStart(12, '0')}`,
      resourceVersion: String(revision),
      generation: 3,
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: {
        app: `app-${at}`,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        'kubernetes.io/service-name': `service-${at}`,
      },
      annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-01T00:00:00Z' },
      ownerReferences: [
        {
          apiVersion: 'v1',
          kind: 'Service',
          name: `service-${at}`,
          uid: `11111111-2222-3333-4444-${String(at).padStart(12, '0')}`,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      managedFields: managed({
        'f:addressType': {},
        'f:endpoints': {},
        'f:metadata': { 'f:generateName': {}, 'f:labels': {}, 'f:ownerReferences': {} },
        'f:ports': {},
      }),
    },
    addressType: 'IPv4',
    endpoints: Array.from({ length: endpoints }, (_, n) => ({
      addresses: [`10.244.${at % 250}.${n + 1}`],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: `node-${at % 100}`,
      targetRef: {
        kind: 'Pod',
        namespace: `ns-${at % 50}`,
        name: `pod-${at}-${n}`,
        uid: `11111111-2222-6666-5555-${String(at * 10 + n).padStart(12, '0')}`,
      },
    })),
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  };
}
