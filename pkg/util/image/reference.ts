// Parses image references as the container world does (distribution/reference v0.6,
// ParseNormalizedNamed): 'busybox', 'reg:5000/a/b:tag@sha256:...'.

export interface ImageReference {
  domain: string;
  path: string;
  tag?: string;
  digest?: string;
}

const DEFAULT_DOMAIN = 'docker.io';
const LEGACY_DOMAIN = 'index.docker.io';
const MAX_PATH = 255;
const LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = `(?:${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const TAG = '[\\w][\\w.-]{0,127}';
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const domainRe = new RegExp(`^${DOMAIN}$`);
const restRe = new RegExp(`^(${COMPONENT}(?:/${COMPONENT})*)(?::(${TAG}))?(?:@(${DIGEST}))?$`);
const identifierRe = /^[a-f0-9]{64}$/;

/** The registry's domain, and what follows it. */
function splitDomain(text: string): [domain: string, rest: string] {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(slash, 0));
  const isDomain = /[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first;
  if (slash < 0 || !isDomain) return [DEFAULT_DOMAIN, text];
  return [first === LEGACY_DOMAIN ? DEFAULT_DOMAIN : first, text.slice(slash + 1)];
}

/** Undefined for texts that name no image. */
export function parseImageReference(text: string): ImageReference | undefined {
  if (identifierRe.test(text)) return undefined;
  const [domain, rest] = splitDomain(text);
  const match = restRe.exec(rest);
  if (!match || !domainRe.test(domain)) return undefined;
  const [, name = '', tag, digest] = match;
  const path = domain === DEFAULT_DOMAIN && !name.includes('/') ? `library/${name}` : name;
  if (path.length > MAX_PATH) return undefined;
  return { domain, path, ...(tag && { tag }), ...(digest && { digest }) };
}

/** Why a text names no image, in the words of the library; for texts that do not parse. */
export function imageReferenceError(text: string): string {
  if (identifierRe.test(text))
    return `invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`;
  const [domain, rest] = splitDomain(text);
  const [name = ''] = rest.split(':');
  const path = domain === DEFAULT_DOMAIN && !rest.includes('/') ? `library/${name}` : name;
  return path === path.toLowerCase()
    ? 'invalid reference format'
    : `invalid reference format: repository name (${path}) must be lowercase`;
}
