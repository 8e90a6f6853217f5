// Many watchers over few HTTP/2 connections; counts events. Prints 'ready' when all streams are
// open and, after each number on standard input, 'armed', then 'done' when that many further events
// were seen.
import { readFileSync } from 'node:fs';
import { connect, type ClientHttp2Session } from 'node:http2';

const { WATCH_URL, WATCH_PATH, WATCH_CA, WATCH_TOKEN, WATCHERS, CONNECTIONS } =
  process.env as Record<string, string>;
const NEWLINE = 10;

let open = 0;
let seen = 0;
let wanted = Infinity;

function count(chunk: Buffer): void {
  for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) seen++;
  if (seen >= wanted) {
    process.stdout.write('done\n');
    wanted = Infinity;
  }
}

/**
 * The windows of client-go's transport. With Node's default of 64 KB per connection the server
 * would stop three times per event.
 */
const CONNECTION_WINDOW_BYTES = 1 << 30;
const STREAM_WINDOW_BYTES = 4 << 20;

function opened(): ClientHttp2Session {
  const session = connect(WATCH_URL!, {
    ca: readFileSync(WATCH_CA!),
    settings: { initialWindowSize: STREAM_WINDOW_BYTES },
  });
  session.once('connect', () => session.setLocalWindowSize(CONNECTION_WINDOW_BYTES));
  return session;
}

const sessions = Array.from({ length: Number(CONNECTIONS) }, opened);
for (let i = 0; i < Number(WATCHERS); i++) {
  const session = sessions[i % sessions.length]!;
  const stream = session.request({
    ':path': WATCH_PATH!.replace('{n}', String(i)),
    authorization: `Bearer ${WATCH_TOKEN}`,
  });
  stream.on('response', (headers) => {
    if (headers[':status'] !== 200) throw new Error(`watch answered ${headers[':status']}`);
    if (++open === Number(WATCHERS)) process.stdout.write('ready\n');
  });
  stream.on('data', count);
}
process.stdin.on('data', (chunk: Buffer) => {
  seen = 0;
  wanted = Number(chunk.toString());
  process.stdout.write('armed\n');
});
process.on('SIGTERM', () => process.exit(0));
