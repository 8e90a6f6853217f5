// GET over HTTPS from a peer that may be hostile: time and size of its answer are bounded.
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { get, type RequestOptions } from 'node:https';

interface Bounds {
  timeoutMs: number;
  maxBytes: number;
}

/** @throws Error for an answer that is too large or late, and for every failure of the network. */
export async function boundedGet(
  url: string | URL,
  { timeoutMs, maxBytes, signal, ...options }: RequestOptions & Bounds,
): Promise<{ status: number; text: string }> {
  const late = AbortSignal.timeout(timeoutMs);
  const either = signal ? AbortSignal.any([signal, late]) : late;
  const call = get(url, { agent: false, ...options, signal: either });
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  // The error of a broken answer ends the answer too.
  call.on('error', () => {});
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) throw new Error('the answer is too large');
  }
  return { status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') };
}
