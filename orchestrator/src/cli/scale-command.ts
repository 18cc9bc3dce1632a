import { resolve } from 'node:path';
import { EXIT, LoadsError, MOST_WORKERS } from '@loads/core';
import type { Command } from 'commander';
import { scaleRun, workersOf } from '../run/scale-run.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addDockerHost } from './docker-flags.ts';
import { knownRun } from './known-run.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { RUNS_ROOT } from './run-load.ts';

type ScaleFlags = OutputFlags & { dockerHost?: string[] };

/** Adds `loads scale`. */
export function addScale(loads: Command, context: CliContext): void {
  const scale = loads
    .command('scale')
    .description('set the number of workers of a run while it goes on, from any terminal')
    .argument('<run>', 'its id, the beginning of its id, or its folder')
    .argument('[workers]', 'over all nodes, or more or less of them: +10, -10 (default: say how many there are)');
  addOutputOptions(addDockerHost(scale)).action(async (name: string, text: string | undefined, flags: ScaleFlags) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'scale');
    const change = text === undefined ? undefined : parseChange(text);
    const { dockerHost: hosts = [] } = flags;
    const found = await knownRun(name, { root: resolve(RUNS_ROOT), hosts, env: context.env });
    const { run } = found;
    const { plan } = await found.record();
    const nodes = await found.nodes();
    const now = await workersOf({ run, plan, nodes }, Date.now());
    if (change === undefined) {
      const line = `${run} is to have ${now.wanted} workers; ${now.atWork} are at work`;
      terminal.result([line], { type: 'scale', run, workers: now.wanted, atWork: now.atWork });
    } else {
      const workers = change(now.wanted);
      mustFit(workers);
      await scaleRun(nodes, workers);
      const line = `${run} is to have ${workers} workers instead of ${now.wanted}`;
      terminal.result([line], { type: 'scale', run, workers, before: now.wanted, atWork: now.atWork });
    }
    context.exit(EXIT.passed);
  });
}

/** What a number of workers becomes. Throws ERR_USAGE. */
function parseChange(text: string): (before: number) => number {
  const [, sign, digits] = /^([+-]?)(\d{1,9})$/.exec(text) ?? [];
  if (digits === undefined) {
    throw new LoadsError('ERR_USAGE', `expected a number of workers, got '${text}'`, {
      hint: 'a whole number (0 lets all of them wait), or how many more or fewer: +10, -10',
    });
  }
  const number = Number(digits);
  if (sign === '+') return (before) => before + number;
  if (sign === '-') return (before) => before - number;
  mustFit(number);
  return () => number;
}

function mustFit(workers: number): void {
  if (workers >= 0 && workers <= MOST_WORKERS) return;
  throw new LoadsError('ERR_USAGE', `a run cannot have ${workers} workers`, {
    hint: `a number from 0 to ${MOST_WORKERS}`,
  });
}
