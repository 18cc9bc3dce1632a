import { formatAddress, parseAddress } from '@loads/core';
import type { Crew } from './crew.ts';
import type { NodeBrief } from './link-client.ts';

/** What goes to a proxy's backend goes through the proxy. */
export function dialOf({ plan, proxies }: NodeBrief): Crew['dial'] {
  return new Map(
    plan.proxies.flatMap(({ name, backend }) => {
      const address = parseAddress(proxies[name] ?? '');
      return address ? [[formatAddress(backend), address] as const] : [];
    }),
  );
}
