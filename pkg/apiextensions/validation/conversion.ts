// Validation of the conversion between versions (upstream validation.go,
// validateCustomResourceConversion). Errors name the places of the internal form.
import { fieldErrors, type FieldError } from '../../apimachinery/errors/status-error.js';
import type {
  CustomResourceConversion,
  WebhookClientConfig,
} from '../../apis/apiextensions/v1/types.js';
import { oneOf } from '../../apis/core/v1/validation/fields.js';
import {
  validateReviewVersions,
  validateWebhookService,
  validateWebhookUrl,
} from '../../apis/meta/v1/webhook-client.js';

const { invalid, required } = fieldErrors;

export interface ConversionOptions {
  /** One of the versions of ConversionReview must be known. */
  readonly requiresKnownReview: boolean;
  readonly requiresValidCaBundle: boolean;
}

const PATH = 'spec.conversion';
const CONFIG = `${PATH}.webhookClientConfig`;
const VERSIONS = `${PATH}.conversionReviewVersions`;
const STRATEGIES = ['None', 'Webhook'];

export function validateConversion(
  { strategy, webhook }: CustomResourceConversion,
  options: ConversionOptions,
): FieldError[] {
  const versions = webhook?.conversionReviewVersions ?? [];
  if (strategy === 'Webhook')
    return [
      ...validateConfig(webhook?.clientConfig, options),
      ...validateReviewVersions(versions, VERSIONS, undefined, options.requiresKnownReview),
    ];
  const detail = 'should not be set when strategy is not set to Webhook';
  return [
    ...oneOf(strategy, STRATEGIES, `${PATH}.strategy`),
    ...fieldErrors.when(webhook?.clientConfig).forbidden(CONFIG, detail),
    ...fieldErrors.when(versions.length).forbidden(VERSIONS, detail),
  ];
}

function validateConfig(
  config: WebhookClientConfig | undefined,
  { requiresValidCaBundle }: ConversionOptions,
): FieldError[] {
  if (!config) return [required(CONFIG, 'required when strategy is set to Webhook')];
  const { caBundle, service, url } = config;
  const errors: FieldError[] = [];
  if ((url === undefined) === (service === undefined))
    errors.push(required(CONFIG, 'exactly one of url or service is required'));
  else if (url !== undefined) errors.push(...validateWebhookUrl(url, `${CONFIG}.url`));
  else if (service) errors.push(...validateWebhookService(service, `${CONFIG}.service`));
  if (caBundle && requiresValidCaBundle && !isCaBundle(caBundle))
    errors.push(invalid(`${CONFIG}.caBundle`, caBundle, NO_BUNDLE));
  return errors;
}

const NO_BUNDLE = 'unable to load root certificates: unable to parse bytes as PEM block';

/** Whether a base64 text holds a PEM block with a certificate. */
export function isCaBundle(caBundle: string): boolean {
  const pem = atob(caBundle);
  return /-----BEGIN CERTIFICATE-----\s+M[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/.test(pem);
}
