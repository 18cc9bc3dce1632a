import type { BackendTls, ProxyLimits } from '@loads/core';
import type { BackendPool } from './backend-pool.ts';
import type { Endpoint } from './endpoint.ts';
import type { InjectionContext } from './injection.ts';
import type { LiveRules } from './live-rules.ts';
import type { ProxyStats } from './stats.ts';

/** What the connections of a proxy have in common. */
export type SessionContext = InjectionContext & {
  /** Where new connections to the backend go. */
  backend(): Endpoint;
  readonly backendTls: BackendTls | undefined;
  readonly limits: ProxyLimits;
  /** Where a backend connection goes that is as good as new when its client leaves; undefined: it is closed. */
  readonly pool: BackendPool | undefined;
  /** Most bytes that are passed on as one piece; undefined: as they come. */
  readonly pieceBytes: number | undefined;
  readonly rules: LiveRules;
  readonly stats: ProxyStats;
};
