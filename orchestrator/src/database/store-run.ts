import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InfluxPlan } from '@loads/core';
import { LineSender } from '@loads/vaurien';
import { RUN_POINTS } from './kept-points.ts';

const MOST_MS = 5000;

/**
 * Keeps the points of a run as a whole in its folder, for `loads push`, and writes them into the database. Gives why they
 * are not there, when they are not within 5 s: the verdict does not depend on it.
 */
export async function storeRun(
  folder: string,
  influx: InfluxPlan,
  lines: readonly string[],
): Promise<string | undefined> {
  const kept = await writeFile(join(folder, RUN_POINTS), `${lines.join('\n')}\n`).then(
    () => '',
    (error: unknown) => `; nor are they kept: ${error instanceof Error ? error.message : String(error)}`,
  );
  using sender = new LineSender(influx, { timeoutMs: MOST_MS });
  const { failure, refusal } = await sender.send(lines, AbortSignal.timeout(MOST_MS));
  const problem = failure ?? refusal;
  return problem && `${problem.message} (${problem.hint})${kept}`;
}
