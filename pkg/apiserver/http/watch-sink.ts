// Contract of a watch's answer: the stream that its events are written to.

/** The stream of a watch's answer. */
export interface WatchSink {
  /** True while `buffered` is so small that the caller need not read it. */
  write(chunk: Buffer): boolean;
  /** Bytes that the stream has accepted and the connection has not. */
  readonly buffered: number;
  onDrain(callback: () => void): void;
  end(): void;
}
