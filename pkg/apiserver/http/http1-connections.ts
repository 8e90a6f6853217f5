// Closes HTTP/1.1 connections that should be closed. A stopping server closes idle connections
// immediately, the others after their answer, which carries `connection: close`. Silent connections
// end after a time without a whole request. Node does neither for a server that gets its sockets
// from another listener.
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** In milliseconds. */
export interface SilenceLimits {
  /** From the connection to the end of the first request's head, handshake included. */
  headerMs: number;
  /** From an answer to the end of the next request's head. */
  idleMs: number;
}

interface Connection {
  /** Requests without a whole answer; more than one while a client pipelines. */
  answering: number;
  silence: NodeJS.Timeout | undefined;
}

export class Http1Connections {
  private readonly open = new Map<Socket, Connection>();
  private readonly answering = new Set<ServerResponse>();
  private ending = false;

  constructor(private readonly limits: SilenceLimits) {}

  add(socket: Socket): void {
    const connection: Connection = { answering: 0, silence: undefined };
    this.open.set(socket, connection);
    this.listen(socket, connection, this.limits.headerMs);
    socket.once('close', () => this.handOver(socket));
  }

  private listen(socket: Socket, connection: Connection, ms: number): void {
    connection.silence = setTimeout(() => socket.destroy(), ms);
  }

  begin(socket: Socket, response: ServerResponse): void {
    const connection = this.open.get(socket);
    if (connection) {
      connection.answering++;
      clearTimeout(connection.silence);
    }
    this.answering.add(response);
    if (this.ending) response.shouldKeepAlive = false;
    response.once('close', () => {
      this.answering.delete(response);
      if (connection) connection.answering--;
      if (socket.destroyed) return;
      if (this.ending) socket.end();
      else if (connection?.answering === 0 && this.open.has(socket))
        this.listen(socket, connection, this.limits.idleMs);
    });
  }

  /** Forgets a connection that was upgraded: the handler of the upgrade owns it. */
  handOver(socket: Socket): void {
    clearTimeout(this.open.get(socket)?.silence);
    this.open.delete(socket);
  }

  end(): void {
    this.ending = true;
    for (const response of this.answering) response.shouldKeepAlive = false;
    for (const [socket, { answering }] of this.open) if (!answering) socket.end();
  }
}
