/** Bounds of a proxy. What is not said is not bounded. */
export type ProxyLimits = {
  /** Connections at a time, TLS handshakes among them; further ones are turned away at once, and counted. */
  readonly connections?: number | undefined;
  /** Connections that the kernel keeps until they are accepted. */
  readonly backlog?: number | undefined;
  /** ms until a backend has to be connected. */
  readonly connectMs?: number | undefined;
  /** ms without a byte of a client that waits for nothing, after which its connection is ended. */
  readonly idleMs?: number | undefined;
  /** Most bytes that are passed on as one piece; the protocol's own `buffer` goes before it. Default: as they come. */
  readonly pieceBytes?: number | undefined;
  /** ms for which a connection to the backend may serve new clients, with `reuse_socket`. Default: 30 s. */
  readonly poolMs?: number | undefined;
};
