// New objects with n of something, for linear.test.ts.

export interface Request {
  method: string;
  path: string;
  body?: unknown;
  type?: string;
}
export interface Case {
  name: string;
  /** Largest n; 2n is sent too. The body's bound of 3 MiB allows no more. YAML begins with it. */
  largest: number;
  make: (n: number) => Request;
}

export const list = <T>(n: number, make: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => make(i));
export const map = <T>(n: number, make: (i: number) => T): Record<string, T> =>
  Object.fromEntries(list(n, (i) => [`key-${i}`, make(i)]));

export const NS = '/api/v1/namespaces/default';
export const DRY = '?dryRun=All';
const YAML = 'application/yaml';

export const create = (path: string, body: object): Request => ({
  method: 'POST',
  path: path + DRY,
  body,
});
export const pod = (spec: object, metadata: object = {}, container: object = {}): object => ({
  metadata: { name: 'p', ...metadata },
  spec: { containers: [{ name: 'c', image: 'x', ...container }], ...spec },
});
const pods = (spec: object, metadata?: object, container?: object): Request =>
  create(`${NS}/pods`, pod(spec, metadata, container));
export const configMap = (metadata: object, data: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c', ...metadata },
  data,
});
export const owner = (i: number): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: `o-${i}`,
  uid: `uid-${i}`,
});
const text = (lines: string[]): string => lines.join('\n');

