// Reads /metrics/resource of every kubelet, round by round.
import { Agent, type AgentOptions } from 'node:https';
import type { Node } from '../apis/core/v1/types.js';
import { preferredAddress } from '../component-helpers/nodes.js';
import { boundedGet } from '../system/bounded-get.js';
import type { Env } from '../util/env/env.js';
import { every } from '../util/wait/every.js';
import { inParallel } from '../util/wait/in-parallel.js';
import { FORGET_AFTER_ROUNDS, SCRAPE_BYTES, SCRAPES_AT_ONCE, SECOND_SAMPLE } from './limits.js';
import { parseSamples } from './samples.js';
import type { UsageStore } from './usage-store.js';
import { SCRAPE_METRICS } from './metrics.generated.js';
import { registered } from '../util/metrics/registered.js';

export interface KubeletAccess {
  /** Types of node addresses, the preferred ones first (--kubelet-preferred-address-types). */
  addressTypes: readonly string[];
  /** Of every kubelet, or of those whose node's status has none. */
  port: number;
  usesStatusPort: boolean;
  tls: Pick<AgentOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'>;
  /** Bearer token of each request. */
  token(): Promise<string | undefined>;
  timeoutMs: number;
}

/** Gives the text of a node's answer. */
export function kubeletReader(access: KubeletAccess, signal: AbortSignal) {
  const agent = new Agent({ keepAlive: true, ...access.tls });
  signal.addEventListener('abort', () => agent.destroy(), { once: true });
  return async (node: Node): Promise<string> => {
    const host = preferredAddress(node, access.addressTypes);
    if (!host) throw new Error(`node ${node.metadata.name} has no address to scrape`);
    const { Port = 0 } = node.status?.daemonEndpoints?.kubeletEndpoint ?? {};
    const token = await access.token();
    const port = (access.usesStatusPort && Port) || access.port;
    const { status, text } = await boundedGet(
      `https://${host.includes(':') ? `[${host}]` : host}:${port}/metrics/resource`,
      {
        agent,
        headers: token ? { authorization: `Bearer ${token}` } : {},
        signal,
        timeoutMs: access.timeoutMs,
        maxBytes: SCRAPE_BYTES,
      },
    );
    if (status !== 200) throw new Error(`request failed, status: ${status}`);
    return text;
  };
}

export interface ScraperDeps {
  env: Env;
  store: UsageStore;
  nodes(): readonly Node[];
  /** Whether the pod 'namespace/name' is bound to the node: a kubelet speaks for no other pod. */
  isOn(node: string, pod: string): boolean;
  read(node: Node): Promise<string>;
  periodMs: number;
}

/** Runs until abort. */
export function runScraper(deps: ScraperDeps, signal: AbortSignal): Promise<void> {
  const { env, store, periodMs } = deps;
  const { clock, log, metrics } = env;
  const { requests, round } = registered(metrics, SCRAPE_METRICS);
  let nextAt = 0;
  let seen: ReadonlySet<string> = new Set();

  async function scrape(node: Node): Promise<void> {
    const { name } = node.metadata;
    try {
      const samples = parseSamples(await deps.read(node), clock.now());
      for (const pod of samples.keys()) if (pod && !deps.isOn(name, pod)) samples.delete(pod);
      store.put(name, samples, clock.now());
      requests.inc({ success: 'true' });
    } catch (error) {
      requests.inc({ success: 'false' });
      if (!signal.aborted) log.warn('Failed to scrape node', { node: name, error });
    }
  }

  return every(
    {
      env,
      signal,
      periodMs: () => Math.max(0, nextAt - clock.monotonic()),
      failed: 'scrape failed',
    },
    async () => {
      const begun = clock.monotonic();
      nextAt = begun + periodMs;
      const nodes = [...deps.nodes()];
      const names = new Set(nodes.map(({ metadata }) => metadata.name));
      if (nodes.some(({ metadata }) => !seen.has(metadata.name))) nextAt = begun + SECOND_SAMPLE;
      seen = names;
      store.prune(names, clock.now() - FORGET_AFTER_ROUNDS * periodMs);
      await inParallel(nodes, SCRAPES_AT_ONCE, scrape);
      round.observe((clock.monotonic() - begun) / 1000);
    },
  );
}
