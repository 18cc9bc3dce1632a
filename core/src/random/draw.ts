/**
 * A draw in [0, 1) that depends on nothing but its keys: the same seed and keys give the same number in every process.
 * Keys are mixed one by one (FNV-1a over their text, then the finalizer of MurmurHash3), so a change of one key moves
 * no draw of another.
 */
export function draw(seed: number, ...keys: readonly (string | number)[]): number {
  return hash(seed, keys) / 0x1_0000_0000;
}

/** A pseudo-random sequence in [0, 1) for one consumer, started from a seed and its keys (mulberry32). */
export function randomSequence(seed: number, ...keys: readonly (string | number)[]): () => number {
  let state = hash(seed, keys);
  return function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

function hash(seed: number, keys: readonly (string | number)[]): number {
  let state = finalize(seed | 0);
  for (const key of keys) {
    const text = String(key);
    for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
    // Closes the key, so that ('a', 'bc') and ('ab', 'c') differ.
    state = finalize(state ^ text.length);
  }
  return state >>> 0;
}

function finalize(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
