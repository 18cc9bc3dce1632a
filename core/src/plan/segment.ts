/**
 * The share of node `node` (1-based) of `nodes` in `total` numbered things (workers, arrivals, data rows): every
 * `nodes`-th number, so that all segments together are exactly the whole and differ in size by at most one.
 */
export function segment(total: number, node: number, nodes: number): readonly number[] {
  const numbers: number[] = [];
  for (let number = node - 1; number < total; number += nodes) numbers.push(number);
  return numbers;
}
