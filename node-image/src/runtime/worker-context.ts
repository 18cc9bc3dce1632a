import type { WorkerContext } from '../api/context.ts';
import type { ConnectionScope } from '../connection/connection-scope.ts';
import { protocolsOf } from '../connection/protocols.ts';
import type { Crew } from './crew.ts';
import { groupNow } from './steps.ts';
import { waitOrThrow } from './waiting.ts';

/** What the contexts of a worker have in common. */
export type WorkerPart = Pick<WorkerContext, 'check' | 'stats' | 'vars' | 'worker'> & {
  /** The scenario or fixture that runs now. */
  readonly scenario: () => string;
};

/** What a worker's functions work with; what they open belongs to a scope. */
export function workerContext(crew: Crew, { scenario, ...own }: WorkerPart, scope: ConnectionScope): WorkerContext {
  const { brief, dial, recorder, data, shared, cut: signal } = crew;
  const { target, env } = brief.plan;
  const { ws, grpc, tcp } = protocolsOf({ scope, recorder, dial, target, signal, scenario, group: groupNow });
  return {
    check: own.check,
    sleep: (ms) => waitOrThrow(ms, signal),
    ws,
    grpc,
    tcp,
    stats: own.stats,
    vars: own.vars,
    data,
    shared,
    signal,
    worker: own.worker,
    node: brief.node,
    env,
  };
}
