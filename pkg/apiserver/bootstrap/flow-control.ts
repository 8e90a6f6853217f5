// Creates the default flow schemas and priority levels (upstream registry/flowcontrol/ensurer). An
// object with another spec is reset, unless its annotation says that the user manages the object.
// Mandatory objects are always reset.
import { isReason } from '../../apimachinery/errors/status-error.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import type { ApiObject, ResourceType } from '../../apimachinery/meta/object.js';
import type { FlowSchema, PriorityLevelConfiguration } from '../../apis/flowcontrol/v1/types.js';
import { FLOW_SCHEMAS, PRIORITY_LEVEL_CONFIGURATIONS } from '../../apis/resource-types.js';
import type { ServerServices } from '../extension/services.js';
import type { PostStartHook } from '../extension/hooks.js';

const AUTO_UPDATE = 'apf.kubernetes.io/autoupdate-spec';

export interface DefaultFlows {
  priorityLevels: readonly PriorityLevelConfiguration[];
  flowSchemas: readonly FlowSchema[];
  mandatory: ReadonlySet<string>;
}

type WithSpec = ApiObject & { spec: object };

async function ensure<T extends WithSpec>(
  { reader, local }: ServerServices,
  type: ResourceType<T>,
  wanted: T,
  isMandatory: boolean,
): Promise<void> {
  const present = reader.get(type, '', wanted.metadata.name);
  const isOurs = isMandatory || present?.metadata.annotations?.[AUTO_UPDATE] !== 'false';
  if (present && (!isOurs || equalJson(present.spec, wanted.spec))) return;
  const writing = present
    ? local.update(type, { ...present, spec: wanted.spec })
    : local.create(type, structuredClone(wanted));
  await writing.catch((error: unknown) => {
    // Another server may write the same object.
    if (!isReason(error, 'AlreadyExists') && !isReason(error, 'Conflict')) throw error;
  });
}

export function flowControlHook({
  priorityLevels,
  flowSchemas,
  mandatory,
}: DefaultFlows): PostStartHook {
  return {
    name: 'priority-and-fairness-config-producer',
    async run(services) {
      await Promise.all([
        ...priorityLevels.map((level) =>
          ensure(
            services,
            PRIORITY_LEVEL_CONFIGURATIONS,
            level,
            mandatory.has(level.metadata.name),
          ),
        ),
        ...flowSchemas.map((schema) =>
          ensure(services, FLOW_SCHEMAS, schema, mandatory.has(schema.metadata.name)),
        ),
      ]);
    },
  };
}
