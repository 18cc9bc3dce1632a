import { resolve } from 'node:path';
import { LoadsError } from '@loads/core';
import type { Command } from 'commander';
import { influxHere, influxSettings } from '../database/influx-settings.ts';
import { pushRun } from '../database/push-run.ts';
import { RunFolder } from '../store/run-folder.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { Interrupts } from './interrupts.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { RUNS_ROOT } from './run-load.ts';

/** Adds `loads push`. */
export function addPush(loads: Command, context: CliContext): void {
  const push = loads
    .command('push')
    .description('store the points of a run that the database did not take')
    .argument('[run]', 'its id, the beginning of its id, or its folder (default: the newest)');
  addOutputOptions(push).action(async (name: string | undefined, flags: OutputFlags) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'push');
    const folder = await RunFolder.open(resolve(RUNS_ROOT), name);
    const { run, plan } = folder.record;
    const influx = influxSettings(plan.influx && influxHere(plan.influx), context.env);
    if (!influx) {
      const hint =
        'set LOADS_INFLUX_URL, LOADS_INFLUX_BUCKET and LOADS_INFLUX_TOKEN; a run without `influx:` keeps no points';
      throw new LoadsError('ERR_USAGE', `run ${run} has no database`, { hint });
    }
    using interrupts = new Interrupts();
    const stop = new AbortController();
    interrupts.listen(() => stop.abort());
    const { written, refused, refusal } = await pushRun(folder.path, influx, stop.signal);
    const { url, bucket } = influx;
    terminal.result([`${written} points of ${run} are in \`${bucket}\` at ${url}`], {
      type: 'pushed',
      ...{ run, written, refused, url, bucket },
    });
    if (refusal !== undefined) terminal.warn(`${refused} points were refused: ${refusal}`);
    context.exit(0);
  });
}
