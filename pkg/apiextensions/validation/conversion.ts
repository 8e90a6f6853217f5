// Validation of the conversion between versions (upstream validation.go,
// validateCustomResourceConversion). Errors name the places of the internal form.
import { fieldErrors, type FieldError } from '../../apimachinery/errors/status-error.js';
import { isDns1035Label } from '../../apimachinery/validation/names.js';
import type {
  CustomResourceConversion,
  WebhookClientConfig,
} from '../../apis/apiextensions/v1/types.js';
import { goStrings } from '../../apis/meta/v1/go-value.js';
import { validateWebhookService, validateWebhookUrl } from '../../apis/meta/v1/webhook-client.js';

const { forbidden, invalid, notSupported, required } = fieldErrors;

export interface ConversionOptions {
  /** One of the versions of ConversionReview must be known. */
  readonly requiresKnownReview: boolean;
  readonly requiresValidCaBundle: boolean;
}

const PATH = 'spec.conversion';
const CONFIG = `${PATH}.webhookClientConfig`;
const VERSIONS = `${PATH}.conversionReviewVersions`;
const STRATEGIES = ['None', 'Webhook'];
const REVIEWS = ['v1', 'v1beta1'];

export const knowsReview = (versions: readonly string[]): boolean =>
  versions.some((version) => REVIEWS.includes(version));

export function validateConversion(
  { strategy, webhook }: CustomResourceConversion,
  options: ConversionOptions,
): FieldError[] {
  const versions = webhook?.conversionReviewVersions ?? [];
  if (strategy === 'Webhook')
    return [
      ...validateConfig(webhook?.clientConfig, options),
      ...validateReviewVersions(versions, options),
    ];
  const errors: FieldError[] = [];
  if (!strategy) errors.push(required(`${PATH}.strategy`));
  else if (!STRATEGIES.includes(strategy))
    errors.push(notSupported(`${PATH}.strategy`, strategy, STRATEGIES));
  const detail = 'should not be set when strategy is not set to Webhook';
  if (webhook?.clientConfig) errors.push(forbidden(CONFIG, detail));
  if (versions.length > 0) errors.push(forbidden(VERSIONS, detail));
  return errors;
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

function validateReviewVersions(
  versions: readonly string[],
  { requiresKnownReview }: ConversionOptions,
): FieldError[] {
  if (versions.length === 0) return [required(VERSIONS)];
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  versions.forEach((version, index) => {
    const at = `${VERSIONS}[${index}]`;
    if (seen.has(version)) errors.push(invalid(at, version, 'duplicate version'));
    else errors.push(...isDns1035Label(version).map((text) => invalid(at, version, text)));
    seen.add(version);
  });
  if (requiresKnownReview && !knowsReview(versions))
    errors.push(
      invalid(VERSIONS, goStrings(versions), `must include at least one of ${REVIEWS.join(', ')}`),
    );
  return errors;
}
