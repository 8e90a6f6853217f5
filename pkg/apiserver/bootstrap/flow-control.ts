// Creates the default flow schemas and priority levels (upstream registry/flowcontrol/ensurer). An
// object with another spec is reset, unless its annotation says that the user manages the object.
// Mandatory objects are always reset.
import { ignoring } from '../../apimachinery/errors/status-error.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import type { ApiObject, ResourceType } from '../../apimachinery/meta/object.js';
import type { FlowSchema } from '../../apis/flowcontrol/v1/types.js';
import { FLOW_SCHEMAS, PRIORITY_LEVEL_CONFIGURATIONS } from '../../apis/resource-types.js';
import {
  type ConditionLike,
  findCondition,
  sameCondition,
  withCondition,
} from '../../component-helpers/conditions.js';
import type { DefaultFlows } from '../flowcontrol/flow-control.js';
import type { ServerServices } from '../extension/services.js';
import type { PostStartHook } from '../extension/hooks.js';

const AUTO_UPDATE = 'apf.kubernetes.io/autoupdate-spec';

type WithSpec = ApiObject & { spec: object };

async function ensure<T extends WithSpec>(
  { reader, local }: ServerServices,
  type: ResourceType<T>,
  wanted: T,
  isMandatory: boolean,
  status?: object,
): Promise<void> {
  const present = reader.get(type, '', wanted.metadata.name);
  const isOurs = isMandatory || present?.metadata.annotations?.[AUTO_UPDATE] !== 'false';
  if (present && (!isOurs || equalJson(present.spec, wanted.spec))) return;
  const writing = present
    ? local.update(type, { ...present, spec: wanted.spec })
    : local.create(type, wanted, status);
  // Another server may write the same object.
  await writing.catch(ignoring('AlreadyExists', 'Conflict'));
}

const DANGLING = 'Dangling';

/** The condition that says whether the priority level of a schema exists. */
function dangling({ spec }: FlowSchema, exists: boolean): ConditionLike {
  const level = spec.priorityLevelConfiguration.name;
  const object = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)}`;
  return {
    type: DANGLING,
    status: exists ? 'False' : 'True',
    reason: exists ? 'Found' : 'NotFound',
    message: `${object} ${exists ? 'and it exists' : 'but there is no such object'}`,
  };
}

/** Writes the condition of one schema. Another server may be faster; its answer is the same. */
async function markSchema({ env, reader, local }: ServerServices, name: string): Promise<void> {
  const schema = reader.get(FLOW_SCHEMAS, '', name);
  if (!schema) return;
  const known = (schema.status?.conditions ?? []) as ConditionLike[];
  const { name: level } = schema.spec.priorityLevelConfiguration;
  const exists = reader.get(PRIORITY_LEVEL_CONFIGURATIONS, '', level) !== undefined;
  const wanted = dangling(schema, exists);
  if (sameCondition(findCondition(known, DANGLING), wanted)) return;
  const conditions = withCondition<ConditionLike>(known, wanted, env.clock.now());
  await local
    .updateStatus(FLOW_SCHEMAS, { ...schema, status: { conditions } })
    .catch(ignoring('NotFound', 'Conflict'));
}

/** Keeps the condition Dangling of flow schemas (upstream util/flowcontrol/apf_controller.go). */
function watchSchemas(services: ServerServices, signal: AbortSignal): void {
  const mark = (name: string): void =>
    void markSchema(services, name).catch((error: unknown) =>
      services.env.log.warn('cannot write the status of a flow schema', { name, error }),
    );
  const stops = [
    services.reader.observe(FLOW_SCHEMAS, ({ deleted, name }) => {
      // The cache notifies during its own change; the write has to come after it.
      if (!deleted) queueMicrotask(() => mark(name));
    }),
    services.reader.observe(PRIORITY_LEVEL_CONFIGURATIONS, ({ name }) =>
      queueMicrotask(() => {
        for (const schema of services.reader.list(FLOW_SCHEMAS))
          if (schema.spec.priorityLevelConfiguration.name === name) mark(schema.metadata.name);
      }),
    ),
  ];
  signal.addEventListener('abort', () => stops.forEach((stop) => stop()), { once: true });
}

export const flowControlHook = ({
  priorityLevels,
  flowSchemas,
  mandatory,
}: DefaultFlows): PostStartHook => ({
  name: 'priority-and-fairness-config-producer',
  async run(services, signal) {
    const isMandatory = ({ metadata: { name } }: WithSpec) => mandatory.has(name);
    await Promise.all(
      priorityLevels.map((level) =>
        ensure(services, PRIORITY_LEVEL_CONFIGURATIONS, level, isMandatory(level)),
      ),
    );
    // The cache may not show the levels yet.
    await Promise.all(
      flowSchemas.map((schema) =>
        ensure(services, FLOW_SCHEMAS, schema, isMandatory(schema), {
          conditions: withCondition([], dangling(schema, true), services.env.clock.now()),
        }),
      ),
    );
    watchSchemas(services, signal);
  },
});
