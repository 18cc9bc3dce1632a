import { LoadsError, type WeightedBehavior } from '@loads/core';
import * as z from 'zod';
import { type Rule, unitKey } from '../proxy/rule.ts';

/** What of a recorded fault decides about its repetition. */
const recordedSchema = z.object({
  proxy: z.string(),
  rule: z.string(),
  behavior: z.string(),
  connection: z.int(),
  request: z.int(),
  options: z.record(z.string(), z.unknown()),
});

type Recorded = z.output<typeof recordedSchema>;

/**
 * The rules, by proxy, that repeat the faults of a faults log (a line of JSON each) on the same connections and
 * requests. What a behavior draws besides (a jitter, a status) repeats with the same seed. Throws ERR_CONFIG for a line
 * that is no fault.
 */
export function replayRules(log: string, file: string): ReadonlyMap<string, readonly Rule[]> {
  const faults = log
    .split('\n')
    .flatMap((line, i) => (line.trim() === '' ? [] : [readFault(line, `${file}:${i + 1}`)]));
  const proxies = Map.groupBy(faults, ({ proxy }) => proxy);
  return new Map([...proxies].map(([proxy, recorded]) => [proxy, rulesOf(recorded)]));
}

function readFault(line: string, place: string): Recorded {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (cause) {
    throw new LoadsError('ERR_CONFIG', `${place}: expected a fault as one line of JSON`, { cause });
  }
  const parsed = recordedSchema.safeParse(json);
  if (!parsed.success)
    throw new LoadsError('ERR_CONFIG', `${place}: no recorded fault: ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}

function rulesOf(recorded: readonly Recorded[]): readonly Rule[] {
  return [...Map.groupBy(recorded, ({ rule }) => rule)].map(([name, faults]) => {
    const behaviors: WeightedBehavior[] = [];
    const replay = new Map<string, number>();
    for (const { behavior, connection, request, options } of faults) {
      // What passed while it warmed up is not in the log.
      const own = 'warmup' in options ? { ...options, warmup: 0 } : options;
      const same = (one: WeightedBehavior): boolean =>
        one.behavior === behavior && JSON.stringify(one.options) === JSON.stringify(own);
      const known = behaviors.findIndex(same);
      replay.set(unitKey(connection, request), known === -1 ? behaviors.length : known);
      if (known === -1) behaviors.push({ percent: 100, behavior, options: own });
    }
    return { name, behaviors, replay };
  });
}
