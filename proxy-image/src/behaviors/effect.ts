/**
 * What a behavior asks of a protocol. Every protocol performs every effect in its own way, so that behaviors and
 * protocols do not know each other: a new behavior is a new mix of effects, a new protocol performs them all.
 */
export type Effect =
  /** Nothing: the unit passes, and no fault is reported. */
  | { readonly kind: 'pass' }
  /** What the client sent (request), or what the backend answers (response), is held for `ms` before it is passed on. */
  | { readonly kind: 'hold'; readonly ms: number; readonly side: 'request' | 'response' }
  /** The protocol's native error is the answer. The backend never sees the request, or does it and is not heard. */
  | {
      readonly kind: 'answer';
      readonly code: string | number | undefined;
      readonly message: string | undefined;
      readonly point: 'before' | 'forwarded';
    }
  /** `bytes` random bytes stand in the middle of every piece of the answer. */
  | { readonly kind: 'corrupt'; readonly bytes: number }
  /** No answer, until the client leaves, `maxMs` passed (without it: never) or the rule ends; then a reset. */
  | { readonly kind: 'silence'; readonly maxMs: number | undefined }
  /** The client's connection is cut at once, by a reset or by an orderly end. */
  | { readonly kind: 'cut'; readonly mode: CutMode }
  /** The backend gets the request; the connection is cut when the client has got so many bytes of the answer. */
  | { readonly kind: 'abort'; readonly afterBytes: number };

export type CutMode = 'rst' | 'fin';
