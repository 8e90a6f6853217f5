// The termination message of a container (upstream: kuberuntime_container.go
// getTerminationMessage): its termination log, or with FallbackToLogsOnError the end of its output
// after a failure.
import { open } from 'node:fs/promises';
import {
  TERMINATION_LOG_BYTES,
  TERMINATION_LOG_LINES,
  TERMINATION_MESSAGE_BYTES,
} from '../limits.js';
import { logTail } from '../logs/read-log.js';
import type { RuntimeContainerStatus } from '../runtime/runtime.js';
import { readAnnotations } from '../types/labels.js';

async function head(file: string, bytes: number): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return '';
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.min(size, bytes));
    await handle.read(buffer, 0, buffer.length, Math.max(0, size - buffer.length));
    return buffer.toString();
  } finally {
    await handle.close();
  }
}

export async function terminationMessage(status: RuntimeContainerStatus): Promise<string> {
  const annotations = readAnnotations(status.annotations);
  const mount = status.mounts.find((m) => m.containerPath === annotations.terminationMessagePath);
  const written = mount ? await head(mount.hostPath, TERMINATION_MESSAGE_BYTES) : '';
  if (
    written ||
    annotations.terminationMessagePolicy !== 'FallbackToLogsOnError' ||
    status.exitCode === 0
  )
    return written;
  return logTail(status.logPath, TERMINATION_LOG_LINES, TERMINATION_LOG_BYTES).catch(() => '');
}
