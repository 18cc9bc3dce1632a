export type CatalogEntry = { readonly id: string; readonly name: string; readonly priceCents: number };

/** What the shop sells. How much of it there is, only the stock knows. */
export const CATALOG: readonly CatalogEntry[] = [
  { id: 'anvil', name: 'Anvil, 50 kg', priceCents: 18_900 },
  { id: 'rocket', name: 'Rocket, to sit on', priceCents: 99_900 },
  { id: 'magnet', name: 'Giant magnet', priceCents: 24_500 },
  { id: 'spring', name: 'Boot springs, a pair', priceCents: 4_900 },
  { id: 'glue', name: 'Quick glue, 1 l', priceCents: 1_250 },
  { id: 'rope', name: 'Rope, 20 m', priceCents: 2_100 },
  { id: 'paint', name: 'Tunnel paint, black', priceCents: 3_300 },
  { id: 'umbrella', name: 'Tiny umbrella', priceCents: 990 },
];
