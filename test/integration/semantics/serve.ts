// One real server per suite and a new namespace per test. Suites about behaviour that depends on
// the store run on memory and on etcd.
import type { RunningApiServer, StartOptions } from '../../../cmd/kube-apiserver/start.js';
import { namespace, type Api } from '../apiserver/harness.js';
import { serve, type StorageName } from '../apiserver/serve.js';

export const MERGE = 'application/merge-patch+json';
export const STRATEGIC = 'application/strategic-merge-patch+json';
export const JSON_PATCH = 'application/json-patch+json';
export const APPLY = 'application/apply-patch+yaml';

export interface Suite {
  server: RunningApiServer;
  api: Api;
  /** The name of this test's namespace. */
  name: string;
  /** '/api/v1/namespaces/NAME' */
  ns: string;
  /** The same for a group: in('apps/v1') is '/apis/apps/v1/namespaces/NAME'. */
  in(groupVersion: string): string;
}

let suites = 0;

/** Declares a mocha suite; its tests read `suite` while they run. */
export function withServer(
  title: string,
  declare: (suite: Suite) => void,
  storages: readonly StorageName[] = ['memory'],
  options: StartOptions = {},
): void {
  for (const storage of storages) {
    describe(`${title} on ${storage}`, function () {
      this.timeout(60_000);
      const suite = {
        in: (groupVersion: string) => `/apis/${groupVersion}/namespaces/${suite.name}`,
      } as Suite;
      const id = suites++;
      let tests = 0;

      serve((server, api) => Object.assign(suite, { server, api }), storage, options);
      beforeEach(async () => {
        suite.name = `s${id}-${tests++}`;
        suite.ns = await namespace(suite.api, suite.name);
      });
      declare(suite);
    });
  }
}

const template = {
  metadata: { labels: { a: 'b' } },
  spec: { containers: [{ name: 'c', image: 'i' }] },
};

export const deployment = (name: string, spec: Record<string, unknown> = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: { replicas: 1, selector: { matchLabels: { a: 'b' } }, template, ...spec },
});
