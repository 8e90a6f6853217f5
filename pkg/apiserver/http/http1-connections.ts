// Closes the HTTP/1.1 connections of a stopping server: idle connections immediately, the others
// after their answer, which carries `connection: close`. Node tracks no connections of a server
// that gets its sockets from another listener.
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export class Http1Connections {
  private readonly idle = new Set<Socket>();
  private readonly answering = new Set<ServerResponse>();
  private ending = false;

  add(socket: Socket): void {
    this.idle.add(socket);
    socket.once('close', () => this.idle.delete(socket));
  }

  begin(socket: Socket, response: ServerResponse): void {
    this.idle.delete(socket);
    this.answering.add(response);
    if (this.ending) response.shouldKeepAlive = false;
    response.once('close', () => {
      this.answering.delete(response);
      if (socket.destroyed) return;
      if (this.ending) socket.end();
      else this.idle.add(socket);
    });
  }

  /** Forgets a connection that was upgraded: the handler of the upgrade owns it. */
  handOver(socket: Socket): void {
    this.idle.delete(socket);
  }

  end(): void {
    this.ending = true;
    for (const response of this.answering) response.shouldKeepAlive = false;
    for (const socket of this.idle) socket.end();
  }
}
