// Controllers that act as their own service accounts: upstream's roles are enough for their work.
import { strict as assert } from 'node:assert';
import { generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseOptions } from '../../../cmd/kube-controller-manager/options.js';
import { runKubeControllerManager } from '../../../cmd/kube-controller-manager/run.js';
import { realEnv } from '../../../pkg/system/env.js';
import { freePort } from '../../support/etcd-process.js';
import {
  eventually,
  type FlagServer,
  newFolder,
  removeFolder,
  startWithFlags,
} from '../../support/flag-server.js';

interface Event {
  verb: string;
  user: { username: string };
  objectRef?: { resource: string; subresource?: string };
  annotations?: Record<string, string>;
}

const ACCOUNT = 'system:serviceaccount:kube-system:';
const POLICY = `
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{level: Metadata, userGroups: ["system:serviceaccounts:kube-system"]}]
`;
const template = {
  metadata: { labels: { app: 'a' } },
  spec: { containers: [{ name: 'c', image: 'i' }] },
};
const selector = { matchLabels: { app: 'a' } };
const job = { template: { spec: { ...template.spec, restartPolicy: 'Never' } } };

describe('controllers with service accounts of their own', function () {
  this.timeout(90_000);
  let folder: string;
  let server: FlagServer;
  const stop = new AbortController();
  let manager: Promise<void>;

  const post = async (
    path: string,
    kind: string,
    apiVersion: string,
    name: string,
    rest: object,
  ) => {
    const answer = await server.ask(path, {
      body: { kind, apiVersion, metadata: { name }, ...rest },
    });
    assert.equal(answer.status, 201, answer.text);
  };
  const events = async (): Promise<Event[]> =>
    (await readFile(join(folder, 'audit.log'), 'utf8'))
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Event);

  before(async () => {
    folder = await newFolder();
    const key = join(folder, 'sa.key');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await writeFile(join(folder, 'policy.yaml'), POLICY);
    server = await startWithFlags(folder, [
      `--service-account-key-file=${key}`,
      `--service-account-signing-key-file=${key}`,
      `--audit-policy-file=${join(folder, 'policy.yaml')}`,
      `--audit-log-path=${join(folder, 'audit.log')}`,
    ]);
    await writeFile(
      join(folder, 'admin.conf'),
      `clusters: [{name: a, cluster: {server: "https://127.0.0.1:${server.port}", insecure-skip-tls-verify: true}}]
users: [{name: a, user: {token: good}}]
contexts: [{name: a, context: {cluster: a, user: a}}]
current-context: a
`,
    );
    const config = parseOptions([
      `--kubeconfig=${join(folder, 'admin.conf')}`,
      '--leader-elect=false',
      `--secure-port=${await freePort()}`,
      '--bind-address=127.0.0.1',
      '--use-service-account-credentials=true',
      '--controllers=*,bootstrapsigner,tokencleaner,service-lb-controller',
    ]);
    manager = runKubeControllerManager(config, realEnv('manager', 'error'), stop.signal);
  });
  after(async () => {
    stop.abort(new Error('over'));
    await manager.catch(() => undefined);
    await server.stop();
    await removeFolder(folder);
  });

  it('write as these accounts, and nothing that they need is forbidden', async () => {
    await post('/api/v1/namespaces', 'Namespace', 'v1', 'shop', {});
    const core = '/api/v1/namespaces/shop';
    const apps = '/apis/apps/v1/namespaces/shop';
    const batch = '/apis/batch/v1/namespaces/shop';
    await eventually(
      async () => (await server.ask(`${core}/serviceaccounts/default`)).status === 200,
      'no default account',
    );
    await post('/api/v1/nodes', 'Node', 'v1', 'n1', {});
    await post(`${core}/services`, 'Service', 'v1', 'a', {
      spec: { selector: { app: 'a' }, ports: [{ port: 80 }] },
    });
    await post(`${core}/services`, 'Service', 'v1', 'lb', {
      spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
    });
    await post('/api/v1/namespaces/kube-public/configmaps', 'ConfigMap', 'v1', 'cluster-info', {
      data: { kubeconfig: 'a' },
    });
    for (const [id, expiration] of [
      ['abcdef', '2999-01-01T00:00:00Z'],
      ['fedcba', '2001-01-01T00:00:00Z'],
    ] as const)
      await post(
        '/api/v1/namespaces/kube-system/secrets',
        'Secret',
        'v1',
        `bootstrap-token-${id}`,
        {
          type: 'bootstrap.kubernetes.io/token',
          stringData: {
            'token-id': id,
            'token-secret': '0123456789abcdef',
            'usage-bootstrap-signing': 'true',
            expiration,
          },
        },
      );
    await post(`${apps}/deployments`, 'Deployment', 'apps/v1', 'd', {
      spec: { replicas: 2, selector, template },
    });
    await post(`${apps}/statefulsets`, 'StatefulSet', 'apps/v1', 's', {
      spec: { serviceName: 'a', replicas: 1, selector, template },
    });
    await post(`${apps}/daemonsets`, 'DaemonSet', 'apps/v1', 'ds', {
      spec: { selector, template },
    });
    await post(`${core}/replicationcontrollers`, 'ReplicationController', 'v1', 'rc', {
      spec: {
        replicas: 1,
        selector: { app: 'b' },
        template: { ...template, metadata: { labels: { app: 'b' } } },
      },
    });
    await post(`${batch}/jobs`, 'Job', 'batch/v1', 'j', { spec: job });
    await post(`${batch}/cronjobs`, 'CronJob', 'batch/v1', 'c', {
      spec: { schedule: '* * * * *', jobTemplate: { spec: job } },
    });
    await post(`${core}/resourcequotas`, 'ResourceQuota', 'v1', 'q', {
      spec: { hard: { pods: '50' } },
    });
    await post(
      `/apis/policy/v1/namespaces/shop/poddisruptionbudgets`,
      'PodDisruptionBudget',
      'policy/v1',
      'b',
      { spec: { minAvailable: 1, selector } },
    );
    await post(`${core}/persistentvolumeclaims`, 'PersistentVolumeClaim', 'v1', 'p', {
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    const writers = (resource: string, verb: string, all: Event[]) =>
      all.some(
        ({ objectRef, verb: used, user }) =>
          objectRef?.resource === resource && used === verb && user.username.startsWith(ACCOUNT),
      );
    const wanted: [string, string, string][] = [
      ['deployment-controller', 'replicasets', 'create'],
      ['replicaset-controller', 'pods', 'create'],
      ['statefulset-controller', 'pods', 'create'],
      ['daemon-set-controller', 'pods', 'create'],
      ['replication-controller', 'pods', 'create'],
      ['job-controller', 'pods', 'create'],
      ['endpoint-controller', 'endpoints', 'create'],
      ['endpointslice-controller', 'endpointslices', 'create'],
      ['service-account-controller', 'serviceaccounts', 'create'],
      ['service-controller', 'services', 'update'],
      ['bootstrap-signer', 'configmaps', 'update'],
      ['token-cleaner', 'secrets', 'delete'],
      ['service-controller', 'events', 'create'],
    ];
    await eventually(async () => {
      const all = await events();
      return wanted.every(([account, resource, verb]) =>
        all.some(
          ({ user, objectRef, verb: used }) =>
            user.username === ACCOUNT + account &&
            objectRef?.resource === resource &&
            used === verb,
        ),
      );
    }, 'a controller does not write');
    await server.ask(`${apps}/deployments/d`, { method: 'DELETE' });
    await server.ask(`${core}/persistentvolumeclaims/p`, { method: 'DELETE' });
    await server.ask('/api/v1/namespaces/shop', { method: 'DELETE' });
    await eventually(async () => {
      const all = await events();
      return writers('pods', 'delete', all) || writers('pods', 'deletecollection', all);
    }, 'nothing is collected');
    const forbidden = (await events())
      .filter(({ annotations }) => annotations?.['authorization.k8s.io/decision'] === 'forbid')
      .map(({ user, verb, objectRef }) => `${user.username} ${verb} ${JSON.stringify(objectRef)}`);
    assert.deepEqual([...new Set(forbidden)], []);
  });
});
