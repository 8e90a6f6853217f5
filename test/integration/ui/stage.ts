// An API server with the UI, `kubectl proxy` in front of it, and Chromium: what a visitor has. The
// objects are written as controllers and kubelets would leave them, so that nothing moves between
// the steps of a test.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import {
  startApiServer,
  type RunningApiServer,
  type StartOptions,
} from '../../../cmd/kube-apiserver/start.js';
import { exec } from '../../../pkg/system/exec.js';
import { ROOT } from '../../support/root.js';
import { Api, type Json } from '../apiserver/harness.js';

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const WAIT = { timeout: 30_000 };

const NAP_MS = 20;

/**
 * Reads until the check accepts the value; fails with the last complaint. A page shows a change
 * some time after its cause, so no value that is read once proves anything.
 */
export async function settles<T>(
  read: () => T | Promise<T>,
  check: (is: T) => void,
): Promise<void> {
  const deadline = performance.now() + WAIT.timeout;
  for (;;)
    try {
      return check(await read());
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(NAP_MS);
    }
}

/** Waits until the value that is read equals the wanted one. */
export const becomes = <T>(read: () => T | Promise<T>, wanted: T): Promise<void> =>
  settles(read, (is) => assert.deepEqual(is, wanted));

export interface Stage {
  server: RunningApiServer;
  api: Api;
  browser: Browser;
  /** The address of a new `kubectl proxy` for a user; default: an administrator. */
  proxy(user?: string): Promise<string>;
  page(options?: BrowserContextOptions): Promise<Page>;
  stop(): Promise<void>;
}

export async function openStage(options: StartOptions = {}): Promise<Stage> {
  // Built from the sources, so that the test never uses an outdated page.
  await exec([process.execPath, join(ROOT, 'hack/bundle.mjs'), 'ui']);
  const server = await startApiServer({ uiDirectory: join(ROOT, 'dist/ui'), ...options });
  await server.ready();
  const api = new Api(server);
  const home = await mkdtemp(join(tmpdir(), 'ui-test-'));
  const proxies: ChildProcess[] = [];
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: QUIET });
  return {
    server,
    api,
    browser,
    async proxy(user) {
      let kubeconfig = server.kubeconfig;
      if (user) {
        kubeconfig = join(home, `${proxies.length}.conf`);
        await writeFile(kubeconfig, server.kubeconfigFor(user));
      }
      const child = spawn('kubectl', [`--kubeconfig=${kubeconfig}`, 'proxy', '--port=0'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      proxies.push(child);
      const [text] = (await once(child.stdout, 'data')) as [Buffer];
      return `http://${/127\.0\.0\.1:\d+/.exec(text.toString())![0]}`;
    },
    page: async (more = {}) =>
      (await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-US', ...more })).newPage(),
    async stop() {
      await browser.close();
      for (const child of proxies) child.kill();
      api.close();
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Creates an object, with its status when it has one. */
export async function put(api: Api, path: string, object: Json): Promise<Json> {
  const made = await api.ok(api.post(path, object), 201);
  if (!object.status) return made;
  return api.ok(
    api.patch(`${path}/${object.metadata.name}/status`, 'application/merge-patch+json', {
      status: object.status,
    }),
  );
}

const TRANSITION = '2026-01-01T00:00:00Z';
const condition = (type: string, holds: boolean, more: Json = {}): Json => ({
  type,
  status: holds ? 'True' : 'False',
  lastTransitionTime: TRANSITION,
  ...more,
});

export const node = (name: string, isReady = true): Json => ({
  metadata: { name },
  status: {
    conditions: [condition('Ready', isReady, { reason: 'Kubelet', message: 'as it says' })],
    addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
  },
});

/** `state` of the only container; absent: running and ready. */
export const pod = (name: string, nodeName: string, state?: Json, more: Json = {}): Json => ({
  metadata: { name, labels: { app: name }, ...more },
  spec: {
    nodeName,
    containers: [{ name: 'main', image: 'busybox:1' }],
    terminationGracePeriodSeconds: 0,
  },
  status: {
    phase: state?.waiting ? 'Pending' : 'Running',
    conditions: [condition('Ready', !state)],
    containerStatuses: [
      {
        name: 'main',
        image: 'busybox:1',
        imageID: '',
        ready: !state,
        restartCount: 0,
        containerID: `containerd://${name}-0`,
        state: state ?? { running: { startedAt: TRANSITION } },
      },
    ],
  },
});

const template = (name: string): Json => ({
  metadata: { labels: { app: name } },
  spec: { containers: [{ name: 'main', image: 'busybox:1' }] },
});

export const deployment = (name: string, wanted: number, ready: number): Json => ({
  metadata: { name },
  spec: { replicas: wanted, selector: { matchLabels: { app: name } }, template: template(name) },
  status: { replicas: wanted, updatedReplicas: wanted, readyReplicas: ready },
});

export const service = (name: string, more: Json = {}): Json => ({
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ port: 80 }], ...more },
});

export const endpoints = (name: string, ...addresses: string[]): Json => ({
  metadata: { name },
  subsets: addresses.length
    ? [{ addresses: addresses.map((ip) => ({ ip })), ports: [{ port: 80 }] }]
    : [],
});

/** Types a token into the sign-in form. */
export async function signIn(page: Page, text: string): Promise<void> {
  await page.getByLabel('Token').fill(text);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