/** A case for each list, map and nesting that a client chooses. */
export const OBJECTS: readonly Case[] = [
  {
    name: 'JSON keys',
    largest: 40_000,
    make: (n) =>
      create(
        `${NS}/configmaps`,
        configMap(
          {},
          map(n, () => 'v'),
        ),
      ),
  },
  {
    name: 'YAML keys',
    largest: 4_000,
    make: (n) => ({
      method: 'POST',
      path: `${NS}/configmaps${DRY}`,
      type: YAML,
      body: text([
        'apiVersion: v1',
        'kind: ConfigMap',
        'metadata: {name: c}',
        'data:',
        ...list(n, (i) => `  key-${i}: v`),
      ]),
    }),
  },
  {
    name: 'YAML flow keys',
    largest: 4_000,
    make: (n) => ({
      method: 'POST',
      path: `${NS}/configmaps${DRY}`,
      type: YAML,
      body: `{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {${list(n, (i) => `key-${i}: v`).join(', ')}}}`,
    }),
  },
  {
    name: 'YAML anchors',
    largest: 4_000,
    make: (n) => ({
      method: 'POST',
      path: `${NS}/configmaps${DRY}`,
      type: YAML,
      body: text([
        'apiVersion: v1',
        'kind: ConfigMap',
        'metadata: {name: c}',
        'data:',
        ...list(n, (i) => `  key-${i}: &a${i} v`),
      ]),
    }),
  },
  {
    name: 'unknown fields',
    largest: 40_000,
    make: (n) => ({
      ...create(`${NS}/configmaps`, { ...configMap({}), ...map(n, () => 1) }),
      path: `${NS}/configmaps${DRY}&fieldValidation=Warn`,
    }),
  },
  {
    name: 'duplicate fields',
    largest: 40_000,
    make: (n) => ({
      method: 'POST',
      path: `${NS}/configmaps${DRY}&fieldValidation=Warn`,
      body: `{"metadata":{"name":"c"},"data":{${list(n, () => '"a":"b"').join(',')}}}`,
      type: 'application/json',
    }),
  },
  {
    name: 'nested lists in unknown fields',
    largest: 4_000,
    make: (n) => ({
      method: 'POST',
      path: `${NS}/configmaps${DRY}`,
      type: 'application/json',
      body: `{"metadata":{"name":"c"},"x":${'['.repeat(n)}${']'.repeat(n)}}`,
    }),
  },
  {
    name: 'owner references',
    largest: 20_000,
    make: (n) => create(`${NS}/configmaps`, configMap({ ownerReferences: list(n, owner) })),
  },
  {
    name: 'finalizers',
    largest: 20_000,
    make: (n) =>
      create(`${NS}/configmaps`, configMap({ finalizers: list(n, (i) => `example.com/f-${i}`) })),
  },
  {
    name: 'labels',
    largest: 20_000,
    make: (n) => create(`${NS}/configmaps`, configMap({ labels: map(n, () => 'v') })),
  },
  {
    name: 'annotations',
    largest: 10_000,
    make: (n) => create(`${NS}/configmaps`, configMap({ annotations: map(n, () => 'v') })),
  },
  {
    name: 'environment variables',
    largest: 20_000,
    make: (n) => pods({}, {}, { env: list(n, (i) => ({ name: `V${i}`, value: 'v' })) }),
  },
  {
    name: 'sources of environment variables',
    largest: 10_000,
    make: (n) => pods({}, {}, { envFrom: list(n, (i) => ({ secretRef: { name: `s-${i}` } })) }),
  },
  {
    name: 'ports of a container',
    largest: 10_000,
    make: (n) =>
      pods({}, {}, { ports: list(n, (i) => ({ containerPort: 1 + i, name: `p-${i}` })) }),
  },
  {
    name: 'host ports of a container',
    largest: 10_000,
    make: (n) =>
      pods({}, {}, { ports: list(n, (i) => ({ containerPort: 1 + i, hostPort: 1 + i })) }),
  },
  {
    name: 'volumes',
    largest: 10_000,
    make: (n) => pods({ volumes: list(n, (i) => ({ name: `v-${i}`, emptyDir: {} })) }),
  },
  {
    name: 'volumes and mounts',
    largest: 5_000,
    make: (n) =>
      pods(
        { volumes: list(n, (i) => ({ name: `v-${i}`, emptyDir: {} })) },
        {},
        { volumeMounts: list(n, (i) => ({ name: `v-${i}`, mountPath: `/m/${i}` })) },
      ),
  },
  {
    name: 'items of a volume',
    largest: 10_000,
    make: (n) =>
      pods({
        volumes: [
          {
            name: 'v',
            configMap: { name: 'c', items: list(n, (i) => ({ key: `k${i}`, path: `p${i}` })) },
          },
        ],
      }),
  },
  {
    name: 'containers',
    largest: 3_000,
    make: (n) => pods({ containers: list(n, (i) => ({ name: `c-${i}`, image: 'x' })) }),
  },
  {
    name: 'init containers',
    largest: 3_000,
    make: (n) => pods({ initContainers: list(n, (i) => ({ name: `i-${i}`, image: 'x' })) }),
  },
  {
    name: 'tolerations',
    largest: 10_000,
    make: (n) => pods({ tolerations: list(n, (i) => ({ key: `k-${i}`, operator: 'Exists' })) }),
  },
  {
    name: 'host aliases',
    largest: 10_000,
    make: (n) =>
      pods({
        hostAliases: list(n, (i) => ({ ip: `10.0.${i >> 8}.${i & 255}`, hostnames: ['a'] })),
      }),
  },
  {
    name: 'image pull secrets',
    largest: 10_000,
    make: (n) => pods({ imagePullSecrets: list(n, (i) => ({ name: `s-${i}` })) }),
  },
  {
    name: 'scheduling gates',
    largest: 10_000,
    make: (n) => pods({ schedulingGates: list(n, (i) => ({ name: `g-${i}` })) }),
  },
  {
    name: 'readiness gates',
    largest: 10_000,
    make: (n) => pods({ readinessGates: list(n, (i) => ({ conditionType: `g-${i}` })) }),
  },
  {
    name: 'sysctls',
    largest: 10_000,
    make: (n) =>
      pods({ securityContext: { sysctls: list(n, (i) => ({ name: `net.s${i}`, value: '1' })) } }),
  },
  {
    name: 'node selector',
    largest: 10_000,
    make: (n) => pods({ nodeSelector: map(n, () => 'v') }),
  },
  {
    name: 'topology spread constraints',
    largest: 5_000,
    make: (n) =>
      pods({
        topologySpreadConstraints: list(n, (i) => ({
          maxSkew: 1,
          topologyKey: `k-${i}`,
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: {},
        })),
      }),
  },
  {
    name: 'affinity terms',
    largest: 5_000,
    make: (n) =>
      pods({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: list(n, (i) => ({
                matchExpressions: [{ key: `k-${i}`, operator: 'In', values: ['a'] }],
              })),
            },
          },
        },
      }),
  },
  {
    name: 'resources',
    largest: 5_000,
    make: (n) =>
      pods(
        {},
        {},
        {
          resources: {
            limits: Object.fromEntries(list(n, (i) => [`example.com/r-${i}`, '1'])),
            requests: Object.fromEntries(list(n, (i) => [`example.com/r-${i}`, '1'])),
          },
        },
      ),
  },
  {
    name: 'taints',
    largest: 10_000,
    make: (n) =>
      create('/api/v1/nodes', {
        metadata: { name: 'n' },
        spec: { taints: list(n, (i) => ({ key: `k-${i}`, effect: 'NoSchedule' })) },
      }),
  },
  {
    name: 'addresses and images of a node',
    largest: 5_000,
    make: (n) =>
      create('/api/v1/nodes', {
        metadata: { name: 'n' },
        status: {
          addresses: list(n, (i) => ({ type: 'InternalIP', address: `10.0.${i >> 8}.${i & 255}` })),
          images: list(n, (i) => ({ names: [`i-${i}`], sizeBytes: 1 })),
        },
      }),
  },
  {
    name: 'service ports',
    largest: 5_000,
    make: (n) =>
      create(`${NS}/services`, {
        metadata: { name: 's' },
        spec: { ports: list(n, (i) => ({ name: `p-${i}`, port: 1 + i })) },
      }),
  },
  {
    name: 'node ports',
    largest: 300,
    make: (n) =>
      create(`${NS}/services`, {
        metadata: { name: 's' },
        spec: { type: 'NodePort', ports: list(n, (i) => ({ name: `p-${i}`, port: 1 + i })) },
      }),
  },
  {
    name: 'service selector',
    largest: 10_000,
    make: (n) =>
      create(`${NS}/services`, {
        metadata: { name: 's' },
        spec: { selector: map(n, () => 'v'), ports: [{ port: 1 }] },
      }),
  },
  {
    name: 'source ranges',
    largest: 10_000,
    make: (n) =>
      create(`${NS}/services`, {
        metadata: { name: 's' },
        spec: {
          type: 'LoadBalancer',
          loadBalancerSourceRanges: list(n, (i) => `10.${i >> 8}.${i & 255}.0/24`),
          ports: [{ port: 1 }],
        },
      }),
  },
  {
    name: 'endpoint addresses',
    largest: 10_000,
    make: (n) =>
      create(`${NS}/endpoints`, {
        metadata: { name: 'e' },
        subsets: [
          {
            addresses: list(n, (i) => ({ ip: `10.0.${i >> 8}.${i & 255}` })),
            ports: [{ port: 1 }],
          },
        ],
      }),
  },
  {
    name: 'endpoint subsets',
    largest: 5_000,
    make: (n) =>
      create(`${NS}/endpoints`, {
        metadata: { name: 'e' },
        subsets: list(n, (i) => ({
          addresses: [{ ip: `10.0.${i >> 8}.${i & 255}` }],
          ports: [{ port: 1 + i }],
        })),
      }),
  },
  {
    name: 'network policy peers',
    largest: 5_000,
    make: (n) =>
      create('/apis/networking.k8s.io/v1/namespaces/default/networkpolicies', {
        metadata: { name: 'n' },
        spec: {
          podSelector: {},
          ingress: [
            { from: list(n, (i) => ({ ipBlock: { cidr: `10.${i >> 8}.${i & 255}.0/24` } })) },
          ],
        },
      }),
  },
  {
    name: 'excepted blocks',
    largest: 5_000,
    make: (n) =>
      create('/apis/networking.k8s.io/v1/namespaces/default/networkpolicies', {
        metadata: { name: 'n' },
        spec: {
          podSelector: {},
          ingress: [
            {
              from: [
                {
                  ipBlock: {
                    cidr: '10.0.0.0/8',
                    except: list(n, (i) => `10.${i >> 8}.${i & 255}.0/24`),
                  },
                },
              ],
            },
          ],
        },
      }),
  },
  {
    name: 'ingress rules',
    largest: 5_000,
    make: (n) =>
      create('/apis/networking.k8s.io/v1/namespaces/default/ingresses', {
        metadata: { name: 'i' },
        spec: {
          rules: list(n, (i) => ({
            host: `h${i}.example`,
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name: 's', port: { number: 1 } } },
                },
              ],
            },
          })),
        },
      }),
  },
  {
    name: 'rules of a role',
    largest: 10_000,
    make: (n) =>
      create('/apis/rbac.authorization.k8s.io/v1/clusterroles', {
        metadata: { name: 'r' },
        rules: list(n, (i) => ({ apiGroups: [''], resources: [`r-${i}`], verbs: ['get'] })),
      }),
  },
  {
    name: 'subjects of a binding',
    largest: 10_000,
    make: (n) =>
      create('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
        metadata: { name: 'r' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
        subjects: list(n, (i) => ({ kind: 'User', name: `u-${i}` })),
      }),
  },
  {
    name: 'quota resources',
    largest: 5_000,
    make: (n) =>
      create(`${NS}/resourcequotas`, {
        metadata: { name: 'q' },
        spec: { hard: Object.fromEntries(list(n, (i) => [`count/r-${i}`, '1'])) },
      }),
  },
  {
    name: 'limits of a range',
    largest: 2_000,
    make: (n) =>
      create(`${NS}/limitranges`, {
        metadata: { name: 'l' },
        spec: {
          limits: [
            {
              type: 'Container',
              max: Object.fromEntries(list(n, (i) => [`example.com/r-${i}`, '2'])),
              default: Object.fromEntries(list(n, (i) => [`example.com/r-${i}`, '1'])),
            },
          ],
        },
      }),
  },
  {
    name: 'values of a selector',
    largest: 10_000,
    make: (n) =>
      create('/apis/apps/v1/namespaces/default/deployments', {
        metadata: { name: 'd' },
        spec: {
          selector: {
            matchLabels: { a: 'b' },
            matchExpressions: [{ key: 'a', operator: 'In', values: list(n, (i) => `v-${i}`) }],
          },
          template: {
            metadata: { labels: { a: 'v-0' } },
            spec: { containers: [{ name: 'c', image: 'x' }] },
          },
        },
      }),
  },
  {
    name: 'requirements of a selector',
    largest: 10_000,
    make: (n) =>
      create('/apis/apps/v1/namespaces/default/deployments', {
        metadata: { name: 'd' },
        spec: {
          selector: { matchLabels: map(n, () => 'b') },
          template: {
            metadata: { labels: map(n, () => 'b') },
            spec: { containers: [{ name: 'c', image: 'x' }] },
          },
        },
      }),
  },
  {
    name: 'claim templates',
    largest: 2_000,
    make: (n) =>
      create('/apis/apps/v1/namespaces/default/statefulsets', {
        metadata: { name: 'd' },
        spec: {
          selector: { matchLabels: { a: 'b' } },
          template: {
            metadata: { labels: { a: 'b' } },
            spec: { containers: [{ name: 'c', image: 'x' }] },
          },
          volumeClaimTemplates: list(n, (i) => ({
            metadata: { name: `v-${i}` },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1' } } },
          })),
        },
      }),
  },
  {
    name: 'secret data',
    largest: 20_000,
    make: (n) => create(`${NS}/secrets`, { metadata: { name: 's' }, data: map(n, () => 'dg==') }),
  },
];
