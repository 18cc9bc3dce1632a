import { basename } from 'node:path';
import type { StatsdSample } from '@loads/core';

/**
 * What is counted of a foreign program that ran in a container of its own: it is one iteration, which failed when the
 * program ended with another exit code than 0. `code` is undefined when nobody said it.
 */
export function programSamples(program: string, lastedMs: number, code: number | undefined): readonly StatsdSample[] {
  const scenario = basename(program);
  const failed = code !== undefined && code !== 0;
  const tags = { scenario };
  const samples: readonly StatsdSample[] = [
    { name: 'iterations', type: 'c', value: 1, weight: 1, tags },
    { name: 'iteration_failed', type: 'h', value: failed ? 1 : 0, weight: 1, tags },
    { name: 'iteration_duration', type: 'ms', value: lastedMs, weight: 1, tags },
  ];
  const exit = { scenario, code: String(code) };
  const told: readonly StatsdSample[] =
    code === undefined ? [] : [{ name: 'command_exits', type: 'c', value: 1, weight: 1, tags: exit }];
  if (!failed) return [...samples, ...told];
  return [...samples, ...told, { name: 'failures', type: 'c', value: 1, weight: 1, tags: { class: 'exit', scenario } }];
}
