// componentstatuses: the health of the store and of the control plane's leaders, for `kubectl get
// cs`. Upstream calls healthz of processes on its own host; here the leaders may run anywhere, so
// their leases show whether they are alive.
import { RESOURCES } from '../../apis/facts/resources.js';
import type { ComponentStatus } from '../../apis/core/v1/types.js';
import { LEASES } from '../../apis/resource-types.js';
import type { SchemaTable } from '../../apimachinery/schema/facts.js';
import type { Env } from '../../util/env/env.js';
import type { ObjectReader } from '../resource/reader.js';
import { STORE_CHECK_MS } from '../limits.js';
import { schemaOfResource } from '../openapi/group-version.js';
import type { ResourceDefinition } from '../resource/definition.js';
import type { Storage } from '../../storage/storage.js';

export interface StatusSources {
  env: Pick<Env, 'clock'>;
  storage: Pick<Storage, 'ping'>;
  reader: () => ObjectReader;
}

const LEADERS = ['controller-manager', 'scheduler'];

function statusOf(name: string, error: string | undefined): ComponentStatus {
  const condition =
    error === undefined
      ? { type: 'Healthy', status: 'True', message: 'ok' }
      : { type: 'Healthy', status: 'False', message: error };
  return { apiVersion: 'v1', kind: 'ComponentStatus', metadata: { name }, conditions: [condition] };
}

/** The problem of a leader; undefined while its lease is renewed in time. */
function leaderError(name: string, reader: ObjectReader, now: number): string | undefined {
  const lease = reader.get(LEASES, 'kube-system', `kube-${name}`);
  const { holderIdentity, renewTime, leaseDurationSeconds = 0 } = lease?.spec ?? {};
  if (!holderIdentity || !renewTime) return `no leader: lease kube-system/kube-${name} is not held`;
  return Date.parse(renewTime) + leaseDurationSeconds * 1000 < now
    ? `no leader: lease kube-system/kube-${name} was last renewed at ${renewTime}`
    : undefined;
}

/** The definition, or undefined when the fact tables lack the kind. */
export function componentStatuses(
  { env, storage, reader }: StatusSources,
  schemas: SchemaTable,
): ResourceDefinition<ComponentStatus> | undefined {
  const facts = RESOURCES.find(
    ({ group, resource }) => group === '' && resource === 'componentstatuses',
  );
  const schema = facts && schemaOfResource(schemas, facts);
  if (!facts || !schema) return undefined;
  return {
    facts,
    schema,
    row({ metadata, conditions }) {
      const [healthy] = conditions ?? [];
      return [
        metadata.name,
        healthy?.status === 'True' ? 'Healthy' : 'Unhealthy',
        healthy?.message ?? '',
        healthy?.error ?? '',
      ];
    },
    warnings: () => ['v1 ComponentStatus is deprecated in v1.19+'],
    async computed() {
      const store = await storage.ping(AbortSignal.timeout(STORE_CHECK_MS)).then(
        () => undefined,
        (error: unknown) => String(error),
      );
      const now = env.clock.now();
      return [
        ...LEADERS.map((name) => statusOf(name, leaderError(name, reader(), now))),
        statusOf('etcd-0', store),
      ];
    },
  };
}
