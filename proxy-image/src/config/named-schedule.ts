import { didYouMean, type Problem } from '@loads/core';
import { isObject } from './given.ts';
import type { ProxyEntry } from './proxy-entries.ts';

/** An entry of a schedule that has a section of its own (`[schedule:NAME]`), for one proxy. */
export type NamedEntry = { readonly name: string; readonly entry: Readonly<Record<string, unknown>> };

/**
 * Gives each proxy the sections that are meant for it. A section says so with `proxy`; without it the proxy of the top
 * level is meant, or the only one.
 */
export function assignSections(
  schedule: unknown,
  proxies: readonly ProxyEntry[],
  problems: Problem[],
): ReadonlyMap<string, readonly NamedEntry[]> {
  const assigned = new Map<string, NamedEntry[]>();
  if (!isObject(schedule)) return assigned;
  const names = proxies.map(({ name }) => name);
  const otherwise = names.includes('default') ? 'default' : names.length === 1 ? names[0] : undefined;
  for (const [name, section] of Object.entries(schedule)) {
    const path = ['schedule', name];
    if (!isObject(section)) {
      problems.push({ path, message: 'expected keys such as `at`, `for` and `behavior`' });
      continue;
    }
    const { proxy = otherwise, ...entry } = section;
    const meant = names.find((one) => one === proxy);
    if (meant === undefined) problems.push({ path: [...path, 'proxy'], message: whichProxy(proxy, names) });
    else assigned.set(meant, [...(assigned.get(meant) ?? []), { name, entry }]);
  }
  return assigned;
}

function whichProxy(proxy: unknown, names: readonly string[]): string {
  if (proxy === undefined) return `needs \`proxy\`, which of ${names.join(', ')} is meant`;
  const hint = didYouMean(String(proxy), names);
  return `there is no proxy '${proxy}'; ${hint === undefined ? `there are ${names.join(', ')}` : `did you mean '${hint}'?`}`;
}
