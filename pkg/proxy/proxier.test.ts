// The proxier around its families: the transactions it makes and the metrics it counts. nft is a
// list of scripts.
import assert from 'node:assert/strict';
import { MemoryInformers } from '../../test/support/memory-informers.js';
import { ENDPOINT_SLICES, NODES, SERVICES } from '../apis/resource-types.js';
import type { Nft } from '../system/nftables/nftables.js';
import type { Metrics } from '../util/env/env.js';
import { virtualEnv } from '../../test/support/virtual-env.js';
import { MONITOR_RESTART_MS } from './limits.js';
import { Proxier } from './proxier.js';

/** The value of each counter and gauge, the number of observations of each histogram. */
class CountingMetrics implements Metrics {
  readonly values = new Map<string, number>();
  private key(name: string, labels: Record<string, string | number> = {}): string {
    return [name.replace('kubeproxy_', ''), ...Object.values(labels)].join(' ');
  }
  private add(name: string, labels: Record<string, string | number> | undefined, by: number): void {
    this.values.set(this.key(name, labels), (this.values.get(this.key(name, labels)) ?? 0) + by);
  }
  counter(name: string) {
    return {
      inc: (labels?: Record<string, string | number>, by = 1) => this.add(name, labels, by),
    };
  }
  gauge(name: string) {
    return {
      set: (value: number, labels?: Record<string, string | number>) =>
        void this.values.set(this.key(name, labels), value),
    };
  }
  histogram(name: string) {
    return {
      observe: (_value: number, labels?: Record<string, string | number>) =>
        this.add(name, labels, 1),
    };
  }
  render() {
    return Promise.resolve('');
  }
}

class ScriptedNft implements Nft {
  readonly scripts: string[] = [];
  readonly deleted: string[] = [];
  failures = 0;
  monitors: { family: string; foreign: () => void; end: () => void }[] = [];

  apply(script: string): Promise<void> {
    if (this.failures-- > 0) return Promise.reject(new Error('no such thing'));
    this.scripts.push(script);
    return Promise.resolve();
  }
  check(): Promise<void> {
    return Promise.resolve();
  }
  listTable(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
  listFrame(): Promise<never[]> {
    return Promise.resolve([]);
  }
  deleteTable(family: string): Promise<void> {
    this.deleted.push(family);
    return Promise.resolve();
  }
  watchTable(
    family: string,
    _table: string,
    foreign: () => void,
    signal: AbortSignal,
  ): Promise<void> {
    return new Promise((end) => {
      this.monitors.push({ family, foreign, end });
      signal.addEventListener('abort', () => end(), { once: true });
    });
  }
  get kinds(): string[] {
    return this.scripts.map(
      (script) =>
        `${script.includes('delete table') ? 'full' : 'part'} ${script.includes(' ip6 ') ? 'ip6' : 'ip'}`,
    );
  }
}

function setUp() {
  const env = { ...virtualEnv(), metrics: new CountingMetrics() };
  const informers = new MemoryInformers();
  const nft = new ScriptedNft();
  const stop = new AbortController();
  const layouts = ([4, 6] as const).map((family) => ({
    family,
    clusterCidr: '',
    masqueradeAll: false,
    nodePorts: { type: 'set' as const },
  }));
  const proxier = new Proxier(
    env,
    informers,
    nft,
    { nodeName: 'n1', layouts, minSyncPeriodMs: 50, conntrack: false },
    stop.signal,
  );
  informers
    .of(NODES)
    .put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' }, spec: {} } as never);
  const service = (name: string, clusterIPs: string[], more = {}) =>
    informers
      .of(SERVICES)
      .put({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace: 'a' },
        spec: { clusterIP: clusterIPs[0], clusterIPs, ports: [{ port: 80 }], ...more },
      } as never);
  const slice = (name: string, addressType: string, addresses: string[], annotations = {}) =>
    informers
      .of(ENDPOINT_SLICES)
      .put({
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        addressType,
        metadata: {
          name: `${name}-${addressType}`,
          namespace: 'a',
          labels: { 'kubernetes.io/service-name': name },
          annotations,
        },
        endpoints: addresses.map((address) => ({
          addresses: [address],
          conditions: { ready: true },
          nodeName: 'n2',
        })),
        ports: [{ port: 8080 }],
      } as never);
  const start = () => {
    const run = proxier.run();
    return async () => {
      stop.abort();
      await env.clock.advance(0);
      await run;
    };
  };
  return { env, nft, proxier, service, slice, start, values: env.metrics.values };
}

