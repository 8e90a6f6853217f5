// hosts and stub: the names and zones of the administrator's ConfigMap. A ConfigMap with an error
// changes nothing, so that a typing error does not take names away.
import { CONFIG_MAPS } from '../../apis/resource-types.js';
import type { InformerFactory } from '../../client/informer.js';
import type { Env } from '../../util/env/env.js';
import { addressOfReverse } from '../../util/netaddr/ip.js';
import type { Plugin } from '../answer.js';
import { address, found } from '../../component-helpers/dns/reply.js';
import type { Record } from '../wire/record.js';
import { groupOf, type Forwarder, type UpstreamGroup } from '../forward/forward.js';
import { CLUSTER_TTL } from '../../component-helpers/dns/limits.js';
import { NO_CONFIG, parseConfig, type StaticConfig } from './config.js';

export class StaticNames {
  private config: StaticConfig = NO_CONFIG;
  private stubs: ReadonlyMap<string, UpstreamGroup> = new Map();
  private upstreams: UpstreamGroup | undefined;

  constructor(private readonly env: Env) {}

  /** Follows the ConfigMap 'namespace/name'; one that does not exist is empty. */
  follow(key: string, informers: InformerFactory): void {
    const [namespace = '', name = ''] = key.split('/');
    const apply = (data: Readonly<{ [key: string]: string }> = {}) => this.apply(data);
    informers
      .informer(CONFIG_MAPS, { namespace, fieldSelector: `metadata.name=${name}` })
      .addHandler({
        added: ({ data }) => apply(data),
        updated: ({ data }) => apply(data),
        deleted: () => apply(),
      });
  }

  apply(data: Readonly<{ [key: string]: string }>): void {
    try {
      this.config = parseConfig(data);
    } catch (error) {
      return this.env.log.error('the ConfigMap of names is wrong, keeping the last', { error });
    }
    const { stubs, upstreams } = this.config;
    this.stubs = new Map([...stubs].map(([zone, servers]) => [zone, groupOf(servers)]));
    this.upstreams = upstreams && groupOf(upstreams);
  }

  /** The servers for names that no plugin knows. */
  upstreamsOr(others: UpstreamGroup): UpstreamGroup {
    return this.upstreams ?? others;
  }

  /** Answers the names of 'hosts' and the reverse names of their addresses. */
  readonly hosts: Plugin = {
    name: 'hosts',
    answer: ({ name, type }) => {
      const records = this.recordsOf(name);
      return records && found(records.filter((record) => record.type === type));
    },
  };

  private recordsOf(name: string): Record[] | undefined {
    const ips = this.config.hosts.get(name);
    if (ips) return ips.map((ip) => address(name, ip, CLUSTER_TTL));
    const ip = addressOfReverse(name);
    const names = ip === undefined ? undefined : this.config.names.get(ip);
    return names?.map((data) => ({ type: 'PTR', name, ttl: CLUSTER_TTL, data }));
  }

  /** Asks the servers of the longest stub zone around the name, among those that `has` accepts. */
  stub(forwarder: Forwarder, has: (zone: string) => boolean): Plugin {
    return {
      name: 'stub',
      answer: (question) => {
        if (!this.stubs.size) return undefined;
        for (let zone = question.name; zone; zone = zone.slice(zone.indexOf('.') + 1)) {
          const group = has(zone) ? this.stubs.get(zone) : undefined;
          if (group) return forwarder.ask(question, group);
          if (!zone.includes('.')) break;
        }
        return undefined;
      },
    };
  }
}
