// An HTTP/2 client of one server that may die at any moment. Each call ends within its timeout, and
// a call without a response reports that.
import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';

// Tests read nested fields and assert their values, so the type is as loose as that of JSON.parse.
export type Json = ReturnType<typeof JSON.parse>;

export interface Reply {
  /** 0: no response, or an incomplete one. */
  status: number;
  json: Json;
  text: string;
}

const NO_ANSWER: Reply = { status: 0, json: {}, text: '' };
const CONNECT_MS = 3_000;

export class HttpClient {
  private session: ClientHttp2Session | undefined;

  constructor(
    private readonly url: string,
    private readonly ca: string,
    private readonly token: string,
  ) {}

  private open(
    method: string,
    path: string,
    headers: Record<string, string>,
  ): ClientHttp2Stream | undefined {
    if (!this.session || this.session.closed || this.session.destroyed) {
      const session = connect(this.url, { ca: this.ca });
      session.on('error', () => {});
      session.setTimeout(CONNECT_MS, () => {
        if (session.connecting) session.destroy();
      });
      this.session = session;
    }
    try {
      return this.session.request(
        { ':method': method, ':path': path, authorization: `Bearer ${this.token}`, ...headers },
        { endStream: false },
      );
    } catch {
      return undefined; // the session closed meanwhile
    }
  }

  /**
   * Resolves with the response; status 0 after `ms` or when the connection is lost. Never rejects.
   */
  call(
    method: string,
    path: string,
    body: unknown,
    ms: number,
    contentType = 'application/json',
  ): Promise<Reply> {
    return new Promise((resolve) => {
      const stream = this.open(
        method,
        path,
        body === undefined ? {} : { 'content-type': contentType },
      );
      if (!stream) return resolve(NO_ANSWER);
      const timer = setTimeout(() => {
        stream.close();
        // A paused peer would delay every later call too.
        this.session?.destroy();
        resolve(NO_ANSWER);
      }, ms);
      let text = '';
      let status = 0;
      let complete = false;
      stream.setEncoding('utf8');
      stream.on('response', (headers) => (status = Number(headers[':status'])));
      stream.on('data', (chunk: string) => (text += chunk));
      stream.on('end', () => (complete = true));
      stream.on('error', () => {});
      stream.on('close', () => {
        clearTimeout(timer);
        if (!status || !complete || stream.rstCode) return resolve(NO_ANSWER);
        resolve({ status, json: text.startsWith('{') ? (JSON.parse(text) as Json) : {}, text });
      });
      stream.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /**
   * Calls back for each line of a watch. Resolves with the status when the watch ends, or 0 when it
   * was cut; `idleMs` without a line ends it.
   */
  watch(
    path: string,
    onLine: (line: Json) => void,
    signal: AbortSignal,
    idleMs: number,
  ): Promise<number> {
    return new Promise((resolve) => {
      const stream = this.open('GET', path, {});
      if (!stream) return resolve(0);
      stream.end();
      let rest = '';
      let status = 0;
      const stop = () => stream.close();
      let idle = setTimeout(stop, idleMs);
      signal.addEventListener('abort', stop, { once: true });
      stream.setEncoding('utf8');
      stream.on('response', (headers) => (status = Number(headers[':status'])));
      stream.on('data', (chunk: string) => {
        clearTimeout(idle);
        idle = setTimeout(stop, idleMs);
        const lines = (rest + chunk).split('\n');
        rest = lines.pop()!;
        for (const line of lines) if (line && !signal.aborted) onLine(JSON.parse(line) as Json);
      });
      stream.on('error', () => {});
      stream.on('close', () => {
        clearTimeout(idle);
        signal.removeEventListener('abort', stop);
        resolve(stream.rstCode ? 0 : status);
      });
      if (signal.aborted) stop();
    });
  }

  close(): void {
    this.session?.destroy();
  }
}
