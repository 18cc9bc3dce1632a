import type { Socket } from 'node:net';
import type { ChannelCredentials } from '@grpc/grpc-js';
import { watchConduct } from '../connection/watch-conduct.ts';
import type { PeerConduct } from '../http/classify-failure.ts';

type Grpc = typeof import('@grpc/grpc-js');
type MakeConnector = ChannelCredentials['_createSecureConnector'];

/** What the newest connection of a channel has come to. */
export class ConnectionWatch {
  /** Why TLS could not be set up, or a forward proxy did not let the connection pass, with its code. */
  setUpError: unknown;
  #socket: Socket | undefined;
  #conduct: (() => PeerConduct) | undefined;
  /** What has been told of the bytes of all sockets. */
  #told = { sent: 0, received: 0 };
  #gone = { sent: 0, received: 0 };

  /** What the peer has done to the connection. */
  get conduct(): PeerConduct {
    return this.#conduct?.() ?? { ended: false, reset: false };
  }

  /** Bytes on the wire, TLS included, since the last time. */
  takeBytes(): { readonly sent: number; readonly received: number } {
    const all = this.#bytes();
    const taken = { sent: all.sent - this.#told.sent, received: all.received - this.#told.received };
    this.#told = all;
    return taken;
  }

  /** A new socket is connected. */
  onSocket(socket: Socket): void {
    this.#gone = this.#bytes();
    this.#socket = socket;
    this.setUpError = undefined;
    this.#conduct = watchConduct(socket);
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.#socket?.destroy();
  }

  #bytes(): { sent: number; received: number } {
    const { bytesWritten = 0, bytesRead = 0 } = this.#socket ?? {};
    return { sent: this.#gone.sent + bytesWritten, received: this.#gone.received + bytesRead };
  }
}

/**
 * Credentials that watch the sockets of their channel. grpc-js tells of the network in texts alone; the errors that it hides
 * have codes, by which failures are classed. `tunnel` makes a connected socket lead to the server, before TLS.
 */
export function watched(
  grpc: Grpc,
  inner: ChannelCredentials,
  watch: ConnectionWatch,
  tunnel?: (socket: Socket) => Promise<void>,
): ChannelCredentials {
  class WatchedCredentials extends grpc.ChannelCredentials {
    _isSecure(): boolean {
      return inner._isSecure();
    }

    _equals(other: ChannelCredentials): boolean {
      return other === this;
    }

    _createSecureConnector(...args: Parameters<MakeConnector>): ReturnType<MakeConnector> {
      const connector = inner._createSecureConnector(...args);
      return {
        connect: async (socket) => {
          watch.onSocket(socket);
          try {
            await tunnel?.(socket);
            return await connector.connect(socket);
          } catch (error) {
            watch.setUpError = error;
            throw error;
          }
        },
        waitForReady: () => connector.waitForReady(),
        getCallCredentials: () => connector.getCallCredentials(),
        destroy: () => connector.destroy(),
      };
    }
  }
  return new WatchedCredentials();
}
