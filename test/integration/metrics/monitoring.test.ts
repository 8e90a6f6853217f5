// The API server and etcd serve the metrics that manifests/monitoring reads, to the identity that
// it has.
import assert from 'node:assert/strict';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { createAll, readManifests } from '../../../hack/cluster/addons.js';
import { createClient } from '../../../pkg/client/rest-client.js';
import { realEnv } from '../../../pkg/system/env.js';
import { issue } from '../../../pkg/system/pki/certificates.js';
import { startEtcd, type EtcdProcess } from '../../support/etcd-process.js';
import { expressions, selectorsOf } from '../../support/promql.js';
import { Api } from '../apiserver/harness.js';

/** The server of this test has no audit log. */
const OF_AUDIT = 'apiserver_audit_error_total';

/** The families of an exposition. */
const familiesOf = (text: string): Set<string> =>
  new Set([...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name!));

/** The metrics of a job in the rules and panels that no family has. */
function missing(job: string, families: ReadonlySet<string>): string[] {
  const read = expressions()
    .flatMap(selectorsOf)
    .filter(({ metric, labels }) => labels['job'] === job && metric !== 'up')
    .map(({ metric }) => metric);
  assert.ok(read.length > 5, job);
  const has = (name: string) =>
    families.has(name) || families.has(name.replace(/_(bucket|sum|count)$/, ''));
  return [...new Set(read)].filter((name) => !has(name));
}

describe('monitoring', function () {
  this.timeout(60_000);
  let etcd: EtcdProcess;
  let server: RunningApiServer;
  let prometheus: Api;

  before(async () => {
    etcd = await startEtcd();
    server = await startApiServer({ storage: { etcd: [etcd.endpoint] } });
    await server.ready();
    const { certPem: cert, keyPem: key } = server.pki.certificates['components/admin']!;
    const config = { server: server.url, ca: server.caPem, cert, key };
    const client = createClient(config, realEnv('test', 'error'));
    assert.equal(await createAll(client, readManifests('monitoring')), 4);
    await client.close();
    const account = {
      commonName: 'system:serviceaccount:monitoring:prometheus',
      organizations: ['system:serviceaccounts', 'system:serviceaccounts:monitoring'],
    };
    prometheus = new Api(server, issue({ ca: server.pki.ca, ...account, usages: ['client'] }));
  });
  after(async () => {
    prometheus?.close();
    await server?.stop();
    await etcd?.stop();
  });

  it('lets Prometheus read the metrics of the API server, and nothing else', async () => {
    const { status, bytes } = await prometheus.get('/metrics');
    assert.equal(status, 200);
    assert.deepEqual(missing('apiserver', familiesOf(bytes.toString())), [OF_AUDIT]);
    for (const path of ['namespaces/monitoring/secrets', 'namespaces/default/pods', 'nodes'])
      assert.equal((await prometheus.get(`/api/v1/${path}`)).status, 403, path);
  });

  it('names metrics of etcd as etcd does', async () => {
    const answer = await fetch(`${etcd.endpoint}/metrics`);
    assert.deepEqual(missing('etcd', familiesOf(await answer.text())), []);
  });
});
