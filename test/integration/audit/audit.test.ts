// The audit log of a server that runs from its flags.
import { strict as assert } from 'node:assert';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  eventually,
  type FlagServer,
  newFolder,
  removeFolder,
  startWithFlags,
} from '../../support/flag-server.js';
import { startWebhookServer } from '../../support/webhook-server.js';

interface Event {
  [field: string]: unknown;
  level: string;
  auditID: string;
  stage: string;
  verb: string;
  requestURI: string;
  user: { username?: string; groups?: string[] };
  impersonatedUser?: { username: string };
  responseStatus?: { code: number; reason?: string; message?: string; status?: string };
  objectRef?: Record<string, string>;
  requestObject?: Record<string, unknown>;
  responseObject?: Record<string, unknown>;
  annotations?: Record<string, string>;
}

const POLICY = `
apiVersion: audit.k8s.io/v1
kind: Policy
omitManagedFields: true
rules:
- level: None
  nonResourceURLs: ["/readyz*"]
- level: None
  users: ["system:apiserver"]
- level: RequestResponse
  resources: [{group: "", resources: [configmaps, pods]}]
- level: Metadata
  resources: [{group: "", resources: [secrets]}]
  omitStages: [RequestReceived]
- level: Request
`;

describe('audit log', function () {
  this.timeout(60_000);
  let folder: string;
  let server: FlagServer;
  const log = () => join(folder, 'audit.log');

  const events = async (file = log()): Promise<Event[]> =>
    (await readFile(file, 'utf8'))
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Event);

  /** The stages of one request, once the last is there. */
  const stagesOf = (auditID: string | string[] | undefined): Promise<Event[]> =>
    eventually(
      async () => {
        const mine = (await events()).filter((event) => event.auditID === auditID);
        return mine.at(-1)?.stage === 'ResponseComplete' && mine;
      },
      `the event of ${String(auditID)} is not written`,
    );

  before(async () => {
    folder = await newFolder();
    await writeFile(join(folder, 'policy.yaml'), POLICY);
    server = await startWithFlags(
      folder,
      [`--audit-policy-file=${join(folder, 'policy.yaml')}`, `--audit-log-path=${log()}`],
      ['plain,ann,2,"dev"'],
    );
  });
  after(async () => {
    await server.stop();
    await removeFolder(folder);
  });

  it('writes both stages of a creation with its objects, without managed fields', async () => {
    const answer = await server.ask('/api/v1/namespaces/default/configmaps', {
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { k: 'v' } },
      headers: { 'audit-id': 'chosen-by-me', 'x-forwarded-for': '10.1.2.3, nonsense' },
    });
    assert.equal(answer.headers['audit-id'], 'chosen-by-me');
    const [received, complete] = await stagesOf('chosen-by-me');
    assert.deepEqual(Object.keys(received!), [
      'kind',
      'apiVersion',
      'level',
      'auditID',
      'stage',
      'requestURI',
      'verb',
      'user',
      'sourceIPs',
      'objectRef',
      'requestReceivedTimestamp',
      'stageTimestamp',
    ]);
    assert.equal(received!.requestReceivedTimestamp, received!.stageTimestamp);
    assert.match(String(received!.stageTimestamp), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    assert.deepEqual(received!.sourceIPs, ['10.1.2.3', '127.0.0.1']);
    assert.deepEqual(received!.objectRef, {
      resource: 'configmaps',
      namespace: 'default',
      apiVersion: 'v1',
    });
    assert.equal(complete!.objectRef!['name'], 'a');
    assert.deepEqual(complete!.responseStatus, { metadata: {}, code: 201 });
    assert.deepEqual(complete!.user.username, 'root');
    assert.deepEqual(complete!.annotations, {
      'authorization.k8s.io/decision': 'allow',
      'authorization.k8s.io/reason': '',
    });
    assert.deepEqual((complete!.requestObject as { data: unknown }).data, { k: 'v' });
    const { metadata } = complete!.responseObject as { metadata: Record<string, unknown> };
    assert.ok(metadata['uid'] && !('managedFields' in metadata));
  });

  it('shows patches as they came, lists with their items, deletions with their options', async () => {
    const one = '/api/v1/namespaces/default/configmaps/a';
    const patch = await server.ask(one, {
      method: 'PATCH',
      body: { data: { k: 'w' } },
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    const list = await server.ask('/api/v1/configmaps');
    const gone = await server.ask(one, {
      method: 'DELETE',
      body: { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 3 },
    });
    assert.deepEqual([patch.status, list.status, gone.status], [200, 200, 200]);
    const last = async (answer: typeof patch) =>
      (await stagesOf(answer.headers['audit-id'])).at(-1)!;
    assert.deepEqual((await last(patch)).requestObject, { data: { k: 'w' } });
    const listed = await last(list);
    assert.equal(listed.verb, 'list');
    assert.ok((listed.responseObject as { items: unknown[] }).items.length);
    assert.ok(!JSON.stringify(listed.responseObject).includes('managedFields'));
    const deleted = await last(gone);
    assert.equal((deleted.requestObject as { gracePeriodSeconds: number }).gracePeriodSeconds, 3);
    assert.equal(deleted.responseStatus!.status, 'Success');
    assert.equal(deleted.responseStatus!.code, 200);
  });

  it('keeps the objects of secrets out, and omits the stage that the rule omits', async () => {
    const { headers } = await server.ask('/api/v1/namespaces/default/secrets', {
      body: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 's' },
        stringData: { p: 'hidden' },
      },
    });
    const stages = await stagesOf(headers['audit-id']);
    assert.deepEqual(
      stages.map(({ stage }) => stage),
      ['ResponseComplete'],
    );
    assert.ok(!(await readFile(log(), 'utf8')).includes('hidden'));
    assert.ok(!(await readFile(log(), 'utf8')).includes(Buffer.from('hidden').toString('base64')));
  });

  it('names who acted as whom, also where that is refused', async () => {
    const asked = await server.ask('/api/v1/namespaces/default/services', {
      headers: { 'impersonate-user': 'bob' },
    });
    const refused = await server.ask('/api/v1/namespaces/default/services', {
      token: 'plain',
      headers: { 'impersonate-user': 'root' },
    });
    assert.deepEqual([asked.status, refused.status], [403, 403]);
    const [received, complete] = await stagesOf(asked.headers['audit-id']);
    assert.equal(received!.impersonatedUser, undefined);
    assert.deepEqual(
      [complete!.user.username, complete!.impersonatedUser!.username],
      ['root', 'bob'],
    );
    assert.equal(complete!.annotations!['authorization.k8s.io/decision'], 'forbid');
    assert.equal(complete!.responseStatus!.reason, 'Forbidden');
    const denied = (await stagesOf(refused.headers['audit-id'])).at(-1)!;
    assert.deepEqual([denied.user.username, denied.impersonatedUser], ['ann', undefined]);
    assert.equal(denied.responseStatus!.code, 403);
  });

  it('writes requests whose credentials are refused', async () => {
    const { headers, status } = await server.ask('/api', { token: 'wrong' });
    assert.equal(status, 401);
    const event = await eventually(
      async () => (await events()).find(({ auditID }) => auditID === headers['audit-id']),
      'no event',
    );
    assert.equal(event.stage, 'ResponseStarted');
    assert.deepEqual(event.user, {});
    assert.deepEqual(event.responseStatus, {
      metadata: {},
      status: 'Failure',
      message: 'Authentication failed, attempted: bearer',
      reason: 'Unauthorized',
      code: 401,
    });
  });

  it('writes the start of a watch while it lasts, and its end', async () => {
    const { headers } = await server.ask('/api/v1/services?watch=1&timeoutSeconds=1');
    const stages = await stagesOf(headers['audit-id']);
    assert.deepEqual(
      stages.map(({ stage, responseStatus }) => [stage, responseStatus?.code]),
      [
        ['RequestReceived', undefined],
        ['ResponseStarted', 200],
        ['ResponseComplete', 200],
      ],
    );
  });

  it('annotates what Pod Security found', async () => {
    await server.ask('/api/v1/namespaces', {
      body: {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name: 'strict',
          labels: {
            'pod-security.kubernetes.io/enforce': 'baseline',
            'pod-security.kubernetes.io/audit': 'restricted',
          },
        },
      },
    });
    await server.ask('/api/v1/namespaces/strict/serviceaccounts', {
      body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } },
    });
    const { headers, status } = await server.ask('/api/v1/namespaces/strict/pods', {
      body: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'p' },
        spec: { containers: [{ name: 'c', image: 'i' }] },
      },
    });
    assert.equal(status, 201);
    const { annotations } = (await stagesOf(headers['audit-id'])).at(-1)!;
    assert.equal(annotations!['pod-security.kubernetes.io/enforce-policy'], 'baseline:latest');
    assert.match(
      annotations!['pod-security.kubernetes.io/audit-violations']!,
      /^would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false/,
    );
  });

  it('writes nothing where the policy says so, and counts', async () => {
    await server.ask('/readyz');
    assert.ok(!(await events()).some(({ requestURI }) => requestURI.startsWith('/readyz')));
    const { text } = await server.ask('/metrics');
    assert.match(text, /^apiserver_audit_event_total \d+/m);
    assert.match(text, /^apiserver_audit_level_total\{level="None"\} \d+/m);
    assert.match(text, /^apiserver_audit_level_total\{level="RequestResponse"\} \d+/m);
    assert.equal((await stat(log())).mode & 0o077, 0);
  });
});

