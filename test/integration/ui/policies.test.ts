// The tab of a pod that says which network policies apply to the pod, and what they say to a
// connection.
import type { Page } from 'playwright-core';
import type { Json } from '../apiserver/harness.js';
import { becomes, openStage, pod, put, WAIT, type Stage } from './stage.js';

const SHOP = '/api/v1/namespaces/shop';
const POLICIES = '/apis/networking.k8s.io/v1/namespaces';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const NODE_IP = '192.0.2.10';

describe('network policies in the web UI', function () {
  this.timeout(180_000);
  let stage: Stage;
  let url: string;

  const placed = (name: string, ips: string[], labels: Json, spec: Json = {}): Json => {
    const base = pod(name, 'node-a', undefined, { labels });
    const status = { podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) };
    const node = { hostIP: NODE_IP, hostIPs: [{ ip: NODE_IP }] };
    return {
      ...base,
      spec: { ...base.spec, ...spec },
      status: { ...base.status, ...status, ...node },
    };
  };
  const policy = (namespace: string, name: string, spec: Json) =>
    put(stage.api, `${POLICIES}/${namespace}/networkpolicies`, { metadata: { name }, spec });

  before(async () => {
    stage = await openStage();
    url = await stage.proxy();
    const { api } = stage;
    const named = [{ name: 'http', containerPort: 8080 }];
    const web = { containers: [{ name: 'main', image: 'busybox:1', ports: named }] };
    for (const [name, labels] of [
      ['shop', {}],
      ['desk', { team: 'desk' }],
    ] as const) {
      await put(api, '/api/v1/namespaces', { metadata: { name, labels } });
      await api.call('POST', `/api/v1/namespaces/${name}/serviceaccounts`, {
        metadata: { name: 'default' },
      });
    }
    await put(api, `${SHOP}/pods`, placed('web', ['10.1.0.1', 'fd00::1'], { app: 'web' }, web));
    await put(api, `${SHOP}/pods`, placed('client', ['10.1.0.2'], { app: 'client' }));
    await put(api, `${SHOP}/pods`, placed('free', ['10.1.0.3'], {}));
    await put(api, `${SHOP}/pods`, placed('agent', [NODE_IP], {}, { hostNetwork: true }));
    await put(api, '/api/v1/namespaces/desk/pods', placed('clerk', ['10.2.0.1'], {}));
    await policy('shop', 'web', {
      podSelector: { matchLabels: { app: 'web' } },
      ingress: [
        {
          from: [
            { podSelector: { matchLabels: { app: 'client' } } },
            { namespaceSelector: { matchLabels: { team: 'desk' } } },
          ],
          ports: [{ port: 'http' }, { protocol: 'UDP', port: 5000, endPort: 5010 }],
        },
        { from: [{ ipBlock: { cidr: '198.51.100.0/24', except: ['198.51.100.128/25'] } }] },
      ],
    });
    await policy('shop', 'silent', {
      podSelector: { matchLabels: { app: 'client' } },
      policyTypes: ['Ingress', 'Egress'],
      egress: [{ ports: [{ port: 8080 }] }],
    });
    await policy('desk', 'closed', { podSelector: {}, policyTypes: ['Egress'] });
    const view = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
    await put(api, `${RBAC}/namespaces/shop/rolebindings`, {
      metadata: { name: 'reader' },
      roleRef: view,
      subjects: [{ kind: 'User', name: 'reader', apiGroup: 'rbac.authorization.k8s.io' }],
    });
  });
  after(() => stage?.stop());

  const open = async (name: string, address = url): Promise<Page> => {
    const page = await stage.page();
    await page.goto(`${address}/ui/#/object/core/v1/pods/shop/${name}?tab=policies`);
    return page;
  };
  const section = (page: Page, title: string) =>
    page.locator('.policies section', { has: page.getByRole('heading', { name: title }) });
  /** Asks by keyboard alone, and waits for the sentences of the answer. */
  const ask = async (page: Page, way: string, peer: string, port: string, protocol = 'TCP') => {
    await page.getByLabel('Direction').selectOption(way);
    await page.getByLabel('Protocol').selectOption(protocol);
    await page.getByLabel('Port', { exact: true }).fill(port);
    await page.getByLabel('Pod, namespace/pod or address').fill(peer);
    await page.keyboard.press('Enter');
  };
  const answers = async (page: Page, mark: string, ...sentences: RegExp[]) => {
    await page.locator('.answer .mark', { hasText: mark }).first().waitFor(WAIT);
    for (const sentence of sentences)
      await page.locator('.answer li').filter({ hasText: sentence }).first().waitFor(WAIT);
  };

  it('says who may talk to a pod, and by which rule of which policy', async () => {
    const page = await open('web');
    const rules = section(page, 'Who may talk to this pod');
    await becomes(
      () => rules.locator('ol li').allTextContents(),
      [
        'pods with app=client in namespace shop or all pods in namespaces with team=desk' +
          ' · TCP port named http, UDP 5000–5010',
        'addresses 198.51.100.0/24 except for 198.51.100.128/25 · every port',
      ],
    );
    await section(page, 'Whom this pod may talk to').getByText('No policy selects').waitFor(WAIT);
    await rules.getByRole('link', { name: 'web' }).click();
    await page.getByRole('heading', { name: 'NetworkPolicy web' }).waitFor(WAIT);
    await page.context().close();
  });

  it('shows a policy when it comes, and the direction open again when it goes', async () => {
    const page = await open('free');
    const rules = section(page, 'Who may talk to this pod');
    await rules.getByText('No policy selects').waitFor(WAIT);
    await policy('shop', 'none', {
      podSelector: { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] },
    });
    await rules.getByText('It has no rule for this direction').waitFor(WAIT);
    await ask(page, 'From', 'client', '8080');
    await answers(page, 'Refused', /Reaching shop\/free: refused, because.* none/);
    await stage.api.ok(stage.api.delete(`${POLICIES}/shop/networkpolicies/none`));
    await rules.getByText('No policy selects').waitFor(WAIT);
    await answers(page, 'Allowed', /Reaching shop\/free: no policy selects/);
    await page.context().close();
  });

  it('judges a connection from or to a pod, at both of its ends', async () => {
    const page = await open('web');
    await ask(page, 'From', 'client', '8080');
    await answers(
      page,
      'Allowed: 10.1.0.2 → 10.1.0.1, TCP 8080',
      /Leaving shop\/client: allowed by silent \(rule 1\)/,
      /Reaching shop\/web: allowed by web \(rule 1\)/,
    );
    // The question is in the address.
    await becomes(() => page.evaluate('location.hash.includes("peer=client")'), true);
    await page.reload();
    await answers(page, 'Allowed', /allowed by web \(rule 1\)/);
    await ask(page, 'From', 'client', '5005', 'UDP');
    await answers(page, 'Refused', /Leaving shop\/client: refused/, /by web \(rule 1\)/);
    await ask(page, 'From', 'free', '8080');
    await answers(page, 'Refused', /Leaving shop\/free: no policy/, /Reaching .* refused.* web/);
    await ask(page, 'From', 'desk/clerk', '8080');
    await answers(page, 'Refused', /Leaving desk\/clerk: refused.* closed/, /by web \(rule 1\)/);
    await ask(page, 'To', 'client', '8080');
    await answers(page, 'Refused', /Leaving shop\/web: no policy/, /Reaching .* silent/);
    await ask(page, 'From', 'nobody', '8080');
    await page.getByRole('alert').getByText('There is no such object').waitFor(WAIT);
    await page.context().close();
  });

  it('judges addresses: outside of the cluster, of pods, of the own node, of IPv6', async () => {
    const page = await open('web');
    await ask(page, 'From', '198.51.100.7', '22');
    await answers(
      page,
      'Allowed',
      /Leaving 198.51.100.7: an address of no pod/,
      /by web \(rule 2\)/,
    );
    await ask(page, 'From', '198.51.100.200', '22');
    await answers(page, 'Refused', /Reaching shop\/web: refused/);
    await ask(page, 'From', '10.1.0.2', '8080');
    await answers(page, 'Allowed', /Leaving shop\/client/, /by web \(rule 1\)/);
    await ask(page, 'From', NODE_IP, '22');
    await answers(
      page,
      'Allowed: policies do not judge what passes between a pod and its own node',
    );
    await ask(page, 'From', 'agent', '22');
    await answers(page, 'Allowed: policies do not judge');
    await page.getByText('The other pod has the address of its node').waitFor(WAIT);
    await ask(page, 'From', '2001:DB8:0::1', '8080');
    await answers(page, 'Refused: 2001:db8::1 → fd00::1');
    await ask(page, 'To', 'FD00::0001', '1');
    await answers(
      page,
      'Allowed: fd00::1 → fd00::1',
      /Reaching shop\/web: a pod always reaches itself/,
    );
    await page.context().close();
    const host = await open('agent');
    await host.getByText('No policy applies to this pod').waitFor(WAIT);
    await host.context().close();
  });

  it('says what a visitor of one namespace cannot know', async () => {
    const page = await open('web', await stage.proxy('reader'));
    await ask(page, 'From', 'client', '8080');
    await answers(page, 'Allowed', /by web \(rule 1\)/);
    await becomes(() => page.getByText('You may not see the labels').count(), 0);
    await ask(page, 'From', 'desk/clerk', '8080');
    await page.getByRole('alert').getByText('You may not list these').waitFor(WAIT);
    await ask(page, 'From', '10.2.0.1', '8080');
    await answers(page, 'If the address is that of no pod: Refused: 10.2.0.1 → 10.1.0.1');
    await page.getByText('You may not see the pods of all namespaces').waitFor(WAIT);
    await page.context().close();
  });
});
