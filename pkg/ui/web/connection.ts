// Requests and WebSockets to the server of the page, with the token of the visitor if there is one.
import { signal } from '@preact/signals';

/**
 * The path before /ui/ or /api/ in the address of the page, so that the prefix of `kubectl proxy`
 * works.
 */
const base = location.pathname.replace(/\/(ui|api)\/.*$/, '');

const STORED = 'wheelhouse.token';
const REVIEWS = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const BEARER_PROTOCOL = 'base64url.bearer.authorization.k8s.io.';

type User = { username: string; groups?: string[] };

/** The reason why the page asks for a token; '' while the server knows the visitor. */
export const askedBecause = signal<'' | 'unknown' | 'refused' | 'ended' | 'left'>('');
export const user = signal<User | undefined>(undefined);
/** False while the tab is hidden: nothing is watched then. */
export const visible = signal(document.visibilityState === 'visible');
document.addEventListener('visibilitychange', () => {
  visible.value = document.visibilityState === 'visible';
});

const token = (): string => sessionStorage.getItem(STORED) ?? '';
export const hasToken = (): boolean => token() !== '';

export class ApiError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly causes: readonly { field?: string; message: string }[] = [],
  ) {
    super(message);
  }
}

interface Init {
  accept?: string;
  signal?: AbortSignal;
  /** POST when there is a body. */
  method?: string;
  /** Sent as JSON, a text as it is. */
  body?: unknown;
  type?: string;
}

/** Sends a request; throws ApiError with the message of the Status for answers of 400 and above. */
export async function request(path: string, init: Init = {}): Promise<Response> {
  const headers: Record<string, string> = { accept: init.accept ?? 'application/json' };
  const sent = token();
  if (sent) headers['authorization'] = `Bearer ${sent}`;
  if (init.body) headers['content-type'] = init.type ?? 'application/json';
  // The API server indents answers to browsers unless pretty=false; indented answers are half as
  // large again.
  const response = await fetch(`${base}${path}${path.includes('?') ? '&' : '?'}pretty=false`, {
    headers,
    method: init.method ?? (init.body ? 'POST' : 'GET'),
    body: typeof init.body === 'string' ? init.body : (JSON.stringify(init.body) ?? null),
    signal: init.signal ?? null,
  });
  if (response.ok) return response;
  const text = await response.text();
  let [message, causes]: [string, ApiError['causes']] = [text, []];
  try {
    const status = JSON.parse(text) as { message?: string; details?: Pick<ApiError, 'causes'> };
    [message, causes] = [status.message ?? text, status.details?.causes ?? []];
  } catch {
    // The body is not a Status: show it as text.
  }
  const isAnonymous = response.status === 403 && message.includes('"system:anonymous"');
  if (sent === token() && !askedBecause.value && (response.status === 401 || isAnonymous))
    askedBecause.value = hasToken() && !isAnonymous ? 'ended' : 'unknown';
  throw new ApiError(response.status, message, causes);
}

/** Opens a WebSocket. The protocols name forms of its messages; the server chooses one. */
export function openSocket(path: string, ...protocols: string[]): WebSocket {
  const encoded = btoa(token()).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return new WebSocket(`${location.origin.replace(/^http/, 'ws')}${base}${path}`, [
    ...protocols,
    ...(encoded ? [`${BEARER_PROTOCOL}${encoded}`] : []),
  ]);
}

/** Asks the server for the name of the visitor. Throws ApiError. */
export async function identify(): Promise<void> {
  const asked = token();
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const answer = await (await request(REVIEWS, { body })).json();
  // The visitor may have left before the answer.
  if (asked === token()) user.value = (answer as { status: { userInfo: User } }).status.userInfo;
}

/** Keeps the token if the server accepts it. Throws when the server cannot be asked. */
export async function signIn(pasted: string): Promise<void> {
  const text = pasted.trim().replace(/^Bearer\s+/i, '');
  try {
    // Headers hold ASCII only.
    if (!/^[\x21-\x7e]+$/.test(text)) throw new ApiError(401, text);
    sessionStorage.setItem(STORED, text);
    await identify();
    askedBecause.value = user.value?.username === 'system:anonymous' ? 'refused' : '';
  } catch (error) {
    sessionStorage.removeItem(STORED);
    if (!(error instanceof ApiError) || error.code !== 401) throw error;
    askedBecause.value = 'refused';
  }
}

export function signOut(): void {
  sessionStorage.removeItem(STORED);
  user.value = undefined;
  askedBecause.value = 'left';
}
