// Closes HTTP/2 sessions that say nothing: without a first request, or without any for long.
import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { SilenceLimits } from './http1-connections.js';

/** A session with an open stream, such as a quiet watch, is never closed. */
export function endSilentSession(session: ServerHttp2Session, limits: SilenceLimits): void {
  let open = 0;
  let silence = setTimeout(() => session.destroy(), limits.headerMs);
  session.on('stream', (stream: ServerHttp2Stream) => {
    open++;
    clearTimeout(silence);
    stream.once('close', () => {
      if (--open || session.destroyed) return;
      silence = setTimeout(() => session.close(), limits.idleMs);
    });
  });
  session.once('close', () => clearTimeout(silence));
}
