// Why a step of a pod's worker did not succeed, in words for the container's status.

export class SyncError extends Error {
  override name = 'SyncError';
  constructor(
    /** 'ErrImagePull', 'CreateContainerConfigError', 'RunContainerError', ... */
    readonly reason: string,
    message: string,
    /** When to try again (milliseconds since the epoch); undefined: by the worker's own back-off. */
    readonly retryAt?: number,
  ) {
    super(message);
  }
}
