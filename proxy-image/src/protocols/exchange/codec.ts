/**
 * What a protocol of requests and responses has to know, and nothing of what a fault does: a codec finds where requests
 * and responses begin and end in the bytes of one connection, and writes the protocol's native error. The bytes
 * themselves are moved, held, replaced and counted by the exchange engine.
 */
export type Codec = {
  /** The server speaks first: the backend is connected as soon as the client is. */
  readonly serverFirst: boolean;
  /**
   * A request goes to the backend when the one before it has been answered: for protocols in which few backends take
   * more. Until then nothing that the client sends is read, so there are no `continued` bytes in such a protocol: they
   * would wait for an answer that waits for them. Where a serial codec gives them all the same, the connection goes opaque.
   */
  readonly serial?: boolean;
  /**
   * Whether the backend's connection is as good as new, once nothing is under way: nothing that this client has said or
   * done on it can show to another client, and the backend keeps it open. Without it: never. The engine itself answers
   * no where a request was not answered or not judged, bytes came unasked, or the connection is opaque.
   */
  readonly reusable?: boolean;
  /**
   * Refers to nothing of a chunk once `readBackend` has returned. The engine may then read into the same memory again,
   * which is what makes it fast. Without it, chunks are the codec's own.
   */
  readonly keepsNothing?: boolean;
  /**
   * Reads what the client sent, from index `from` of the chunk on. Called again with the `end` of each step until the
   * chunk is used up, and once more after a `head`, even where that ended the chunk (`from` is its length then): a
   * request may be all head. A request may be spread over any number of chunks, and a chunk may hold several requests.
   */
  readClient(chunk: Buffer, from: number): ClientStep;
  /**
   * Reads what the backend sent, from index `from` on, in answer to `request`, the oldest one that it has been sent and
   * has not answered; undefined when it speaks unasked.
   */
  readBackend(chunk: Buffer, from: number, request: Request | undefined): BackendStep;
  /** The native error that answers a request in the backend's place. Undefined: the protocol has none here, so the connection is cut. */
  errorFor(request: Request, error: NativeError): Answer | undefined;
};

/** What a codec may ask about the connection that it reads. */
export type CodecLink = {
  /** `host:port` of the backend. */
  readonly backendName: string;
};

/** Makes the codec of one connection: whatever state it keeps is that connection's. */
export type CodecFactory = (link: CodecLink) => Codec;

/** A request, as far as its head tells. A codec may extend it with what it needs to read the response. */
export type Request = {
  /** What is asked for, without data or secrets: `GET /items`, `SELECT`, `HSET`, `RCPT`. */
  readonly operation: string;
  /** The value of a field of the request by its lower-case name, where the protocol has fields. */
  header?(name: string): string | undefined;
  /** Whether a response will come (false for `noreply`, quiet and one-way commands). */
  readonly answered: boolean;
  /** Whether a fault may hit it: false for handshakes and other exchanges that are no requests of the application. */
  readonly judged: boolean;
  /** What the backend gets in the place of the head's bytes; without it the head as it came. */
  readonly headForBackend?: Buffer | undefined;
  /**
   * Set when the request must not reach the backend as it is, though no fault hits it: because of an earlier injected
   * error the two sides see the session differently (a transaction that only the client knows to have failed).
   * `toBackend` goes out in its place and its response is swallowed; `toClient` is the answer.
   */
  readonly instead?: { readonly toBackend: Buffer | undefined; readonly toClient: Buffer } | undefined;
};

export type ClientStep =
  /** The rest of the chunk belongs to what was begun; more is to come. */
  | { readonly kind: 'more' }
  /** Enough of a new request has been read to decide about it: up to `end`, and maybe in chunks before. Its rest follows as `more` or `complete`. */
  | { readonly kind: 'head'; readonly end: number; readonly request: Request }
  /** The request whose head was given last ends at `end` (which may be `from`, when its head was all of it). */
  | { readonly kind: 'complete'; readonly end: number }
  /** Bytes up to `end` belong to an exchange under way whose request is complete: a password in a handshake, data that the server asked for. */
  | { readonly kind: 'continued'; readonly end: number }
  /** From `from` on this connection is not understood any more (TLS, an upgrade, replication, garbage). */
  | { readonly kind: 'opaque' };

export type BackendStep =
  /** The rest of the chunk belongs to the response under way. */
  | { readonly kind: 'more' }
  /** The response to `request` ends at `end`. */
  | { readonly kind: 'complete'; readonly end: number }
  /** Bytes up to `end` answer no request: a greeting, a push message, a notice. */
  | { readonly kind: 'unasked'; readonly end: number }
  | { readonly kind: 'opaque' };

/** The error to be told in the protocol's words. */
export type NativeError = {
  /** Stands in the text of the error, so that an application's log can be joined with the fault. */
  readonly id: string;
  /** As the user chose it, a number or a word of the protocol (503, 1205, `40001`, `LOADING`); undefined: the protocol's default. */
  readonly code: string | number | undefined;
  /** The user's text; undefined: the protocol's default. `{id}` stands for the id. */
  readonly message: string | undefined;
  /** In [0, 1), from the seed: for protocols that choose among several codes. */
  readonly draw: number;
  /** Epoch ms. */
  readonly atMs: number;
};

export type Answer = {
  readonly bytes: Buffer;
  /** The connection ends after it, as the protocol demands. */
  readonly close: boolean;
  /**
   * What the backend gets in the place of a request that it is not to see, so that both sides agree on where they are;
   * its response is swallowed, and then the answer is given. Only where the request would be `answered`.
   */
  readonly toBackend?: Buffer | undefined;
};