describe('audit log, other ways', function () {
  this.timeout(60_000);
  let folder: string;
  const closing: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    folder = await newFolder();
    await writeFile(
      join(folder, 'policy.yaml'),
      'apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules: [{level: RequestResponse}]\n',
    );
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    await removeFolder(folder);
  });
  const start = async (...flags: string[]) => {
    const server = await startWithFlags(folder, [
      `--audit-policy-file=${join(folder, 'policy.yaml')}`,
      ...flags,
    ]);
    closing.push(() => server.stop());
    return server;
  };

  it('rotates by size, and keeps as many files as it may', async () => {
    const path = join(folder, 'logs', 'audit.log');
    const server = await start(
      `--audit-log-path=${path}`,
      '--audit-log-maxsize=1',
      '--audit-log-maxbackup=2',
      '--audit-log-compress=true',
    );
    const data = { k: 'x'.repeat(300_000) };
    for (let n = 0; n < 8; n++)
      await server.ask('/api/v1/namespaces/default/configmaps', {
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `c${n}` }, data },
      });
    const names = await eventually(async () => {
      const found = (await readdir(join(folder, 'logs'))).toSorted();
      return (
        found.length === 3 &&
        found.every((name) => name === 'audit.log' || name.endsWith('.gz')) &&
        found
      );
    }, 'old files stay');
    assert.match(names[0]!, /^audit-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\.log\.gz$/);
  });

  it('writes lines of the legacy format', async () => {
    const path = join(folder, 'audit.log');
    const server = await start(`--audit-log-path=${path}`, '--audit-log-format=legacy');
    const { headers } = await server.ask('/api/v1/namespaces/default/pods?a="b"');
    const id = String(headers['audit-id']);
    const line = await eventually(
      async () => (await readFile(path, 'utf8')).split('\n').find((one) => one.includes(id)),
      'no line',
    );
    assert.match(
      line,
      /^\S+Z AUDIT: id="[0-9a-f-]{36}" stage="ResponseComplete" ip="127\.0\.0\.1" method="list" user="root" groups="\\"system:masters\\",\\"system:authenticated\\"" as="<self>" asgroups="<lookup>" user-agent="" namespace="default" uri="\S+" response="200"$/,
    );
  });

  async function receiver(handle: (list: unknown) => number): Promise<string> {
    const web = await startWebhookServer(({ review, answer }) => {
      answer.writeHead(handle(review)).end();
    });
    closing.push(() => web.stop());
    const file = join(folder, 'webhook.yaml');
    await writeFile(
      file,
      `clusters: [{name: a, cluster: {server: "${web.url}/audit", certificate-authority-data: ${web.caBundle}}}]\ncontexts: [{name: a, context: {cluster: a, user: ""}}]\ncurrent-context: a\n`,
    );
    return file;
  }

  it('sends batches to a webhook, again after failures, and the rest at the stop', async () => {
    const got: Event[] = [];
    let failures = 1;
    const file = await receiver((body) => {
      if (failures-- > 0) return 503;
      const list = body as { kind: string; items: Event[] };
      assert.equal(list.kind, 'EventList');
      got.push(...list.items);
      return 200;
    });
    const server = await startWithFlags(folder, [
      `--audit-policy-file=${join(folder, 'policy.yaml')}`,
      `--audit-webhook-config-file=${file}`,
      '--audit-webhook-initial-backoff=10ms',
      '--audit-webhook-batch-max-wait=50ms',
    ]);
    const first = await server.ask('/api/v1/pods');
    await eventually(
      () => got.some(({ auditID }) => auditID === first.headers['audit-id']),
      'no event at the webhook',
    );
    const last = await server.ask('/api/v1/nodes');
    await server.stop();
    assert.ok(got.some(({ auditID }) => auditID === last.headers['audit-id']));
  });

  it('refuses requests in strict mode while events cannot be stored', async () => {
    await writeFile(
      join(folder, 'policy.yaml'),
      'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None, nonResourceURLs: ["*"]}, {level: None, users: ["system:apiserver"]}, {level: Metadata}]\n',
    );
    let works = false;
    const file = await receiver(() => (works ? 200 : 400));
    const server = await start(
      `--audit-webhook-config-file=${file}`,
      '--audit-webhook-mode=blocking-strict',
    );
    const refused = await server.ask('/api/v1/namespaces', {
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } },
    });
    assert.equal(refused.status, 500);
    assert.match(refused.text, /failed to store audit event/);
    works = true;
    assert.equal((await server.ask('/api/v1/namespaces/n')).status, 404);
    const { text } = await server.ask('/metrics');
    assert.match(text, /^apiserver_audit_requests_rejected_total 1$/m);
    assert.match(text, /^apiserver_audit_error_total\{plugin="webhook"\} [12]$/m);
  });

  it('refuses policies that cannot be read', async () => {
    await writeFile(join(folder, 'policy.yaml'), 'kind: Policy\napiVersion: audit.k8s.io/v1\n');
    await assert.rejects(
      start(`--audit-log-path=${join(folder, 'audit.log')}`),
      /loading audit policy file: loaded illegal policy with 0 rules/,
    );
  });
});
