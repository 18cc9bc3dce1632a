/** A map with two keys. Joining them to one would make, and hash, a new string at every look-up. */
export class PairMap<V> {
  readonly #maps = new Map<string, Map<string, V>>();

  get(first: string, second: string): V | undefined {
    return this.#maps.get(first)?.get(second);
  }

  set(first: string, second: string, value: V): void {
    const map = this.#maps.get(first);
    if (map === undefined) this.#maps.set(first, new Map([[second, value]]));
    else map.set(second, value);
  }
}
