// metav1.Status, the error that clients get. A table has the HTTP code of each reason. The
// constructors below have the messages, in upstream's wording
// (k8s.io/apimachinery/pkg/api/errors/errors.go), because clients match on them.
import { goLiteral } from '../meta/go-text.js';
import { jsonText } from '../../util/json/json-text.js';
import { errorText } from '../../util/errors/error-text.js';
import { goQuote } from './go-quote.js';
import type { Status, StatusCause, StatusDetails } from '../meta/types.js';
import { REASON_CODES } from './facts.generated.js';

export type Reason = keyof typeof REASON_CODES;

export class StatusError extends Error {
  override name = 'StatusError';
  readonly status: Status;

  constructor(status: Omit<Partial<Status>, 'metadata'> & { message: string; code: number }) {
    super(status.message);
    this.status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', ...status };
  }

  get code(): number {
    return this.status.code ?? 500;
  }

  get reason(): string {
    return this.status.reason ?? '';
  }
}

/** True when `error` is a StatusError with that reason. */
export const isReason = (error: unknown, reason: Reason): boolean =>
  error instanceof StatusError && error.reason === reason;

/** For `catch`: swallows a refusal for one of the reasons, throws every other error. */
export function ignoring(...reasons: readonly Reason[]): (error: unknown) => undefined {
  return (error) => {
    if (!reasons.some((reason) => isReason(error, reason))) throw error;
  };
}

/**
 * True when a create was refused only because its namespace is going away (NamespaceLifecycle). Any
 * other Forbidden may pass.
 */