describe('proxier', () => {
  it("has one table until a service needs the other family, and counts under upstream's names", async () => {
    const { env, nft, proxier, service, slice, start, values } = setUp();
    service('web', ['10.100.0.1'], { internalTrafficPolicy: 'Local' });
    slice('web', 'IPv4', ['10.1.0.1']);
    slice('web', 'IPv6', ['fd00:1::1']);
    assert.equal(proxier.current, false);
    const end = start();
    await env.clock.advance(100);
    assert.deepEqual(
      [nft.kinds, nft.deleted, nft.monitors.map(({ family }) => family), proxier.current],
      [['full ip'], ['ip6'], ['ip'], true],
    );
    assert.equal(values.get('sync_proxy_rules_no_local_endpoints_total IPv4 internal'), 1);
    assert.equal(values.get('sync_full_proxy_rules_duration_seconds IPv4'), 1);

    service('six', ['fd00:100::2', '10.100.0.2']);
    await env.clock.advance(100);
    assert.deepEqual(
      [nft.kinds.slice(1).sort(), nft.monitors.length, proxier.current],
      [['full ip6', 'part ip'], 2, true],
    );
    slice('six', 'IPv6', ['fd00:1::1'], {
      'endpoints.kubernetes.io/last-change-trigger-time': new Date(
        env.clock.now() + 1000,
      ).toISOString(),
    });
    assert.equal(values.get('sync_proxy_rules_endpoint_changes_pending'), 1);
    await env.clock.advance(100);
    assert.deepEqual(nft.kinds.slice(3), ['part ip6'], 'a change of one family is one transaction');
    assert.equal(values.get('sync_proxy_rules_endpoint_changes_pending'), 0);
    assert.equal(values.get('sync_partial_proxy_rules_duration_seconds IPv6'), 1);
    assert.equal(values.get('network_programming_duration_seconds IPv6'), 1);
    assert.equal(values.get('network_programming_duration_seconds IPv4'), undefined);
    assert.ok(
      values.get('sync_proxy_rules_last_queued_timestamp_seconds IPv6')! <=
        values.get('sync_proxy_rules_last_timestamp_seconds IPv6')!,
    );
    assert.deepEqual(
      [
        values.get('sync_proxy_rules_service_changes_total'),
        values.get('sync_proxy_rules_endpoint_changes_total'),
      ],
      [2, 3],
    );
    await end();
  });

  it('is not current while a change has waited a minute for its transaction', async () => {
    const { env, nft, proxier, service, start, values } = setUp();
    const end = start();
    await env.clock.advance(100);
    nft.failures = 1000;
    service('web', ['10.100.0.1']);
    await env.clock.advance(30_000);
    assert.equal(proxier.current, true);
    await env.clock.advance(31_000);
    assert.deepEqual([proxier.current, proxier.healthy], [false, true]);
    assert.ok(values.get('sync_proxy_rules_nftables_sync_failures_total IPv4')! > 3);
    nft.failures = 0;
    await env.clock.advance(11_000);
    assert.deepEqual([proxier.current, nft.kinds], [true, ['full ip', 'full ip']]);
    await end();
  });

  it('reloads the table after a change by another program or a gap in the watch', async () => {
    const { env, nft, service, start } = setUp();
    service('web', ['10.100.0.1', 'fd00:100::1']);
    const end = start();
    await env.clock.advance(100);
    assert.deepEqual(nft.kinds.sort(), ['full ip', 'full ip6']);
    nft.monitors.find(({ family }) => family === 'ip6')!.foreign();
    await env.clock.advance(100);
    assert.deepEqual(nft.kinds.slice(2), ['full ip6']);
    nft.monitors.find(({ family }) => family === 'ip')!.end();
    await env.clock.advance(MONITOR_RESTART_MS + 100);
    assert.deepEqual([nft.kinds.slice(3), nft.monitors.length], [['full ip'], 3]);
    await end();
  });
});
