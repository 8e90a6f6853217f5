// How the page talks to the API: the server it came from, with the visitor's token if there is one.
import { signal } from '@preact/signals';

/** Everything before /ui/ or /api/ in the page's address, so that prefixes of `kubectl proxy` work. */
export const base = location.pathname.replace(/\/(ui|api)\/.*$/, '');

const STORED = 'wheelhouse.token';

/** True while the server does not know who we are. */
export const needsToken = signal(false);

export function setToken(token: string): void {
  sessionStorage.setItem(STORED, token.trim());
  needsToken.value = false;
}

/** Takes a token from '#token=...', and takes it out of the address and the history. */
export function adoptTokenFromAddress(): void {
  const found = /^#token=([\w.-]+)$/.exec(location.hash);
  if (!found) return;
  setToken(found[1]!);
  history.replaceState(null, '', '#/');
}

export class ApiError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** Fetches; throws ApiError with the Status' message for answers of 400 and above. */
export async function request(
  path: string,
  init: { accept?: string; signal?: AbortSignal } = {},
): Promise<Response> {
  const token = sessionStorage.getItem(STORED);
  const headers: Record<string, string> = { accept: init.accept ?? 'application/json' };
  if (token) headers['authorization'] = `Bearer ${token}`;
  // Answers to browsers are indented unless they say no: half as large again, for nobody to see.
  const response = await fetch(`${base}${path}${path.includes('?') ? '&' : '?'}pretty=false`, {
    headers,
    ...(init.signal ? { signal: init.signal } : {}),
  });
  if (response.ok) return response;
  const text = await response.text();
  let message = text;
  try {
    message = (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    // Not a Status: shown as it is.
  }
  if (
    response.status === 401 ||
    (response.status === 403 && message.includes('"system:anonymous"'))
  )
    needsToken.value = true;
  throw new ApiError(response.status, message);
}

/** The lines of an answer as they come. */
export async function* lines(response: Response): AsyncGenerator<string> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const parts = (rest + value).split('\n');
    rest = parts.pop()!;
    for (const part of parts) yield part;
  }
  if (rest) yield rest;
}
