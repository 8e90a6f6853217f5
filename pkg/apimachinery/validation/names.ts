// Syntax of names, keys and values that many kinds share, in upstream's wording
// (k8s.io/apimachinery/pkg/util/validation, api/validation/path). Each function returns its
// messages, none for a valid value; the caller adds the field. No function throws.

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const QUALIFIED_NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';

const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const LABEL_1035_TEXT =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
const QUALIFIED_TEXT = regexText(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  QUALIFIED_NAME,
  'MyName',
  'my.name',
  '123-abc',
);
const LABEL_VALUE_TEXT =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);
const labelRe = whole(LABEL);
const subdomainRe = whole(SUBDOMAIN);
const qualifiedRe = whole(QUALIFIED_NAME);

export const DNS1123_LABEL_MAX_LENGTH = 63;
export const DNS1123_SUBDOMAIN_MAX_LENGTH = 253;
export const LABEL_VALUE_MAX_LENGTH = 63;

export const EMPTY_TEXT = 'must be non-empty';

export const maxLengthText = (length: number): string =>
  `must be no more than ${length} characters`;

export const inclusiveRangeText = (low: number, high: number): string =>
  `must be between ${low} and ${high}, inclusive`;

/**
 * "MSG (e.g. 'a',  or 'b', regex used for validation is '...')"; the double space is upstream's.
 */
export function regexText(message: string, pattern: string, ...examples: string[]): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${pattern}')`;
  return `${message} (e.g. ${examples.map((e) => `'${e}', `).join(' or ')}regex used for validation is '${pattern}')`;
}

/** DNS label of at most 63 characters ('my-name'). */
export function isDns1123Label(value: string): string[] {
  const problems: string[] = [];
  if (value.length > DNS1123_LABEL_MAX_LENGTH)
    problems.push(maxLengthText(DNS1123_LABEL_MAX_LENGTH));
  if (!labelRe.test(value)) {
    if (subdomainRe.test(value)) problems.push('must not contain dots');
    else problems.push(regexText(LABEL_TEXT, LABEL, 'my-name', '123-abc'));
  }
  return problems;
}

/** Texts of at most `max` characters that match the pattern as a whole. */
function formed(
  max: number,
  pattern: string,
  message: string,
  ...examples: string[]
): (value: string) => string[] {
  const re = whole(pattern);
  return (value) => {
    const problems: string[] = [];
    if (value.length > max) problems.push(maxLengthText(max));
    if (!re.test(value)) problems.push(regexText(message, pattern, ...examples));
    return problems;
  };
}

/** DNS labels joined by dots, at most 253 characters: the rule for most object names. */
export const isDns1123Subdomain = formed(
  DNS1123_SUBDOMAIN_MAX_LENGTH,
  SUBDOMAIN,
  SUBDOMAIN_TEXT,
  'example.com',
);

/** DNS label that starts with a letter: names of services. */
export const isDns1035Label = formed(
  DNS1123_LABEL_MAX_LENGTH,
  LABEL_1035,
  LABEL_1035_TEXT,
  'my-name',
  'abc-123',
);

/** '*.example.com' as in ingress hosts. */
export const isWildcardDns1123Subdomain = formed(
  DNS1123_SUBDOMAIN_MAX_LENGTH,
  `\\*\\.${SUBDOMAIN}`,
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  '*.example.com',
);

export const isValidLabelValue = formed(
  LABEL_VALUE_MAX_LENGTH,
  `(${QUALIFIED_NAME})?`,
  LABEL_VALUE_TEXT,
  'MyValue',
  'my_value',
  '12345',
);

export const isHttpHeaderName = formed(
  Infinity,
  '[-A-Za-z0-9]+',
  "a valid HTTP header must consist of alphanumeric characters or '-'",
  'X-Header-Name',
);

const isKey = formed(
  DNS1123_SUBDOMAIN_MAX_LENGTH,
  '[-._a-zA-Z0-9]+',
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  'key.name',
  'KEY_NAME',
  'key-name',
);

/** 'name' or 'prefix.example.com/name': keys of labels, annotations, resources, conditions. */
export function isQualifiedName(value: string): string[] {
  const parts = value.split('/');
  const problems: string[] = [];
  let name = value;
  if (parts.length === 2) {
    const prefix = parts[0]!;
    name = parts[1]!;
    if (prefix === '') problems.push(`prefix part ${EMPTY_TEXT}`);
    else for (const text of isDns1123Subdomain(prefix)) problems.push(`prefix part ${text}`);
  } else if (parts.length > 2) {
    return [
      `a qualified name ${QUALIFIED_TEXT} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  if (name === '') problems.push(`name part ${EMPTY_TEXT}`);
  else if (name.length > LABEL_VALUE_MAX_LENGTH)
    problems.push(`name part ${maxLengthText(LABEL_VALUE_MAX_LENGTH)}`);
  if (!qualifiedRe.test(name)) problems.push(`name part ${QUALIFIED_TEXT}`);
  return problems;
}

/** Names that only need to fit into a URL path, such as names of RBAC objects. */
export function isPathSegmentName(value: string): string[] {
  if (value === '.') return ["may not be '.'"];
  if (value === '..') return ["may not be '..'"];
  const problems: string[] = [];
  for (const c of ['/', '%']) if (value.includes(c)) problems.push(`may not contain '${c}'`);
  return problems;
}

export const isConfigMapKey = (value: string): string[] => [
  ...isKey(value),
  ...dotDotProblems(value),
];

/** Printable ASCII without '=' (RelaxedEnvironmentVariableValidation, on in v1.32). */
export function isRelaxedEnvVarName(value: string): string[] {
  if (value === '') return ['environment variable name ' + EMPTY_TEXT];
  for (const c of value) {
    if (c < ' ' || c > '~' || c === '=')
      return [
        "a valid environment variable name must consist only of printable ASCII characters other than '='",
      ];
  }
  return [];
}

function dotDotProblems(value: string): string[] {
  if (value === '.') return ["must not be '.'"];
  if (value === '..') return ["must not be '..'"];
  if (value.startsWith('..')) return ["must not start with '..'"];
  return [];
}

export const isValidPortNum = (port: number): string[] =>
  Number.isInteger(port) && port >= 1 && port <= 65535 ? [] : [inclusiveRangeText(1, 65535)];

/** IANA service name: names of container and service ports. */
export function isValidPortName(value: string): string[] {
  const problems: string[] = [];
  if (value.length > 15) problems.push(maxLengthText(15));
  if (!/^[-a-z0-9]+$/.test(value))
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(value)) problems.push('must contain at least one letter (a-z)');
  if (value.includes('--')) problems.push('must not contain consecutive hyphens');
  if (value !== '' && (value.startsWith('-') || value.endsWith('-')))
    problems.push('must not begin or end with a hyphen');
  return problems;
}
