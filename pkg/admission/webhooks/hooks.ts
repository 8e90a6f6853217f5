// The webhooks of all configurations, in the order in which they are asked (upstream
// apiserver/pkg/admission/configuration and plugin/webhook/accessors.go).
import type { ResourceType } from '../../apimachinery/meta/object.js';
import type {
  MutatingWebhook,
  MutatingWebhookConfiguration,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
} from '../../apis/admissionregistration/v1/types.js';
import type { ConditionMatcher } from '../../apiserver/admission/expressions/conditions.js';
import { loadExpressions } from '../../apiserver/admission/expressions/load.js';
import type { MatchCriteria } from '../../apiserver/admission/matching/match.js';
import type { ObjectReader } from '../../apiserver/resource/reader.js';

export interface Hook<W extends ValidatingWebhook | MutatingWebhook> {
  readonly configuration: string;
  /** Tells two webhooks of one name and configuration apart. */
  readonly id: string;
  readonly webhook: W;
  readonly criteria: MatchCriteria;
  /** Absent without match conditions. */
  readonly conditions?: () => Promise<ConditionMatcher>;
}

type Configuration = ValidatingWebhookConfiguration | MutatingWebhookConfiguration;
type WebhookOf<C extends Configuration> = NonNullable<C['webhooks']>[number];

function hookOf<W extends ValidatingWebhook | MutatingWebhook>(
  configuration: string,
  webhook: W,
  index: number,
): Hook<W> {
  const { rules, matchConditions } = webhook;
  let matcher: Promise<ConditionMatcher> | undefined;
  return {
    configuration,
    id: `${configuration}/${webhook.name}/${index}`,
    webhook,
    criteria: { ...webhook, withoutRules: 'none', ...(rules && { resourceRules: rules }) },
    ...(matchConditions?.length && {
      conditions: () =>
        (matcher ??= loadExpressions().then(({ compileConditions }) =>
          compileConditions(matchConditions, {}),
        )),
    }),
  };
}

/** A function that gives the current webhooks, configurations by name. */
export function followHooks<C extends Configuration>(
  reader: ObjectReader,
  type: ResourceType<C>,
): () => readonly Hook<WebhookOf<C>>[] {
  let hooks: readonly Hook<WebhookOf<C>>[] | undefined;
  reader.observe(type, () => (hooks = undefined));
  return () =>
    (hooks ??= reader
      .list(type)
      .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
      .flatMap(({ metadata, webhooks }) =>
        (webhooks ?? []).map((webhook, index) =>
          hookOf(metadata.name, webhook as WebhookOf<C>, index),
        ),
      ));
}
