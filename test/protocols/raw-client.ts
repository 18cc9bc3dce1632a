import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A socket that writes bytes and waits for others, for what no client library does. */
export class RawClient implements Disposable {
  readonly #socket: Socket;
  #received = '';
  #seen = 0;
  #ended = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString('latin1');
      this.#wake();
    });
    socket.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  static async connect(address: { readonly host: string; readonly port: number }): Promise<RawClient> {
    const socket = connect(address);
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  send(bytes: string | Buffer): this {
    this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    return this;
  }

  /** Waits for bytes, and `more` after them, behind those that were waited for before; gives what came up to there. */
  async until(part: string, more = 0): Promise<string> {
    for (;;) {
      const at = this.#received.indexOf(part, this.#seen);
      const end = at + part.length + more;
      if (at >= 0 && end <= this.#received.length) {
        const fresh = this.#received.slice(this.#seen, end);
        this.#seen = end;
        return fresh;
      }
      if (this.#ended) throw new Error(`ended after ${JSON.stringify(this.#received.slice(-500))}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
