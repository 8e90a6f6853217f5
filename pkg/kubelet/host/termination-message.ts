// The termination message of a container (upstream: kuberuntime_container.go
// getTerminationMessage): its termination log, or with FallbackToLogsOnError the end of its output
// after a failure.
import path from 'node:path';
import { readBeneath } from '../../system/files/beneath.js';
import { podsDirectory, type Layout } from '../layout.js';
import {
  TERMINATION_LOG_BYTES,
  TERMINATION_LOG_LINES,
  TERMINATION_MESSAGE_BYTES,
} from '../limits.js';
import { logTail } from '../logs/read-log.js';
import type { Mount, RuntimeContainerStatus } from '../runtime/runtime.js';
import { readAnnotations } from '../types/labels.js';

/** UID/containers/NAME/FILE below the folder of all pods. */
const OWN_FILE = /^[^/]+\/containers\/[^/]+\/[^/]+$/;

/**
 * Only the file that the kubelet made for this container counts, also when the container mounts a
 * volume at the same path: a file of a volume may be a link to a file of the host by now.
 */
async function written(layout: Layout, mounts: readonly Mount[], at: string): Promise<string> {
  const root = podsDirectory(layout);
  for (const { containerPath, hostPath } of mounts) {
    const own = path.relative(root, hostPath);
    if (containerPath !== at || !OWN_FILE.test(own)) continue;
    return (
      (await readBeneath(root, own, TERMINATION_MESSAGE_BYTES).catch(() => ''))?.toString() ?? ''
    );
  }
  return '';
}

export async function terminationMessage(
  layout: Layout,
  status: RuntimeContainerStatus,
): Promise<string> {
  const annotations = readAnnotations(status.annotations);
  const message = await written(layout, status.mounts, annotations.terminationMessagePath);
  if (
    message ||
    annotations.terminationMessagePolicy !== 'FallbackToLogsOnError' ||
    status.exitCode === 0
  )
    return message;
  return logTail(status.logPath, TERMINATION_LOG_LINES, TERMINATION_LOG_BYTES).catch(() => '');
}
