// A failed step of a pod worker, with the reason and message for the container's status.

export class SyncError extends Error {
  override name = 'SyncError';
  constructor(
    /** 'ErrImagePull', 'CreateContainerConfigError', 'RunContainerError', ... */
    readonly reason: string,
    message: string,
    /**
     * Time of the next attempt, milliseconds since the epoch; `undefined`: the worker's back-off.
     */
    readonly retryAt?: number,
  ) {
    super(message);
  }
}

/** A container that cannot be configured as its spec says. */
export const configError = (message: string): SyncError =>
  new SyncError('CreateContainerConfigError', message);
