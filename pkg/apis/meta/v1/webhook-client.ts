// Where a webhook is reached: validation of its URL or Service (upstream
// apiserver/pkg/util/webhook/validation.go). Conversion and admission webhooks share it.
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import {
  isDns1035Label,
  isDns1123Subdomain,
  isValidPortNum,
} from '../../../apimachinery/validation/names.js';
import { validateWith } from './object-meta.js';

const FORM = '; desired format: https://host[/path]';
/** Scheme, authority, path, query and fragment (RFC 3986, appendix B). */
const PARTS = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;

/** Go's complaint about a text that is no URL; undefined for URLs (net/url Parse). */
function urlProblem(url: string, authority: string): string | undefined {
  if (Array.from(url).some((c) => c < ' ' || c === '\u007f'))
    return 'net/url: invalid control character in URL';
  if (url.startsWith(':')) return 'missing protocol scheme';
  const escape = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(url);
  if (escape) return `invalid URL escape ${JSON.stringify(escape[0])}`;
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const space = /[ "<>\\^`{|}]/.exec(host);
  if (space) return `invalid character ${JSON.stringify(space[0])} in host name`;
  const port = /:[^:\]]*$/.exec(host)?.[0];
  return port !== undefined && !/^:[0-9]*$/.test(port)
    ? `invalid port ${JSON.stringify(port)} after host`
    : undefined;
}

export function validateWebhookUrl(url: string, path: string): FieldError[] {
  const [, scheme = '', authority = '', , query = '', fragment = ''] = PARTS.exec(url) ?? [];
  const problem = urlProblem(url, authority);
  if (problem !== undefined) {
    const detail = `url must be a valid URL: parse ${JSON.stringify(url)}: ${problem}${FORM}`;
    return [fieldErrors.required(path, detail)];
  }
  const errors: FieldError[] = [];
  const complain = (value: string, detail: string): void =>
    void errors.push(fieldErrors.invalid(path, value, detail));
  const at = authority.lastIndexOf('@');
  if (scheme.toLowerCase() !== 'https')
    complain(scheme.toLowerCase(), `'https' is the only allowed URL scheme${FORM}`);
  if (!authority.slice(at + 1)) complain('', `host must be specified${FORM}`);
  if (at >= 0) complain(authority.slice(0, at), 'user information is not permitted in the URL');
  if (fragment) complain(fragment, 'fragments are not permitted in the URL');
  if (query) complain(query, 'query parameters are not permitted in the URL');
  return errors;
}

function validateServicePath(text: string, path: string): FieldError[] {
  const complain = (detail: string): FieldError => fieldErrors.invalid(path, text, detail);
  if (text === '' || text === '/') return [];
  if (text === '//') return [complain('segment[0] may not be empty')];
  const errors = text.startsWith('/') ? [] : [complain("must start with a '/'")];
  // As upstream, the first character goes, whatever it is.
  const steps = text.slice(1).replace(/\/$/, '').split('/');
  for (const [index, step] of steps.entries()) {
    if (!step) errors.push(complain(`segment[${index}] may not be empty`));
    else
      errors.push(
        ...isDns1123Subdomain(step).map((problem) => complain(`segment[${index}]: ${problem}`)),
      );
  }
  return errors;
}

interface ServiceReference {
  name?: string;
  namespace?: string;
  path?: string;
  port?: number;
}

export function validateWebhookService(
  { name, namespace, path: urlPath, port = 0 }: ServiceReference,
  path: string,
): FieldError[] {
  const problems = isValidPortNum(port);
  return [
    ...fieldErrors.unless(name).required(`${path}.name`, 'service name is required'),
    ...fieldErrors.unless(namespace).required(`${path}.namespace`, 'service namespace is required'),
    ...fieldErrors
      .when(problems.length)
      .invalid(`${path}.port`, port, `port is not valid: ${problems.join(',')}`),
    ...(urlPath === undefined ? [] : validateServicePath(urlPath, `${path}.path`)),
  ];
}

export const REVIEW_VERSIONS = ['v1', 'v1beta1'];

export const knowsReview = (versions: readonly string[]): boolean =>
  versions.some((version) => REVIEW_VERSIONS.includes(version));

/** The versions of reviews that a webhook reads; the server must write one of them. */
export function validateReviewVersions(
  versions: readonly string[] | undefined,
  path: string,
  missing?: string,
  requiresKnown = true,
): FieldError[] {
  if (!versions?.length) return [fieldErrors.required(path, missing)];
  return [
    ...versions.flatMap((version, index) => {
      const at = `${path}[${index}]`;
      return versions.indexOf(version) < index
        ? [fieldErrors.invalid(at, version, 'duplicate version')]
        : validateWith(isDns1035Label, version, at);
    }),
    ...fieldErrors
      .unless(!requiresKnown || knowsReview(versions))
      .invalid(path, versions, `must include at least one of ${REVIEW_VERSIONS.join(', ')}`),
  ];
}
