// The Python client (Debian's python3-kubernetes) as user scripts use it. A Python process prints
// its results as JSON.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { startApiServer, type RunningApiServer } from '../../cmd/kube-apiserver/start.js';

/** Debian's interpreter; another interpreter on PATH does not find Debian's packages. */
const PYTHON = '/usr/bin/python3';

const HEAD = `
import json, sys, threading
from kubernetes import client, config, watch
from kubernetes.client.rest import ApiException
config.load_kube_config(sys.argv[1])
v1 = client.CoreV1Api()
apps = client.AppsV1Api()
out = {}
def meta(name, **more): return client.V1ObjectMeta(name=name, **more)
`;

describe('python3-kubernetes', function () {
  this.timeout(60_000);
  let server: RunningApiServer;
  before(async () => {
    server = await startApiServer();
    await server.ready();
  });
  after(() => server.stop());

  function python(script: string): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const child = spawn(
        PYTHON,
        ['-c', `${HEAD}${script}\nprint(json.dumps(out))`, server.kubeconfig],
        { timeout: 50_000 },
      );
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      child.on('error', reject);
      child.on('close', (code) =>
        code === 0
          ? resolve(JSON.parse(stdout) as Record<string, unknown>)
          : reject(new Error(`python ended with ${code}: ${stderr}`)),
      );
    });
  }

  it('creates, lists, patches, replaces and deletes', async () => {
    const out = await python(`
for name in 'abc': v1.create_namespaced_config_map('default', client.V1ConfigMap(metadata=meta(name, labels={'set': 'py'}), data={'k': name}))
page = v1.list_namespaced_config_map('default', label_selector='set=py', limit=2)
rest = v1.list_namespaced_config_map('default', label_selector='set=py', limit=2, _continue=page.metadata._continue)
out['names'] = [i.metadata.name for i in page.items + rest.items]
one = v1.patch_namespaced_config_map('a', 'default', {'data': {'k': None, 'l': '2'}})
out['patched'] = one.data
out['json_patch'] = v1.patch_namespaced_config_map('a', 'default', [{'op': 'add', 'path': '/data/m', 'value': '3'}]).data
stale = v1.read_namespaced_config_map('b', 'default')
v1.patch_namespaced_config_map('b', 'default', {'data': {'x': 'y'}})
try: v1.replace_namespaced_config_map('b', 'default', stale)
except ApiException as e: out['conflict'] = [e.status, json.loads(e.body)['reason']]
out['deleted'] = v1.delete_namespaced_config_map('c', 'default').status
try: v1.read_namespaced_config_map('c', 'default')
except ApiException as e: out['missing'] = [e.status, json.loads(e.body)['message']]
v1.delete_collection_namespaced_config_map('default', label_selector='set=py')
out['left'] = len(v1.list_config_map_for_all_namespaces(label_selector='set=py').items)
`);
    assert.deepEqual(out, {
      names: ['a', 'b', 'c'],
      patched: { l: '2' },
      json_patch: { l: '2', m: '3' },
      conflict: [409, 'Conflict'],
      deleted: 'Success',
      missing: [404, 'configmaps "c" not found'],
      left: 0,
    });
  });

  it('works with deployments, scales, services, nodes and untyped objects', async () => {
    const out = await python(`
labels = {'app': 'web'}
spec = client.V1DeploymentSpec(replicas=1, selector=client.V1LabelSelector(match_labels=labels), template=client.V1PodTemplateSpec(metadata=client.V1ObjectMeta(labels=labels), spec=client.V1PodSpec(containers=[client.V1Container(name='c', image='nginx', ports=[client.V1ContainerPort(container_port=80)])])))
apps.create_namespaced_deployment('default', client.V1Deployment(metadata=meta('web'), spec=spec))
apps.patch_namespaced_deployment_scale('web', 'default', {'spec': {'replicas': 4}})
d = apps.read_namespaced_deployment('web', 'default')
out['replicas'] = d.spec.replicas
d.spec.template.spec.containers[0].image = 'nginx:2'
out['image'] = apps.replace_namespaced_deployment('web', 'default', d).spec.template.spec.containers[0].image
s = v1.create_namespaced_service('default', client.V1Service(metadata=meta('web'), spec=client.V1ServiceSpec(selector=labels, type='NodePort', ports=[client.V1ServicePort(port=80)])))
out['service'] = [s.spec.cluster_ip.startswith('10.100.'), s.spec.ports[0].node_port >= 30000]
v1.create_node(client.V1Node(metadata=meta('n1')))
v1.patch_node('n1', {'spec': {'unschedulable': True}})
out['unschedulable'] = [n.metadata.name for n in v1.list_node(field_selector='spec.unschedulable=true').items]
apps.delete_namespaced_deployment('web', 'default', propagation_policy='Background')
out['namespaces'] = [n.metadata.name for n in v1.list_namespace().items][:2]
for api in (client.RbacAuthorizationV1Api().list_cluster_role, client.StorageV1Api().list_storage_class, client.NetworkingV1Api().list_ingress_for_all_namespaces, client.CoreV1Api().list_event_for_all_namespaces, client.CoordinationV1Api().list_lease_for_all_namespaces, client.DiscoveryV1Api().list_endpoint_slice_for_all_namespaces, client.PolicyV1Api().list_pod_disruption_budget_for_all_namespaces, client.BatchV1Api().list_cron_job_for_all_namespaces, client.AutoscalingV1Api().list_horizontal_pod_autoscaler_for_all_namespaces, client.CertificatesV1Api().list_certificate_signing_request, client.SchedulingV1Api().list_priority_class): api()
review = client.AuthorizationV1Api().create_self_subject_access_review(client.V1SelfSubjectAccessReview(spec=client.V1SelfSubjectAccessReviewSpec(resource_attributes=client.V1ResourceAttributes(verb='get', resource='pods'))))
out['allowed'] = review.status.allowed
out['version'] = client.VersionApi().get_code().git_version[:5]
`);
    assert.deepEqual(out, {
      replicas: 4,
      image: 'nginx:2',
      service: [true, true],
      unschedulable: ['n1'],
      namespaces: ['default', 'kube-node-lease'],
      allowed: true,
      version: 'v1.32',
    });
  });

  it('watches typed objects until the watch ends', async () => {
    const out = await python(`
start = v1.list_namespaced_secret('default').metadata.resource_version
def write():
    api = client.CoreV1Api()
    api.create_namespaced_secret('default', client.V1Secret(metadata=meta('w'), string_data={'a': 'b'}))
    api.patch_namespaced_secret('w', 'default', {'metadata': {'labels': {'x': 'y'}}})
    api.delete_namespaced_secret('w', 'default')
threading.Timer(0.2, write).start()
w = watch.Watch()
seen = []
for event in w.stream(v1.list_namespaced_secret, 'default', resource_version=start, timeout_seconds=20):
    seen.append([event['type'], event['object'].metadata.name])
    if event['type'] == 'DELETED': w.stop()
out['seen'] = seen
out['ended'] = len(list(watch.Watch().stream(v1.list_namespaced_secret, 'default', timeout_seconds=1)))
`);
    assert.deepEqual(out, {
      seen: [
        ['ADDED', 'w'],
        ['MODIFIED', 'w'],
        ['DELETED', 'w'],
      ],
      ended: 0,
    });
  });

  it('discovers resources and applies untyped objects', async () => {
    const out = await python(`
from kubernetes import dynamic, utils
import tempfile, os
folder = tempfile.mkdtemp()
dyn = dynamic.DynamicClient(client.ApiClient(), cache_file=os.path.join(folder, 'cache'))
maps = dyn.resources.get(api_version='v1', kind='ConfigMap')
body = {'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'dyn'}, 'data': {'a': '1'}}
maps.create(body=body, namespace='default')
out['merged'] = maps.patch(name='dyn', namespace='default', body={'data': {'b': '2'}}, content_type='application/merge-patch+json').to_dict()['data']
applied = maps.server_side_apply(body=json.dumps(dict(body, data={'a': '9'})), name='dyn', namespace='default', field_manager='py', force_conflicts=True)
out['applied'] = applied.to_dict()['data']
utils.create_from_dict(client.ApiClient(), {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {'name': 'fd'}, 'spec': {'selector': {'matchLabels': {'a': 'b'}}, 'template': {'metadata': {'labels': {'a': 'b'}}, 'spec': {'containers': [{'name': 'c', 'image': 'i'}]}}}})
out['deployments'] = [d.metadata.name for d in apps.list_namespaced_deployment('default').items]
maps.delete(name='dyn', namespace='default')
`);
    assert.deepEqual(out, {
      merged: { a: '1', b: '2' },
      applied: { a: '9', b: '2' },
      deployments: ['fd'],
    });
  });
});
