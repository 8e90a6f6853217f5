// The audit policy of hack/up: who changed the cluster and who read its secrets. Reads of other
// objects and the steady writes of nodes and leaders are left out, because they are nearly all
// requests of a cluster.

const CORE = '';

/** audit.k8s.io/v1 Policy; the first rule that matches decides. */
export const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    {
      level: 'None',
      resources: [
        { group: 'coordination.k8s.io', resources: ['leases'] },
        { group: CORE, resources: ['events'] },
        { group: 'events.k8s.io', resources: ['events'] },
      ],
    },
    {
      level: 'None',
      userGroups: ['system:nodes'],
      resources: [{ group: CORE, resources: ['nodes/status', 'pods/status'] }],
    },
    {
      level: 'Metadata',
      resources: [
        { group: CORE, resources: ['secrets', 'configmaps', 'serviceaccounts/token'] },
        { group: 'authentication.k8s.io', resources: ['tokenreviews'] },
      ],
      verbs: ['get', 'list', 'create', 'update', 'patch', 'delete', 'deletecollection'],
    },
    {
      level: 'Metadata',
      resources: [
        {
          group: CORE,
          resources: [
            'pods/exec',
            'pods/attach',
            'pods/portforward',
            'pods/proxy',
            'services/proxy',
          ],
        },
      ],
    },
    { level: 'None', verbs: ['get', 'list', 'watch'] },
    { level: 'None', nonResourceURLs: ['*'] },
    { level: 'Metadata' },
  ],
};
