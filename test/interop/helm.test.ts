// Helm 3 installs, upgrades, rolls back, tests and removes a chart with hooks, a StatefulSet with
// claims, and Jobs, while real controllers, the scheduler and hollow nodes run the pods.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PERSISTENT_VOLUMES } from '../../pkg/apis/resource-types.js';
import type { ControlPlane } from '../support/control-plane.js';
import { createHelm, helmBinary, type Helm } from '../support/helm-process.js';
import { startHollowCluster } from '../support/hollow-cluster.js';
import { createKubectl, type Kubectl } from '../support/kubectl-process.js';
import { skip } from '../support/skip.js';

/** The pod of a job or of a test: it ends by itself with the exit code that `code` renders. */
const shortPod = (code: string, indent: string): string =>
  `metadata:
  annotations: {hollow.wheelhouse/exit-after: 20ms, hollow.wheelhouse/exit-code: "${code}"}
spec:
  restartPolicy: Never
  containers: [{name: main, image: busybox}]`.replaceAll('\n', `\n${indent}`);

const hookJob = (name: string, events: string, more: string, code: string): string => `
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-${name}
  annotations:
    helm.sh/hook: ${events}
    ${more}
spec:
  backoffLimit: 0
  template:
    ${shortPod(code, '    ')}
`;

