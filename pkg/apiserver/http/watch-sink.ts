// Contract of a watch's answer: the stream that its events are written to.
/** Where a watcher's bytes go: a stream of the connection. */
export interface WatchSink {
  /** True while `buffered` is small and need not be looked at. */
  write(chunk: Buffer): boolean;
  /** Bytes accepted but not yet on the wire. */
  readonly buffered: number;
  onDrain(callback: () => void): void;
  end(): void;
}