export const isNamespaceTerminating = (error: unknown): boolean =>
  error instanceof StatusError &&
  (error.status.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating');

export const statusError = (
  reason: Reason,
  message: string,
  details?: StatusDetails,
): StatusError =>
  new StatusError({ message, reason, code: REASON_CODES[reason], ...(details && { details }) });

/** `qualified` is the resource with its group: 'pods', 'deployments.apps'. */
export interface QualifiedResource {
  group: string;
  resource: string;
}

export const qualified = (type: QualifiedResource): string =>
  type.group ? `${type.resource}.${type.group}` : type.resource;

function detailsOf(type: QualifiedResource, name: string): StatusDetails {
  return { ...(name && { name }), ...(type.group && { group: type.group }), kind: type.resource };
}

export const notFound = (type: QualifiedResource, name: string): StatusError =>
  statusError('NotFound', `${qualified(type)} ${goQuote(name)} not found`, detailsOf(type, name));

export const alreadyExists = (type: QualifiedResource, name: string): StatusError =>
  statusError(
    'AlreadyExists',
    `${qualified(type)} ${goQuote(name)} already exists`,
    detailsOf(type, name),
  );

export const STALE_OBJECT =
  'the object has been modified; please apply your changes to the latest version and try again';

export const conflict = (
  type: QualifiedResource,
  name: string,
  why: string = STALE_OBJECT,
): StatusError =>
  statusError(
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(type)} ${goQuote(name)}: ${why}`,
    detailsOf(type, name),
  );

export function forbidden(
  type: QualifiedResource,
  name: string,
  why: string,
  causes?: StatusCause[],
): StatusError {
  const subject = name ? `${qualified(type)} ${goQuote(name)}` : qualified(type);
  return statusError('Forbidden', `${subject} is forbidden: ${why}`, {
    ...detailsOf(type, name),
    ...(causes && { causes }),
  });
}

export const badRequest = (message: string): StatusError => statusError('BadRequest', message);

export function internalError(cause: unknown): StatusError {
  const message = errorText(cause);
  const error = statusError('InternalError', `Internal error occurred: ${message}`, {
    causes: [{ message }],
  });
  error.cause = cause;
  return error;
}

type Fault = 'Required' | 'Invalid' | 'NotSupported' | 'Duplicate' | 'Forbidden' | 'NotFound';
type Excess = 'TooLong' | 'TooMany';
export type FieldErrorType = `FieldValue${Fault | Excess | 'TypeInvalid'}` | 'InternalError';

/**
 * An error of one field (k8s.io/apimachinery/pkg/util/validation/field). A value that is never
 * thrown.
 */
export interface FieldError {
  type: FieldErrorType;
  /** 'spec.containers[0].name' */
  field: string;
  /** Without the field: 'Required value', 'Invalid value: "x": must be ...'. */
  message: string;
}

/** A value that is shown as this text, as Go prints a value of its type. */
export class GoText {
  constructor(private readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** A value that has no Go type, as in custom resources; lists and maps print as Go literals. */
export const goValue = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? new GoText(goLiteral(value)) : value;

/** Upstream prints a nil pointer as the text "null" and a list of texts as Go's literal. */
function show(value: unknown): string {
  if (value === undefined || value === null) return '"null"';
  if (typeof value === 'string') return goQuote(value);
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof GoText)
    return String(value);
  if (Array.isArray(value) && value.length && value.every((item) => typeof item === 'string'))
    return `[]string{${value.map(goQuote).join(', ')}}`;
  return jsonText(value);
}

const withDetail = (head: string, detail?: string): string =>
  detail ? `${head}: ${detail}` : head;

const fieldError = (type: FieldErrorType, field: string, message: string): FieldError => ({
  type,
  field,
  message,
});

const makers = {
  required: (field: string, detail?: string) =>
    fieldError('FieldValueRequired', field, withDetail('Required value', detail)),
  invalid: (field: string, value: unknown, detail?: string) =>
    fieldError('FieldValueInvalid', field, withDetail(`Invalid value: ${show(value)}`, detail)),
  typeInvalid: (field: string, value: unknown, detail?: string) =>
    fieldError('FieldValueTypeInvalid', field, withDetail(`Invalid value: ${show(value)}`, detail)),
  notSupported: (field: string, value: unknown, supported: readonly string[]) => {
    const list = supported.length && `supported values: ${supported.map(goQuote).join(', ')}`;
    const message = withDetail(`Unsupported value: ${show(value)}`, list || undefined);
    return fieldError('FieldValueNotSupported', field, message);
  },
  duplicate: (field: string, value: unknown) =>
    fieldError('FieldValueDuplicate', field, `Duplicate value: ${show(value)}`),
  forbidden: (field: string, detail?: string) =>
    fieldError('FieldValueForbidden', field, withDetail('Forbidden', detail)),
  notFound: (field: string, value: unknown) =>
    fieldError('FieldValueNotFound', field, `Not found: ${show(value)}`),
  tooLong: (field: string, max: number) =>
    fieldError('FieldValueTooLong', field, `Too long: may not be more than ${max} bytes`),
  tooMany: (field: string, count: number, max: number) =>
    fieldError('FieldValueTooMany', field, `Too many: ${count}: must have at most ${max} items`),
};

class Complaints {
  constructor(
    private readonly errors: FieldError[],
    private readonly path: string,
  ) {}

  private at(field: string): string {
    return field ? `${this.path}.${field}` : this.path;
  }
  required(field: string, detail?: string): void {
    this.errors.push(makers.required(this.at(field), detail));
  }
  invalid(field: string, value: unknown, detail?: string): void {
    this.errors.push(makers.invalid(this.at(field), value, detail));
  }
  notSupported(field: string, value: unknown, supported: readonly string[]): void {
    this.errors.push(makers.notSupported(this.at(field), value, supported));
  }
  duplicate(field: string, value: unknown): void {
    this.errors.push(makers.duplicate(this.at(field), value));
  }
  forbidden(field: string, detail?: string): void {
    this.errors.push(makers.forbidden(this.at(field), detail));
  }
}

type Makers = typeof makers;
type Lists = { readonly [K in keyof Makers]: (...args: Parameters<Makers[K]>) => FieldError[] };

const lists = (of: (make: () => FieldError) => FieldError[]): Lists =>
  Object.fromEntries(
    Object.entries<(...args: never[]) => FieldError>(makers).map(([kind, make]) => [
      kind,
      (...args: never[]) => of(() => make(...args)),
    ]),
  ) as Lists;
const ONE = lists((make) => [make()]);
const NONE = lists(() => []);

export const fieldErrors = {
  ...makers,
  /** A list with the error if the condition holds: `fieldErrors.when(port < 1).invalid(...)`. */
  when: (isWrong: unknown): Lists => (isWrong ? ONE : NONE),
  /** A list with the error if the condition does not hold. */
  unless: (isRight: unknown): Lists => (isRight ? NONE : ONE),
  /** Adds errors of fields below `path` to the list; the field '' is the path itself. */
  below: (path: string, errors: FieldError[] = []) => ({
    complain: new Complaints(errors, path),
    errors,
  }),
};

/** Several errors as one text: equal ones appear once (upstream utilerrors.Aggregate). */
export function aggregateText(given: readonly string[]): string {
  const texts = [...new Set(given)];
  return texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`;
}

export const fieldErrorsText = (errors: readonly FieldError[]): string =>
  aggregateText(errors.map(({ field, message }) => `${field}: ${message}`));

export function invalid(
  kind: { group: string; kind: string },
  name: string | undefined,
  errors: FieldError[],
): StatusError {
  const list = fieldErrorsText(errors);
  const subject = kind.group ? `${kind.kind}.${kind.group}` : kind.kind;
  return statusError('Invalid', `${subject} ${goQuote(name ?? '')} is invalid: ${list}`, {
    ...(name && { name }),
    ...(kind.group && { group: kind.group }),
    ...(kind.kind && { kind: kind.kind }),
    causes: errors.map((e) => ({ reason: e.type, message: e.message, field: e.field })),
  });
}