const CHART: Record<string, string> = {
  'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\nappVersion: "1"\n',
  'values.yaml':
    'tag: "1"\nfill: 1\nreplicas: 2\nhookCode: "0"\ntestCode: "0"\nextra: {}\ntolerations: []\n',
  'values.schema.json': '{"properties": {"replicas": {"type": "integer"}}}',
  'templates/_names.tpl':
    '{{- define "labels" }}\napp.kubernetes.io/name: web\napp.kubernetes.io/instance: {{ .Release.Name }}\n{{- end }}\n',
  'templates/config.yaml': `
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
  labels: {{- include "labels" . | nindent 4 }}
data:
  tag: {{ .Values.tag | quote }}
  empty: ""
{{- if .Capabilities.APIVersions.Has "policy/v1/PodDisruptionBudget" }}
  budgets: "yes"
{{- end }}
{{- with lookup "v1" "Namespace" "" "kube-system" }}
  found: {{ .metadata.name }}
{{- end }}
---
apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}
  annotations: {helm.sh/resource-policy: keep}
stringData: {password: secret}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: {{ .Release.Name }}}
automountServiceAccountToken: false
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: {{ .Release.Name }}}
rules: [{apiGroups: [""], resources: [configmaps], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: {{ .Release.Name }}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: {{ .Release.Name }}}
subjects: [{kind: ServiceAccount, name: {{ .Release.Name }}}]
`,
  'templates/set.yaml': `
apiVersion: v1
kind: Service
metadata: {name: {{ .Release.Name }}-db}
spec:
  clusterIP: None
  selector: {{- include "labels" . | nindent 4 }}
  ports: [{name: db, port: 5432, targetPort: db}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ .Release.Name }}-db
spec:
  serviceName: {{ .Release.Name }}-db
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {{- include "labels" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "labels" . | nindent 8 }}
      annotations:
        checksum/config: {{ include (print $.Template.BasePath "/config.yaml") . | sha256sum }}
    spec:
      serviceAccountName: {{ .Release.Name }}
      hostNetwork: false
      nodeSelector: {}
      tolerations: {{- toYaml .Values.tolerations | nindent 8 }}
      containers:
      - name: db
        image: "postgres:{{ .Values.tag }}"
        env: [{name: EMPTY, value: ""}]
        ports: [{name: db, containerPort: 5432}]
        resources: {requests: {cpu: 10m, memory: 16Mi}}
        volumeMounts: [{name: data, mountPath: /data}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec:
      accessModes: [ReadWriteOnce]
      storageClassName: by-hand
      resources: {requests: {storage: 1Mi}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: {{ .Release.Name }}-db}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{- include "labels" . | nindent 6 }}
`,
  'templates/deployment.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}-front}
spec:
  replicas: 1
  selector: {matchLabels: {front: {{ .Release.Name }}}}
  template:
    metadata: {labels: {front: {{ .Release.Name }}}}
    spec:
      securityContext: {}
      containers: [{name: front, image: "nginx:{{ .Values.tag }}", resources: {}}]
`,
  'templates/job.yaml': `
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-fill-{{ .Values.fill }}
spec:
  backoffLimit: 0
  template:
    ${shortPod('0', '    ')}
`,
  'templates/hooks.yaml': [
    hookJob('prepare', 'pre-install', 'helm.sh/hook-delete-policy: hook-succeeded', '0'),
    hookJob('after', 'post-install', 'helm.sh/hook-weight: "-5"', '0'),
    hookJob(
      'migrate',
      'pre-upgrade,pre-rollback',
      'helm.sh/hook-delete-policy: before-hook-creation',
      '{{ .Values.hookCode }}',
    ),
    hookJob('farewell', 'pre-delete', 'helm.sh/hook-delete-policy: hook-succeeded', '0'),
  ].join('---'),
  'templates/tests/test.yaml': `
apiVersion: v1
kind: Pod
${shortPod('{{ .Values.testCode }}', '').replace(
  'metadata:\n  annotations: {',
  'metadata:\n  name: {{ .Release.Name }}-test\n  annotations: {helm.sh/hook: test, helm.sh/hook-delete-policy: before-hook-creation, ',
)}
`,
};

interface Release {
  version: number;
  info: { status: string };
  hooks: { name: string; last_run: { phase: string } }[];
}

describe('Helm 3', function () {
  this.timeout(120_000);
  let plane: ControlPlane;
  let helm: Helm;
  let kubectl: Kubectl;
  let folder: string;
  let ns = '';

  before(async function () {
    const binary = await helmBinary().catch((error: Error) =>
      skip(this, { setup: `Helm (${error.message})` }),
    );
    folder = await mkdtemp(join(tmpdir(), 'chart-'));
    for (const [name, text] of Object.entries(CHART)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    plane = await startHollowCluster(2);
    helm = await createHelm(binary, plane.api.kubeconfig);
    kubectl = await createKubectl(plane.api.kubeconfig);
  });
  beforeEach(async () => {
    ns = await plane.namespace();
    // The volumes that an administrator has made for the claims of the chart.
    for (const at of [1, 2, 3])
      await plane.client.create(PERSISTENT_VOLUMES, {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: `${ns}-${at}` },
        spec: {
          accessModes: ['ReadWriteOnce'],
          capacity: { storage: '1Mi' },
          hostPath: { path: '/srv' },
          storageClassName: 'by-hand',
        },
      });
  });
  after(async () => {
    await helm?.close();
    await kubectl?.close();
    await plane?.stop();
    if (folder) await rm(folder, { recursive: true });
  });

  const h = (...args: string[]) => helm.ok(['-n', ns, ...args]);
  const release = async () => JSON.parse(await h('status', 'r', '-o', 'json')) as Release;
  const get = (what: string, path: string) =>
    kubectl.ok(['-n', ns, 'get', what, '-o', `jsonpath=${path}`]);
  const phases = async () =>
    Object.fromEntries((await release()).hooks.map(({ name, last_run }) => [name, last_run.phase]));
  const WAIT = ['--wait', '--wait-for-jobs', '--timeout', '60s'];

  it('installs, upgrades, rolls back, tests and uninstalls', async () => {
    assert.match(await h('install', 'r', folder, ...WAIT), /STATUS: deployed/);
    assert.deepEqual(await phases(), {
      'r-prepare': 'Succeeded',
      'r-after': 'Succeeded',
      'r-migrate': '',
      'r-farewell': '',
      'r-test': '',
    });
    assert.equal(await get('jobs', '{.items[*].metadata.name}'), 'r-after r-fill-1');
    assert.equal(await get('sts/r-db', '{.status.readyReplicas} {.metadata.generation}'), '2 1');
    assert.equal(
      await get('cm/r', '{.data}'),
      '{"budgets":"yes","empty":"","found":"kube-system","tag":"1"}',
    );

    const uids = async () =>
      (await plane.pods(ns, 'app.kubernetes.io/name=web')).map(({ metadata }) => metadata.uid);
    const before = await uids();
    assert.match(await h('upgrade', 'r', folder, ...WAIT), /Happy Helming/);
    assert.equal(await get('sts/r-db', '{.metadata.generation}'), '1', 'nothing has changed');
    assert.deepEqual(await uids(), before);

    await h('upgrade', 'r', folder, '--set', 'tag=2,fill=2,replicas=3', ...WAIT);
    assert.equal((await phases())['r-migrate'], 'Succeeded');
    assert.equal(await get('sts/r-db', '{.status.readyReplicas} {.status.updatedReplicas}'), '3 3');
    assert.equal(await get('pod/r-db-2', '{.spec.containers[0].image}'), 'postgres:2');
    assert.match(await h('test', 'r'), /Phase: +Succeeded/);

    await h('rollback', 'r', '1', ...WAIT);
    assert.equal(
      await get('deploy/r-front', '{.spec.template.spec.containers[0].image}'),
      'nginx:1',
    );
    assert.equal(await get('sts/r-db', '{.spec.replicas} {.status.readyReplicas}'), '2 2');
    assert.match(
      await h('history', 'r'),
      /1\s.*superseded.*Install complete[^]*3\s.*superseded.*Upgrade complete[^]*4\s.*deployed.*Rollback to 1/,
    );

    assert.match(await h('uninstall', 'r', '--wait', '--timeout', '60s'), /r" uninstalled/);
    assert.equal(await get('sts,deploy,svc,pdb,role', '{.items[*].metadata.name}'), '');
    assert.equal(await get('secret', '{.items[*].metadata.name}'), 'r', 'the policy keeps it');
    assert.equal(
      await get('pvc', '{.items[*].metadata.name}'),
      'data-r-db-0 data-r-db-1 data-r-db-2',
    );
  });

  it('reports failed hooks and tests, and --atomic restores the release before', async () => {
    await h('install', 'r', folder, '--set', 'testCode=3', ...WAIT);
    const test = await helm.run(['-n', ns, 'test', 'r']);
    assert.notEqual(test.code, 0);
    assert.match(test.stderr + test.stdout, /pod r-test failed/);
    const upgrade = await helm.run([
      '-n',
      ns,
      'upgrade',
      'r',
      folder,
      '--atomic',
      '--set',
      'tag=2,hookCode=1',
      ...WAIT,
    ]);
    assert.notEqual(upgrade.code, 0);
    assert.match(upgrade.stderr, /pre-upgrade hooks failed: [^]*BackoffLimitExceeded/);
    const { version, info } = await release();
    assert.deepEqual([version, info.status], [3, 'deployed']);
    assert.equal(await get('cm/r', '{.data.tag}'), '1');
  });

  it('creates nothing for dry runs and says why objects are refused', async () => {
    const dry = await h('install', 'r', folder, '--dry-run=server');
    assert.match(dry, /found: kube-system/);
    assert.equal(await get('sts,secret', '{.items[*].metadata.name}'), '');
    const refused = await helm.run(['-n', ns, 'install', 'r', folder, '--set', 'tolerations={x}']);
    assert.match(refused.stderr, /spec\.template\.spec\.tolerations/);
    assert.equal((await release()).info.status, 'failed');
  });

  it('takes a release of another over only when its labels say so', async () => {
    await kubectl.ok(['-n', ns, 'create', 'configmap', 'r', '--from-literal=a=b']);
    const refused = await helm.run(['-n', ns, 'install', 'r', folder]);
    assert.match(refused.stderr, /ConfigMap "r" .*exists and cannot be imported/);
    await kubectl.ok(['-n', ns, 'label', 'cm/r', 'app.kubernetes.io/managed-by=Helm']);
    await kubectl.ok([
      '-n',
      ns,
      'annotate',
      'cm/r',
      'meta.helm.sh/release-name=r',
      `meta.helm.sh/release-namespace=${ns}`,
    ]);
    await h('install', 'r', folder, ...WAIT);
    assert.equal(await get('cm/r', '{.data.tag} {.data.a}'), '1 b');
  });
});
