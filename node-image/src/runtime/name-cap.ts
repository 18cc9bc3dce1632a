const MOST_NAMES = 500;
const OTHER_NAMES = '(other)';

/** Keeps the distinct names that a scenario gives to one kind of thing bounded: what comes later is `(other)`. */
export class NameCap {
  readonly #names = new Set<string>();

  capped(name: string): string {
    if (this.#names.has(name)) return name;
    if (this.#names.size >= MOST_NAMES) return OTHER_NAMES;
    this.#names.add(name);
    return name;
  }
}
