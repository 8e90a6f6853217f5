// Sends requests to the server of the page, with the token of the visitor if there is one.
import { signal } from '@preact/signals';

/**
 * The path before /ui/ or /api/ in the address of the page, so that the prefix of `kubectl proxy`
 * works.
 */
export const base = location.pathname.replace(/\/(ui|api)\/.*$/, '');

const STORED = 'wheelhouse.token';

/** True after the server answered 401. */
export const needsToken = signal(false);

export function setToken(token: string): void {
  sessionStorage.setItem(STORED, token.trim());
  needsToken.value = false;
}

/** Reads a token from '#token=...', and removes it from the address and the history. */
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

/** Sends a request; throws ApiError with the message of the Status for answers of 400 and above. */
export async function request(
  path: string,
  init: { accept?: string; signal?: AbortSignal } = {},
): Promise<Response> {
  const token = sessionStorage.getItem(STORED);
  const headers: Record<string, string> = { accept: init.accept ?? 'application/json' };
  if (token) headers['authorization'] = `Bearer ${token}`;
  // The API server indents answers to browsers unless pretty=false; indented answers are half as
  // large again.
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
    // The body is not a Status: show it as text.
  }
  if (
    response.status === 401 ||
    (response.status === 403 && message.includes('"system:anonymous"'))
  )
    needsToken.value = true;
  throw new ApiError(response.status, message);
}

/** The lines of a response, as they arrive. */
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
