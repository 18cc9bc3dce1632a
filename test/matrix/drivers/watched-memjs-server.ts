import type { Socket } from 'node:net';
import memjs from 'memjs';

/**
 * The connection of memjs, with two things that its users miss: it forgets requests whose connection the server ends in
 * good order, and it keeps to itself what the server said of an error beside the status.
 */
export class WatchedMemjsServer extends memjs.Server {
  /** What the server said last. */
  said = '';
  #socket: Socket | undefined;

  override onResponse(seq: number, answer: (response: memjs.Response) => void): void {
    super.onResponse(seq, (response) => {
      this.said = response.val.toString('latin1');
      answer(response);
    });
  }

  override sock(sasl: boolean, go: (socket: Socket) => void): void {
    super.sock(sasl, (socket) => {
      if (this.#socket !== socket) {
        this.#socket = socket;
        socket.once('close', () => this.error(new Error('the connection was closed')));
      }
      go(socket);
    });
  }

  /** Drops the connection. */
  drop(): void {
    this.#socket?.destroy();
  }
}
