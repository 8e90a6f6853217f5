// Where the main thread of this process is, asked of its debugger by another thread. No port opens.
import { Session, type Debugger } from 'node:inspector';
import { TRACE_WAIT_MS } from './limits.js';

const FRAMES = 20;

/** Lines of a stack; a line that says so when native code keeps the debugger out. */
export async function traceMainThread(): Promise<string[]> {
  const session = new Session();
  const urls = new Map<string, string>();
  session.connectToMainThread();
  try {
    return await new Promise<string[]>((resolve, reject) => {
      const late = () => resolve(['native code, which the debugger cannot stop']);
      const timer = setTimeout(late, TRACE_WAIT_MS);
      session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url));
      session.once('Debugger.paused', ({ params }) => {
        clearTimeout(timer);
        resolve(params.callFrames.slice(0, FRAMES).map((frame) => line(frame, urls)));
      });
      session.post('Debugger.enable', (error) => error && reject(error));
      session.post('Debugger.pause');
    });
  } finally {
    session.disconnect(); // the main thread runs on
  }
}

const line = (
  { functionName, location }: Debugger.CallFrame,
  urls: ReadonlyMap<string, string>,
): string =>
  `at ${functionName || '<anonymous>'} (${urls.get(location.scriptId)}:${location.lineNumber + 1}:${(location.columnNumber ?? 0) + 1})`;
