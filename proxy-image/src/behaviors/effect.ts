/**
 * What a behavior asks of a protocol. Every protocol performs every effect in its own way, so that behaviors and
 * protocols do not know each other: a new behavior is a new mix of effects, a new protocol performs them all.
 */
export type Effect =
  /** Nothing: the unit passes, and no fault is reported. */
  | { readonly kind: 'pass' }
  /** What the client sent is held for `ms` before it is forwarded. */
  | { readonly kind: 'hold'; readonly ms: number }
  /** The protocol's native error is the answer, the backend gives none. `code` is for protocols that have codes. */
  | { readonly kind: 'answer'; readonly code: number | undefined; readonly body: string | undefined }
  /** No answer, until the client leaves, `maxMs` passed (without it: never) or the rule ends; then a reset. */
  | { readonly kind: 'silence'; readonly maxMs: number | undefined }
  /** The client's connection is cut at once, by a reset or by an orderly end. */
  | { readonly kind: 'cut'; readonly mode: CutMode };

export type CutMode = 'rst' | 'fin';
