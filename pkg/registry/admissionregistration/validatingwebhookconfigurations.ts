import {
  defaultValidatingWebhooks,
  validateWebhooks,
} from '../../apis/admissionregistration/v1/admissionregistration.js';
import { COLUMNS } from '../../apis/facts/columns.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { VALIDATING_WEBHOOK_CONFIGURATIONS } from '../../apis/resource-types.js';
import { age } from '../cells.js';
import { defineResource } from '../define.js';
import { checkCondition, loadForConditions } from './conditions.js';

export const validatingWebhookConfigurations = defineResource({
  type: VALIDATING_WEBHOOK_CONFIGURATIONS,
  storage: 'validatingwebhookconfigurations',
  name: subdomainName,
  defaults: defaultValidatingWebhooks,
  columns: COLUMNS['ValidatingWebhook']!,
  row: (configuration, now) => [
    configuration.metadata.name,
    configuration.webhooks?.length ?? 0,
    age(configuration, now),
  ],
  load: ({ webhooks }) => loadForConditions(webhooks),
  validate: (configuration) => validateWebhooks(configuration, checkCondition(false)),
  generation: true,
  allowUnconditionalUpdate: false,
});
