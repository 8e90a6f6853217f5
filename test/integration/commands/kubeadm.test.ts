// kubeadm against the real API server and the controllers of bootstrap tokens.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIG_MAPS, SECRETS } from '../../../pkg/apis/resource-types.js';
import { exec, tryExec } from '../../../pkg/system/exec.js';
import { ensureClusterPki, ensureKubeconfigs } from '../../../pkg/system/pki/cluster-pki.js';
import { ROOT } from '../../support/root.js';
import {
  BOUND_MS,
  eventually,
  startControlPlane,
  type ControlPlane,
} from '../../support/control-plane.js';

const GROUP = 'system:bootstrappers:kubeadm:default-node-token';
const TOKEN = 'abcdef.0123456789abcdef';

describe('kubeadm', function () {
  this.timeout(4 * BOUND_MS);
  let plane: ControlPlane;
  let dir: string;

  const run = (words: string[], kubeconfig = plane.api.kubeconfig) =>
    tryExec([join(ROOT, 'hack/plugins/kubeadm'), ...words], {
      env: { HOME: dir, KUBECONFIG: kubeconfig, PATH: process.env['PATH'] ?? '' },
    });
  const kubeadm = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(words);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const refused = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(words);
    assert.equal(code, 1, stdout);
    return stderr;
  };
  const secret = (id: string) =>
    plane.client.get(SECRETS, { namespace: 'kube-system', name: `bootstrap-token-${id}` });
  const fieldsOf = async (id: string) =>
    Object.fromEntries(
      Object.entries((await secret(id)).data ?? {}).map(([key, text]) => [key, atob(text)]),
    );

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'wheelhouse-kubeadm-'));
    plane = await startControlPlane(['--controllers=*,bootstrapsigner,tokencleaner']);
  });
  after(async () => {
    await plane.stop();
    rmSync(dir, { recursive: true });
  });

  it('creates, lists and deletes tokens', async () => {
    assert.equal(await kubeadm('token', 'list'), '');
    const begun = Date.now();
    const token = (await kubeadm('token', 'create')).trim();
    assert.match(token, /^[a-z0-9]{6}\.[a-z0-9]{16}$/);
    const [id, value] = token.split('.') as [string, string];
    const { expiration = '', ...fields } = await fieldsOf(id);
    assert.deepEqual(fields, {
      'token-id': id,
      'token-secret': value,
      'usage-bootstrap-signing': 'true',
      'usage-bootstrap-authentication': 'true',
      'auth-extra-groups': GROUP,
    });
    const livesMs = Date.parse(expiration) - begun;
    assert.ok(livesMs > 86_390_000 && livesMs < 86_400_000 + BOUND_MS, expiration);
    const [head = '', line = ''] = (await kubeadm('token', 'list')).trimEnd().split('\n');
    assert.match(head, /^TOKEN {21}TTL {7}EXPIRES {16}USAGES {19}DESCRIPTION {3}EXTRA GROUPS$/);
    assert.deepEqual(line.split(/ {2,}/), [
      token,
      '23h',
      expiration,
      'authentication,signing',
      '<none>',
      GROUP,
    ]);
    assert.equal(await kubeadm('token', 'delete', id), `bootstrap token "${id}" deleted\n`);
    assert.equal(await kubeadm('token', 'list'), '');
  });

  it('prints tokens as JSON and as YAML', async () => {
    await kubeadm('token', 'create', TOKEN, '--ttl=0', '--description=for a test');
    const token = {
      kind: 'BootstrapToken',
      apiVersion: 'output.kubeadm.k8s.io/v1alpha3',
      token: TOKEN,
      description: 'for a test',
      usages: ['authentication', 'signing'],
      groups: [GROUP],
    };
    assert.equal(
      await kubeadm('token', 'list', '-o', 'json'),
      `${JSON.stringify(token, null, 4)}\n`,
    );
    assert.equal(
      await kubeadm('token', 'list', '-oyaml'),
      `apiVersion: output.kubeadm.k8s.io/v1alpha3
description: for a test
groups:
  - ${GROUP}
kind: BootstrapToken
token: ${TOKEN}
usages:
  - authentication
  - signing
`,
    );
    assert.match(await kubeadm('token', 'list'), /<forever> {3}<never>/);
    assert.match(
      await refused('token', 'create', TOKEN),
      /a token with id "abcdef" already exists/,
    );
    const second = await kubeadm('token', 'generate');
    await kubeadm('token', 'create', second.trim());
    assert.equal(
      await kubeadm('token', 'delete', TOKEN, second.trim()),
      `bootstrap token "abcdef" deleted\nbootstrap token "${second.slice(0, 6)}" deleted\n`,
    );
  });

  it("refuses what is wrong with upstream's texts, and creates nothing", async () => {
    const cases: readonly [words: string[], text: string][] = [
      [
        ['abc'],
        'the bootstrap token "abc" was not of the form "\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z"',
      ],
      [
        ['--usages=signing,flying'],
        'invalid bootstrap token usage string: flying, valid usage options: signing,authentication',
      ],
      [
        ['--usages=signing'],
        'token groups cannot be specified unless --usages includes "authentication"',
      ],
      [
        ['--groups=system:masters'],
        'bootstrap group "system:masters" is invalid (must match \\Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\\z)',
      ],
    ];
    for (const [words, text] of cases) {
      const said = await refused('token', 'create', ...words);
      assert.ok(said.includes(text), said);
    }
    assert.equal(await kubeadm('token', 'list'), '');
    const said = await refused('token', 'delete', 'ABCDEF');
    assert.ok(said.includes(`given token "ABCDEF" didn't match pattern`), said);
    assert.match(await refused('token', 'delete', 'abcdef'), /"bootstrap-token-abcdef" not found/);
    assert.match(await refused('token'), /^missing subcommand; "token" is not meant to be run/);
    assert.match(await refused('token', 'steal'), /^invalid subcommand: "steal"/);
    for (const name of ['joyn', 'constructor'])
      assert.match(await refused(name), new RegExp(`^unknown command "${name}" for "kubeadm"`));
  });

  it('passes over secrets that are no tokens, and says so', async () => {
    const metadata = { namespace: 'kube-system', name: 'bootstrap-token-zzzzzz' };
    await plane.client.create(SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      type: 'bootstrap.kubernetes.io/token',
      stringData: { 'token-id': 'yyyyyy', 'token-secret': '0123456789abcdef' },
    });
    const { code, stdout, stderr } = await run(['token', 'list']);
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(stderr, /bootstrap Token Secret is invalid: bootstrap-token-zzzzzz/);
    await plane.client.delete(SECRETS, metadata);
  });

  it('prints the command of a machine that joins, with the hash of the authority', async () => {
    const { caPem } = plane.api;
    const metadata = { namespace: 'kube-public', name: 'cluster-info' };
    const data = Buffer.from(caPem).toString('base64');
    const cluster = `{ server: "https://10.0.0.1:6443", certificate-authority-data: ${data} }`;
    const kubeconfig = `clusters: [{ name: "", cluster: ${cluster} }]\n`;
    assert.match(
      await refused('token', 'create', TOKEN, '--print-join-command'),
      /configmaps "cluster-info" not found/,
    );
    assert.equal(await kubeadm('token', 'list'), '', 'no token is left without its command');
    await plane.client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { kubeconfig },
    });
    const file = join(dir, 'ca.crt');
    writeFileSync(file, caPem);
    // As the manual of upstream's kubeadm computes it.
    const script = `openssl x509 -pubkey -in ${file} | openssl pkey -pubin -outform der | openssl dgst -sha256 -hex`;
    const hex = (await exec(['sh', '-c', script])).trim().split(' ').at(-1);
    const words = ['--token', 'fedcba.0123456789abcdef', '--discovery-token-ca-cert-hash'];
    assert.equal(
      await kubeadm('token', 'create', 'fedcba.0123456789abcdef', '--print-join-command'),
      `kubeadm join 10.0.0.1:6443 ${words.join(' ')} sha256:${hex}\n`,
    );
    await eventually('the token signs cluster-info', async () => {
      const { data: signed = {} } = await plane.client.get(CONFIG_MAPS, metadata);
      return signed['jws-kubeconfig-fedcba'] !== undefined;
    });
    await kubeadm('token', 'delete', 'fedcba');
  });

  it('shows when certificates and authorities expire, and what is missing', async () => {
    const at = (name: string) => join(dir, name);
    const now = Date.now();
    const pki = await ensureClusterPki(at('pki'), { nodes: [{ name: 'n1', addresses: [] }], now });
    await ensureKubeconfigs(at('conf'), pki, 'https://127.0.0.1:6443');
    rmSync(at('pki/etcd/ca.key'));
    rmSync(at('pki/apiserver.crt'));
    const flags = [`--cert-dir=${at('pki')}`, `--kubeconfig-dir=${at('conf')}`];
    const [leaves = '', authorities = ''] = (
      await kubeadm('certs', 'check-expiration', ...flags)
    ).split('\n\n');
    const cells = (table: string) =>
      table
        .trimEnd()
        .split('\n')
        .map((row) => row.split(/ {2,}/));
    const [head, ...rows] = cells(leaves);
    assert.deepEqual(head, [
      'CERTIFICATE',
      'EXPIRES',
      'RESIDUAL TIME',
      'CERTIFICATE AUTHORITY',
      'EXTERNALLY MANAGED',
    ]);
    const row = (name: string) => rows.find(([first]) => first === name)?.slice(2);
    assert.deepEqual(row('apiserver-etcd-client'), ['364d', 'etcd-ca', 'yes']);
    assert.deepEqual(row('etcd-server'), ['364d', 'etcd-ca', 'yes']);
    assert.deepEqual(row('front-proxy-client'), ['364d', 'front-proxy-ca', 'no']);
    assert.deepEqual(row('nodes-n1-kubelet'), ['364d', 'ca', 'no']);
    assert.deepEqual(row('admin.conf'), ['364d', 'ca', 'no']);
    assert.deepEqual(rows.at(-1), ['!MISSING! apiserver']);
    const enddate = ['openssl', 'x509', '-noout', '-enddate', '-in', at('pki/ca.crt')];
    const [, month, day, clock, year] = /=(\w+) +(\d+) (\S+) (\d+) GMT/.exec(await exec(enddate))!;
    const shown = `${month} ${day!.padStart(2, '0')}, ${year} ${clock!.slice(0, 5)} UTC`;
    assert.deepEqual(cells(authorities), [
      ['CERTIFICATE AUTHORITY', 'EXPIRES', 'RESIDUAL TIME', 'EXTERNALLY MANAGED'],
      ['ca', shown, '9y', 'no'],
      ['etcd-ca', shown, '9y', 'yes'],
      ['front-proxy-ca', shown, '9y', 'no'],
    ]);
  });

  it('takes the kubeconfig of the flag before that of the environment', async () => {
    const { code, stderr } = await run(['token', 'list'], join(dir, 'none'));
    assert.equal(code, 1);
    assert.match(stderr, /\/etc\/kubernetes\/admin\.conf/);
    const flag = `--kubeconfig=${plane.api.kubeconfig}`;
    assert.equal((await run(['token', 'list', flag], join(dir, 'none'))).code, 0);
  });
});
