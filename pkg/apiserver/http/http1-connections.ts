// The HTTP/1.1 connections of a server that ends: the idle ones at once, each other one after its answer,
// which says so. Node's own list of connections is empty for servers that are handed their connections.
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

  /** The connection belongs to whoever upgraded it. */
  handOver(socket: Socket): void {
    this.idle.delete(socket);
  }

  end(): void {
    this.ending = true;
    for (const response of this.answering) response.shouldKeepAlive = false;
    for (const socket of this.idle) socket.end();
  }
}
