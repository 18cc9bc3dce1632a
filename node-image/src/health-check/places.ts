import { type Address, addressOfUrl, formatAddress, parseAddress, type RunPlan } from '@loads/core';

/** What a node has to reach, and what it is for the run. */
export type Place = { readonly what: string; readonly address: Address };

/** The target, and of each proxy where it listens on this node (`host:port` by name) and what stands behind it; each once. */
export function placesOf(
  { target, proxies }: Pick<RunPlan, 'target' | 'proxies'>,
  listening: Readonly<Record<string, string>>,
): readonly Place[] {
  const places: Place[] = target === undefined ? [] : [{ what: 'the target', address: addressOfUrl(target) }];
  for (const { name, backend } of proxies) {
    const proxy = parseAddress(listening[name] ?? '');
    if (proxy) places.push({ what: `proxy ${name}`, address: proxy });
    places.push({ what: `the backend of ${name}`, address: backend });
  }
  const seen = new Set<string>();
  return places.filter(({ address }) => {
    const key = formatAddress(address);
    return !seen.has(key) && seen.add(key);
  });
}
