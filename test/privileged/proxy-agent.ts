// A Proxier as a separate process, for tests that kill it. Objects arrive on stdin, with a JSON
// value per line: first {"node", "network", "families"}, then {"put": OBJECT} and {"delete": [KIND,
// KEY]}; {"run": true} ends the initial list. The process prints 'synced FAMILY' after every
// transaction.
import { createInterface } from 'node:readline';
import type { ApiObject } from '../../pkg/apimachinery/meta/object.js';
import { ENDPOINT_SLICES, NODES, SERVICES } from '../../pkg/apis/resource-types.js';
import type { Family } from '../../pkg/component-helpers/addresses.js';
import { Proxier } from '../../pkg/proxy/proxier.js';
import { realClock, realRandom } from '../../pkg/system/env.js';
import { findNativeDir } from '../../pkg/system/native/native-dir.js';
import { openNft } from '../../pkg/system/nftables/nftables.js';
import { noMetrics } from '../support/virtual-env.js';
import { twin } from '../support/twin.js';
import { MemoryInformers } from '../support/memory-informers.js';

const informers = new MemoryInformers();
const TYPES = { Service: SERVICES, EndpointSlice: ENDPOINT_SLICES, Node: NODES } as const;
const of = (kind: string) => informers.of(TYPES[kind as keyof typeof TYPES] as never);
const say = (line: string) => process.stdout.write(`${line}\n`);
const log = {
  debug: (event: string, fields?: Record<string, unknown>) =>
    event === 'nftables synced' && say(`synced ${String(fields?.['family'])}`),
  info: (event: string, fields?: Record<string, unknown>) => log.debug(event, fields),
  warn: (event: string, fields?: Record<string, unknown>) =>
    say(`${event} ${JSON.stringify(fields)}`),
  error: (event: string, fields?: Record<string, unknown>) =>
    say(`${event} ${String(fields?.['error'])}`),
  child: () => log,
};
let config: { node: string; network: string; families: Family[] } | undefined;

function start({ node, network, families }: NonNullable<typeof config>): void {
  const layouts = families.map((family) => ({
    family,
    clusterCidr: family === 6 ? twin(network) : network,
    masqueradeAll: false,
    nodePorts: { type: 'set' as const },
  }));
  const env = { clock: realClock, random: realRandom, log, metrics: noMetrics };
  const nft = openNft({ nativeDir: findNativeDir(process.argv[1], process.env) });
  void new Proxier(
    env,
    informers,
    nft,
    { nodeName: node, layouts, minSyncPeriodMs: 0, conntrack: true },
    new AbortController().signal,
  ).run();
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line) as {
    put?: ApiObject;
    delete?: [string, string];
    run?: boolean;
    node?: string;
  };
  if (message.put) of(message.put.kind).put(message.put as never);
  else if (message.delete) of(message.delete[0]).delete(message.delete[1]);
  else if (message.run) start(config!);
  else config = message as NonNullable<typeof config>;
});
process.stdin.on('end', () => process.exit(0));
