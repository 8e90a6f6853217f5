// The part of the package raw-socket (MIT, without types) that echo.ts uses.
declare module 'raw-socket' {
  import type { Buffer } from 'node:buffer';
  interface RawSocket {
    on(event: 'message', listener: (packet: Buffer, source: string) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'close', listener: () => void): this;
    send(
      buffer: Buffer,
      offset: number,
      length: number,
      address: string,
      before: () => void,
      after: (error: Error | null, bytes: number) => void,
    ): this;
    setOption(level: number, option: number, value: Buffer | number, length?: number): void;
    close(): this;
  }
  const rawSocket: {
    createSocket(options: {
      protocol: number;
      addressFamily?: number;
      bufferSize?: number;
    }): RawSocket;
    createChecksum(...parts: Buffer[]): number;
    writeChecksum(buffer: Buffer, offset: number, checksum: number): Buffer;
  };
  export default rawSocket;
}
