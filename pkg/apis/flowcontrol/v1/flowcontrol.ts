// API priority and fairness: defaults and validation (upstream pkg/apis/flowcontrol).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { oneOf } from '../../core/v1/validation/fields.js';
import { validateNonnegative } from '../../meta/v1/object-meta.js';
import type { FlowSchema, PriorityLevelConfiguration } from './types.js';

const DEFAULT_PRECEDENCE = 1000;
const MAX_PRECEDENCE = 10_000;
const DEFAULT_SHARES = 30;
const DEFAULT_QUEUING = { queues: 64, handSize: 8, queueLengthLimit: 50 };

export function defaultFlowSchema(schema: FlowSchema): void {
  const spec = (schema.spec ??= {} as FlowSchema['spec']);
  schema.status ??= {};
  spec.priorityLevelConfiguration ??= { name: '' };
  spec.matchingPrecedence ||= DEFAULT_PRECEDENCE;
}

export function validateFlowSchema({ spec }: FlowSchema): FieldError[] {
  const errors: FieldError[] = [];
  const precedence = spec.matchingPrecedence ?? 0;
  if (precedence <= 0)
    errors.push(
      fieldErrors.invalid('spec.matchingPrecedence', precedence, 'must be a positive value'),
    );
  if (precedence > MAX_PRECEDENCE)
    errors.push(
      fieldErrors.invalid(
        'spec.matchingPrecedence',
        precedence,
        `must not be greater than ${MAX_PRECEDENCE}`,
      ),
    );
  if (spec.distinguisherMethod)
    errors.push(
      ...oneOf(
        spec.distinguisherMethod.type,
        ['ByNamespace', 'ByUser'],
        'spec.distinguisherMethod',
      ),
    );
  if (!spec.priorityLevelConfiguration.name) {
    errors.push(
      fieldErrors.required(
        'spec.priorityLevelConfiguration.name',
        'must reference a priority level',
      ),
    );
  }
  for (const [index, rule] of (spec.rules ?? []).entries()) {
    const path = `spec.rules[${index}]`;
    if (!rule.subjects?.length)
      errors.push(
        fieldErrors.required(`${path}.subjects`, 'subjects must contain at least one value'),
      );
    if (!rule.resourceRules?.length && !rule.nonResourceRules?.length) {
      errors.push(
        fieldErrors.required(
          path,
          'at least one of resourceRules and nonResourceRules has to be non-empty',
        ),
      );
    }
  }
  return errors;
}

export function defaultPriorityLevel(level: PriorityLevelConfiguration): void {
  const spec = (level.spec ??= {} as PriorityLevelConfiguration['spec']);
  level.status ??= {};
  if (spec.exempt) {
    spec.exempt.nominalConcurrencyShares ??= 0;
    spec.exempt.lendablePercent ??= 0;
  }
  if (!spec.limited) return;
  spec.limited.nominalConcurrencyShares ??= DEFAULT_SHARES;
  spec.limited.lendablePercent ??= 0;
  const response = spec.limited.limitResponse;
  if (response?.queuing) response.queuing = { ...DEFAULT_QUEUING, ...response.queuing };
}

export function validatePriorityLevel({ spec }: PriorityLevelConfiguration): FieldError[] {
  const errors = oneOf(spec.type, ['Exempt', 'Limited'], 'spec.type');
  if (spec.type === 'Exempt' && spec.limited)
    errors.push(fieldErrors.forbidden('spec.limited', 'must be nil if the type is not Limited'));
  if (spec.type !== 'Limited') return errors;
  if (!spec.limited)
    return [
      ...errors,
      fieldErrors.required('spec.limited', 'must not be empty when type is Limited'),
    ];
  const { limitResponse, nominalConcurrencyShares } = spec.limited;
  errors.push(
    ...validateNonnegative(nominalConcurrencyShares, 'spec.limited.nominalConcurrencyShares'),
  );
  errors.push(
    ...oneOf(limitResponse?.type, ['Queue', 'Reject'], 'spec.limited.limitResponse.type'),
  );
  if (limitResponse?.type === 'Reject' && limitResponse.queuing) {
    errors.push(
      fieldErrors.forbidden(
        'spec.limited.limitResponse.queuing',
        'must be nil if limited.limitResponse.type is not Limited',
      ),
    );
  }
  if (limitResponse?.type === 'Queue' && !limitResponse.queuing) {
    errors.push(
      fieldErrors.required(
        'spec.limited.limitResponse.queuing',
        'must not be empty if limited.limitResponse.type is Limited',
      ),
    );
  }
  return errors;
}
