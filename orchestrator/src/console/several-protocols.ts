import type { RequestRow } from '@loads/core';

/** Whether rows of requests have to say their protocol: a run that speaks HTTP alone need not. */
export function severalProtocols(rows: readonly Pick<RequestRow, 'protocol'>[]): boolean {
  return rows.some(({ protocol = 'http' }) => protocol !== 'http');
}
