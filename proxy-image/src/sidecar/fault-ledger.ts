import { type FaultSpan, mergeSpans, spanKey } from '@loads/core';

/** The first and the last fault of each kind on this node. */
export class FaultLedger {
  readonly #spans = new Map<string, FaultSpan>();

  note({ fault, proxy, behavior, first, last }: FaultSpan): void {
    const span = { fault, proxy, behavior, first, last };
    const key = spanKey(span);
    const known = this.#spans.get(key);
    const [merged = span] = known ? mergeSpans([known, span]) : [span];
    this.#spans.set(key, merged);
  }

  get spans(): readonly FaultSpan[] {
    return [...this.#spans.values()];
  }
}
