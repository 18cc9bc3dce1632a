/** How a proxy carries its traffic, beside what it breaks. What is not said is as the proxy has it by default. */
export type ProxySettings = {
  /** Options of its protocol, validated by that. */
  readonly protocolOptions?: Readonly<Record<string, unknown>> | undefined;
  readonly limits?: ProxyLimits | undefined;
  /** TLS towards the clients, PEM. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** TLS towards the backend. */
  readonly backendTls?: BackendTls | undefined;
};

/** Bounds of a proxy. What is not said is not bounded. */
export type ProxyLimits = {
  /** Connections at a time; further ones are reset at once, and counted. */
  readonly connections?: number | undefined;
  /** Connections that the kernel keeps until they are accepted. */
  readonly backlog?: number | undefined;
  /** ms until a backend has to be connected. */
  readonly connectMs?: number | undefined;
  /** ms without a byte of a client that waits for nothing, after which its connection is ended. */
  readonly idleMs?: number | undefined;
  /** Most bytes that are passed on as one piece; the protocol's own `buffer` goes before it. Default: as they come. */
  readonly pieceBytes?: number | undefined;
  /** ms of age up to which a backend connection serves further clients, with `reuse_socket`. Default: 30 s. */
  readonly poolMs?: number | undefined;
};

/** TLS towards a backend. */
export type BackendTls = {
  /** Certificates to trust instead of the system's, PEM. */
  readonly ca?: string | undefined;
  /** Whether its certificate has to be valid; default: true. */
  readonly rejectUnauthorized?: boolean | undefined;
  /** The name in the certificate; default: the backend's host. */
  readonly servername?: string | undefined;
};
