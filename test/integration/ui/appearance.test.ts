// How the pages of the web UI look on a desk and on a phone, light and dark, in both languages, and
// to a screen reader; and tables that are long.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { parse } from 'yaml';
import { ROOT } from '../../support/root.js';
import {
  becomes,
  deployment,
  node,
  openStage,
  pod,
  put,
  service,
  settles,
  WAIT,
  type Stage,
} from './stage.js';

const DEFAULT = '/api/v1/namespaces/default';
const OBJECT = '/object/core/v1/pods/default/plain';
const ROLLOUT = '/object/apps/v1/deployments/default/lame?tab=rollout';
const POLICIES =
  '/object/core/v1/pods/default/guarded?tab=policies&peer=10.1.0.9&port=80&protocol=TCP';
const EDITED = '/object/apps/v1/deployments/default/lame?tab=edit';
const PAGES = [
  '/',
  '/nodes',
  '/pods',
  '/controllers',
  '/services',
  '/events',
  '/kinds',
  '/kind/core/v1/configmaps',
  OBJECT,
  `${OBJECT}?tab=logs`,
  `${OBJECT}?tab=events`,
  `${OBJECT}?tab=terminal`,
  '/object/core/v1/pods/default/refused?tab=terminal',
  ROLLOUT,
  POLICIES,
  `${OBJECT}?tab=policies`,
  '/object/core/v1/pods/default/nobody',
  EDITED,
  '/create/core/v1/configmaps',
  '/nowhere',
];
/** A dialog: the page, and the action there. */
const DIALOGS: readonly [path: string, action: string][] = [
  ['/pods', 'delete'],
  ['/object/core/v1/nodes/-/node-a', 'drain'],
  ['/object/apps/v1/deployments/default/lame', 'rollBack'],
  [OBJECT, 'debug'],
];
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const LOOKS = [
  { colorScheme: 'dark', locale: 'zh-TW', viewport: DESK },
  { colorScheme: 'light', locale: 'en-GB', viewport: PHONE },
] as const;
/** The other theme changes colours only. */
const CONTRAST = { runOnly: ['color-contrast'] };
/** Output of a shell in each colour, after the number of its channel. */
const COLOURS = `\x01${[30, 31, 32, 33, 34, 35, 36, 37, 90, 93, 97].map((n) => `\x1b[${n}m colour ${n}\r\n`).join('')}`;
const MANY = 5000;
const BURST_LINES = 450;

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

describe('looks of the web UI', function () {
  this.timeout(300_000);
  let stage: Stage;
  let url: string;
  let axe: string;
  let words: Record<string, { en: string; zh: string }>;

  before(async () => {
    axe = await readFile(join(ROOT, 'node_modules/axe-core/axe.min.js'), 'utf8');
    const texts = await readFile(join(ROOT, 'pkg/ui/web/words.yaml'), 'utf8');
    words = (parse(texts) as { WORDS: typeof words }).WORDS;
    stage = await openStage();
    const { api } = stage;
    url = await stage.proxy();
    await api.call('POST', `${DEFAULT}/serviceaccounts`, { metadata: { name: 'default' } });
    await put(api, '/api/v1/nodes', node('node-a'));
    await put(api, '/api/v1/nodes', node('node-dead', false));
    await put(api, `${DEFAULT}/pods`, pod('plain', 'node-a'));
    const waiting = { waiting: { reason: 'ImagePullBackOff', message: 'no such' } };
    await put(api, `${DEFAULT}/pods`, pod('x'.repeat(63), 'node-a', waiting));
    await put(api, '/apis/apps/v1/namespaces/default/deployments', deployment('lame', 3, 0));
    await put(api, `${DEFAULT}/pods`, pod('refused', 'node-a'));
    await rollout();
    await put(api, `${DEFAULT}/services`, service('lonely'));
    const guarded = pod('guarded', 'node-a');
    await put(api, `${DEFAULT}/pods`, {
      ...guarded,
      status: { ...guarded.status, podIP: '10.1.0.1', podIPs: [{ ip: '10.1.0.1' }] },
    });
    await put(api, '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies', {
      metadata: { name: 'guard' },
      spec: {
        podSelector: {},
        ingress: [
          { from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] },
          { from: [{ namespaceSelector: {} }], ports: [{ port: 80, endPort: 90 }] },
        ],
      },
    });
    await event('Pulled', 'Normal', 45);
    await event('Failed', 'Warning', 5 * 60);
    await event('Killing', 'Normal', 3 * 3600);
    await event('Created', 'Normal', 30 * 3600);
    await event('Started', 'Normal', 90);
    // The table shows the same age for this one as for the one of 30 hours.
    await event('Aborted', 'Warning', 30 * 3600 + 1200);
  });
  after(() => stage?.stop());

  /** Gives the deployment two replica sets; a pod of the newer one has no image. */
  const rollout = async () => {
    const { api } = stage;
    const apps = '/apis/apps/v1/namespaces/default';
    const { metadata } = await api.ok(api.get(`${apps}/deployments/lame`));
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'lame', controller: true };
    for (const revision of ['1', '2']) {
      const labels = { app: 'lame', 'pod-template-hash': `hash${revision}` };
      const { spec } = deployment('lame', 2, 2);
      await put(api, `${apps}/replicasets`, {
        metadata: {
          name: `lame-${revision}`,
          labels,
          annotations: { 'deployment.kubernetes.io/revision': revision },
          ownerReferences: [{ ...owner, uid: metadata.uid }],
        },
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: { ...spec.template, metadata: { labels } },
        },
        status: { replicas: 2, readyReplicas: revision === '1' ? 2 : 0 },
      });
    }
    const labels = { 'pod-template-hash': 'hash2' };
    const waiting = { waiting: { reason: 'ErrImagePull', message: 'no such' } };
    await put(api, `${DEFAULT}/pods`, pod('lame-2-x', 'node-a', waiting, { labels }));
  };

  const event = async (reason: string, type: string, secondsAgo: number) => {
    const { metadata } = await stage.api.ok(stage.api.get(`${DEFAULT}/pods/plain`));
    const lastTimestamp = new Date(Date.now() - secondsAgo * 1000).toISOString();
    await put(stage.api, `${DEFAULT}/events`, {
      metadata: { name: `plain.${reason.toLowerCase()}` },
      involvedObject: { kind: 'Pod', namespace: 'default', name: 'plain', uid: metadata.uid },
      reason,
      type,
      count: 1,
      message: `About ${reason}`,
      lastTimestamp: lastTimestamp.replace(/\.\d+/, ''),
    });
  };

  const open = async (page: Page, path: string) => {
    // Another query makes the browser load the page anew.
    await page.goto(`${url}/ui/?${encodeURIComponent(path)}#${path}`);
    await page.locator('h1').waitFor(WAIT);
    const loading = Object.values(words['loading']!);
    await becomes(async () => {
      const texts = await page.locator('main .empty, main .big').allTextContents();
      return texts.filter((text) => text === '…' || loading.includes(text));
    }, []);
  };

  const findings = async (page: Page, options: object = {}): Promise<string[]> => {
    const run = `axe.run(document, ${JSON.stringify({ resultTypes: ['violations'], ...options })})`;
    const { violations } = (await page.evaluate(run)) as { violations: Violation[] };
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
      );
  };

  /** How many pixels of the page are beyond its right edge. */
  const beyond = (page: Page): Promise<number> =>
    page.evaluate(`Math.max(
      document.documentElement.scrollWidth - innerWidth,
      document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth)`);

  /** English words of the page itself, not of the server's tables. */
  const untranslated = async (page: Page): Promise<string[]> => {
    const own = page.locator(
      'nav a, h1, h2, label, main > p, .tabs button, .tools option, .tools button, dialog p, .empty',
    );
    const texts = (await own.allTextContents()).map((text) => text.trim());
    const labels = (await page.evaluate(
      `[...document.querySelectorAll('[aria-label]')].map((e) => e.getAttribute('aria-label'))`,
    )) as string[];
    const english = new Set(Object.values(words).flatMap(({ en, zh }) => (en === zh ? [] : [en])));
    return [...texts, ...labels].filter((text) => english.has(text));
  };

  /** Changes the text in the editor in a way that the server accepts, or not, and asks for it. */
  const review = async (page: Page, replicas: string) => {
    const text = page.locator('textarea');
    await settles(
      () => text.inputValue(WAIT),
      (is) => assert.match(is, /replicas: 3/),
    );
    await text.fill((await text.inputValue()).replace('replicas: 3', `replicas: ${replicas}`));
    await page.locator('.editor button').click(WAIT);
    await page.locator('.editor ins, .editor .error').first().waitFor(WAIT);
  };

  /** Opens the dialog of an action. */
  const ask = async (page: Page, path: string, name: string) => {
    const { en, zh } = words[name]!;
    await open(page, path);
    if (path === '/pods') await page.getByRole('checkbox').nth(1).check(WAIT);
    await page
      .getByRole('group')
      .getByRole('button', { name: new RegExp(`^(${en}|${zh})$`) })
      .click(WAIT);
    await page.locator('dialog li').first().waitFor(WAIT);
  };

  for (const look of LOOKS) {
    const { colorScheme, locale, viewport } = look;
    it(`is complete and clear: ${colorScheme}, ${locale}, ${viewport.width} px`, async () => {
      const page = await stage.page(look);
      await page.routeWebSocket(/\/pods\/plain\/exec\?/, (socket) =>
        socket.send(Buffer.from(COLOURS)),
      );
      // Not as a script of the page, because its content security policy refuses foreign ones.
      const load = () => page.evaluate(axe);
      const otherScheme = colorScheme === 'dark' ? 'light' : 'dark';
      const dialogs = DIALOGS.map(
        ([path, name]) =>
          (to: Page) =>
            ask(to, path, name),
      );
      const reviews = ['4', '-4'].map((replicas) => async (to: Page) => {
        // The draft of the last review is left behind.
        await to.goto('about:blank');
        await open(to, EDITED);
        await review(to, replicas);
      });
      for (const view of [...PAGES, ...dialogs, ...reviews]) {
        await (typeof view === 'string' ? open(page, view) : view(page));
        await load();
        await becomes(() => findings(page), []);
        await page.emulateMedia({ colorScheme: otherScheme });
        await becomes(() => findings(page, CONTRAST), []);
        await page.emulateMedia({ colorScheme });
        await becomes(() => beyond(page), 0);
        if (locale.startsWith('zh')) await becomes(() => untranslated(page), []);
        await becomes(() => page.locator('html').getAttribute('lang'), locale.slice(0, 2));
      }
      await page.goto(`${stage.server.url}/ui/`);
      await page.locator('.sign-in').waitFor(WAIT);
      await load();
      await becomes(() => findings(page), []);
      await becomes(() => beyond(page), 0);
      await page.context().close();
    });
  }

  it('loads less than 100 KB for the first page, and editor and terminal with the first of them', async () => {
    const page = await stage.page();
    const sizes = new Map<string, Promise<number>>();
    page.on('requestfinished', (request) => {
      const [, file] = /\/ui\/([\w.-]*)(?:\?.*)?$/.exec(request.url()) ?? [];
      if (file !== undefined)
        sizes.set(
          file,
          request.sizes().then(({ responseBodySize }) => responseBodySize),
        );
    });
    const total = async () => (await Promise.all(sizes.values())).reduce((a, b) => a + b, 0);
    await open(page, '/');
    await page.waitForLoadState('networkidle', WAIT);
    const first = await total();
    assert.ok(first > 20_000 && first < 100_000, `${first} bytes in ${[...sizes.keys()].join()}`);
    await page.evaluate(`location.hash = '${EDITED}'`);
    await page.locator('textarea').waitFor(WAIT);
    await becomes(() => [...sizes.keys()].some((file) => file.startsWith('editor-')), true);
    const all = await total();
    assert.ok(all > first + 20_000 && all < 100_000, `${all} bytes with the editor`);
    await page.evaluate(`location.hash = '${OBJECT}?tab=terminal'`);
    await page.locator('.xterm').waitFor(WAIT);
    const more = (await total()) - all;
    assert.ok(more > 50_000 && more < 100_000, `${more} bytes more with the terminal`);
    await page.context().close();
  });

  it('sorts "Last Seen" by time, latest first', async () => {
    const page = await stage.page();
    await open(page, '/events');
    const reasons = () => page.locator('tbody tr td:nth-child(4)').allTextContents();
    const latestFirst = ['Pulled', 'Started', 'Failed', 'Killing', 'Created', 'Aborted'];
    await becomes(reasons, latestFirst);
    const head = page.getByRole('button', { name: 'Last Seen', exact: true });
    await head.click();
    await becomes(reasons, latestFirst);
    await head.click();
    await becomes(reasons, latestFirst.toReversed());
    await event('Latest', 'Normal', 1);
    await becomes(reasons, [...latestFirst.toReversed(), 'Latest']);
    await page.context().close();
  });

  /** Lets the list of pods answer with many copies of a pod. */
  const multiply = (page: Page) =>
    page.route('**/api/v1/pods?limit=*', async (route) => {
      const answer = await route.fetch();
      const table = (await answer.json()) as { rows: { cells: string[]; object: Pod }[] };
      const row = table.rows.find(({ cells }) => cells[0] === 'plain')!;
      table.rows = Array.from({ length: MANY }, (_, at) => {
        const name = `pod-${String(at).padStart(4, '0')}`;
        const { metadata } = row.object;
        const object = { ...row.object, metadata: { ...metadata, name, uid: name } };
        return { ...row, cells: [name, ...row.cells.slice(1)], object };
      });
      await route.fulfill({ response: answer, json: table });
    });
  interface Pod {
    metadata: { name: string; uid: string };
  }

  for (const viewport of [DESK, PHONE])
    it(`keeps ${MANY} rows in reach, ${viewport.width} px`, async () => {
      const page = await stage.page({ viewport });
      await multiply(page);
      await open(page, '/pods');
      await page.getByText(`${MANY} of ${MANY}`).waitFor(WAIT);
      const scroll = (to: string) =>
        page.evaluate(`{ const e = document.querySelector('.scroll'); e.scrollTop = ${to}; }`);
      const link = (name: string) => page.getByRole('link', { name, exact: true });
      /** The rows that a visitor sees, by the points of the box. */
      const seen = (): Promise<string[]> =>
        page.evaluate(`(() => {
          const { left, top, bottom } = document.querySelector('.scroll').getBoundingClientRect();
          const rows = new Set();
          for (let y = top + 45; y < Math.min(bottom, innerHeight) - 20; y += 10) {
            const row = document.elementFromPoint(left + 20, y)?.closest('tr');
            rows.add(row?.querySelector('a')?.textContent ?? 'blank');
          }
          return [...rows];
        })()`);
      const isFull = (first: string) =>
        settles(seen, (rows) => {
          assert.ok(rows.includes(first), `${first} in ${rows.join()}`);
          assert.ok(!rows.includes('blank'), rows.join());
        });
      await isFull('pod-0000');
      await scroll('e.scrollHeight');
      await isFull('pod-4999');
      await scroll('e.scrollHeight / 2');
      await isFull('pod-2500');
      assert.ok((await page.locator('*').count()) < 1500);
      // The box is still scrolled when most of its rows go, and when they come back.
      await page.getByLabel('Filter').fill('pod-123');
      await page.getByText(`10 of ${MANY}`).waitFor(WAIT);
      await link('pod-1230').waitFor(WAIT);
      await settles(seen, (rows) => assert.ok(rows.includes('pod-1230'), rows.join()));
      await page.getByLabel('Filter').fill('');
      await settles(seen, (rows) => assert.ok(!rows.includes('blank'), rows.join()));
      await scroll('0');
      await isFull('pod-0000');
      await page.getByRole('button', { name: 'Name', exact: true }).click();
      await page.getByRole('button', { name: 'Name', exact: true }).click();
      await isFull('pod-4999');
      await page.context().close();
    });

  it('shows a fast log in few steps, and leaves a reader where she is', async () => {
    const page = await stage.page();
    let send = (_text: string): void => assert.fail('the page has not asked for the log');
    await page.routeWebSocket(/\/pods\/plain\/log\?/, (socket) => {
      send = (text) => socket.send(Buffer.from(text));
    });
    let line = 0;
    const burst = () =>
      send(
        Array.from(
          { length: BURST_LINES },
          () => `2026-01-01T00:00:00.${String(++line).padStart(9, '0')}Z line ${line}\n`,
        ).join(''),
      );
    await open(page, `${OBJECT}?tab=logs`);
    const log = page.locator('[role=log]');
    await log.waitFor(WAIT);
    await page.evaluate(`{
      window.log = document.querySelector('[role=log]');
      window.steps = 0;
      const observer = new MutationObserver(() => window.steps++);
      observer.observe(log, { childList: true, subtree: true });
    }`);
    await settles(
      () => burst(),
      () => {},
    );
    const shows = (last: number) =>
      settles(
        () => log.textContent(WAIT),
        (text) => assert.ok(text!.endsWith(`line ${last}\n`), text!.slice(-40)),
      );
    await shows(line);
    const atEnd = (): Promise<boolean> =>
      page.evaluate('log.scrollHeight - log.scrollTop - log.clientHeight < 2');
    await becomes(atEnd, true);
    await page.evaluate('log.scrollTop = 300');
    const follow = page.getByLabel('Follow');
    await becomes(() => follow.isChecked(), false);
    const started = performance.now();
    const before = (await page.evaluate('window.steps')) as number;
    for (let i = 0; i < 8; i++) burst();
    await shows(line);
    // One step shows what came in the last tenth of a second.
    const steps = ((await page.evaluate('window.steps')) as number) - before;
    const most = (performance.now() - started) / 100 + 2;
    assert.ok(steps <= most, `${steps} steps, ${most} expected`);
    await becomes(() => page.evaluate('log.scrollTop') as Promise<number>, 300);
    await follow.check();
    await becomes(atEnd, true);
    // Only the oldest lines go, also of many that come at once.
    const keeps = () =>
      settles(
        async () => (await log.textContent(WAIT))!.split('\n').length,
        (count) => assert.ok(count > 4500 && count < 5500, `${count} lines`),
      );
    for (const bursts of [20, 1, 1]) {
      for (let i = 0; i < bursts; i++) burst();
      await shows(line);
      await keeps();
    }
    await becomes(atEnd, true);
    await page.context().close();
  });
});
