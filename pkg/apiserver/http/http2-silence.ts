// Closes HTTP/2 sessions that say nothing: without a first request, or without any for long.
import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { SilenceLimits } from './http1-connections.js';

/** Ended streams that the list may hold between two looks at it; each keeps some kilobytes. */
const SPARE_STREAMS = 4;

/**
 * A session with an open stream, such as a quiet watch, is never closed; without a stream it ends
 * after `idleMs` to twice that. A timer looks at the streams, because a listener and a timer for
 * each stream cost a twentieth of a small answer.
 */
export function endSilentSession(session: ServerHttp2Session, limits: SilenceLimits): void {
  /** All that were open at the last look, and all since. */
  let streams: ServerHttp2Stream[] = [];
  let room = SPARE_STREAMS;
  const keepOpen = (): void => {
    streams = streams.filter((stream) => !stream.destroyed);
    room = 2 * streams.length + SPARE_STREAMS;
  };
  const look = (): void => {
    if (!streams.length) return session.close();
    keepOpen();
    silence = setTimeout(look, limits.idleMs);
  };
  let silence = setTimeout(() => session.destroy(), limits.headerMs);
  session.once('stream', () => {
    clearTimeout(silence);
    silence = setTimeout(look, limits.idleMs);
  });
  session.on('stream', (stream: ServerHttp2Stream) => {
    if (streams.push(stream) > room) keepOpen();
  });
  session.once('close', () => clearTimeout(silence));
}
