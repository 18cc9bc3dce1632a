/** What wants to hear of the abort of a signal. */
export interface Abortable {
  onAbort(): void;
}

const lists = new WeakMap<AbortSignal, Set<Abortable>>();

/**
 * Tells an item when a signal aborts, once, until it is taken back. A listener of the signal's own would be 250 bytes for
 * each of ten thousand workers, and to take one back the signal goes through all of them.
 */
export function tellOfAbort(signal: AbortSignal, item: Abortable): void {
  let list = lists.get(signal);
  if (list === undefined) {
    list = newList(signal);
    lists.set(signal, list);
  }
  list.add(item);
}

/** The item need not hear of it any more. */
export function takeBack(signal: AbortSignal, item: Abortable): void {
  lists.get(signal)?.delete(item);
}

function newList(signal: AbortSignal): Set<Abortable> {
  const list = new Set<Abortable>();
  signal.addEventListener(
    'abort',
    () => {
      const items = Array.from(list);
      list.clear();
      for (const item of items) item.onAbort();
    },
    { once: true },
  );
  return list;
}
