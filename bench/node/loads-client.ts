import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Summary } from '@loads/core';
import { type ClientProcess, Program } from './client-process.ts';
import type { ClientLoad, Competitor } from './competitor.ts';

const LOADS_BIN = join(import.meta.dirname, '../../orchestrator/bin/loads.js');
const SCENARIO = join(import.meta.dirname, 'loads-scenario.ts');
const POLL_MS = 20;

/**
 * The product as a user runs it, with everything on. The scenario process is the client; its sidecar and the `loads`
 * command are processes of their own, and are not counted.
 */
export const loadsClient: Competitor = {
  name: 'loads',
  start: (load, signal) => startLoads(SCENARIO, load, signal),
};

/** Starts a run of a scenario file with a worker for each connection. */
export async function startLoads(scenario: string, load: ClientLoad, signal: AbortSignal): Promise<ClientProcess> {
  const { url, connections, seconds } = load;
  const dir = await mkdtemp(join(load.dir, 'loads-'));
  // It stands still while others have their turn: that is not to make the run invalid.
  const patience = ['--max-lag', '60s'];
  const flags = ['--json', '-w', `${connections}`, '-d', `${seconds}s`, '-t', new URL(url).origin, '--seed', '1'];
  const program = new Program([LOADS_BIN, 'run', scenario, ...flags, ...patience], dir);
  try {
    const pid = await scenarioPid(dir, program, signal);
    return {
      pid,
      finish: () => answersOf(program),
      [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
    };
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
}

/** Waits until the run's folder names the scenario process. */
async function scenarioPid(dir: string, program: Program, signal: AbortSignal): Promise<number> {
  for (;;) {
    const pid = await readPid(join(dir, '.loads/runs'));
    if (pid !== undefined) return pid;
    if (program.ended) throw new Error(`loads ended before its scenario began: ${(await program.end()).err}`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function readPid(runs: string): Promise<number | undefined> {
  const [run] = await readdir(runs).catch(() => []);
  if (run === undefined) return undefined;
  const json = await readFile(join(runs, run, 'nodes/1/processes.json'), 'utf8').catch(() => '{}');
  const { scenario } = JSON.parse(json) as { scenario?: { pid: number } };
  return scenario?.pid;
}

/** The answers that the run counted: it must have passed, and all iterations and checks must have held. */
async function answersOf(program: Program): Promise<number> {
  const { code, out, err } = await program.end();
  const last = out.trimEnd().split('\n').at(-1) ?? '';
  if (!last.startsWith('{"type":"summary"')) throw new Error(`loads ended with ${code}: ${err}`);
  const { summary } = JSON.parse(last) as { summary: Summary };
  const { total, checks, iterations, outcome, reasons } = summary;
  if (code !== 0) throw new Error(`loads: the run is ${outcome}: ${reasons.join('; ')}`);
  const checked = checks.reduce((sum, check) => sum + check.ok, 0);
  const iterated = iterations.reduce((sum, iteration) => sum + iteration.ok, 0);
  if (total.ko === 0 && checked === total.ok && iterated === total.ok) return total.ok;
  throw new Error(
    `loads: ${total.ok} requests good, ${total.ko} not; ${checked} checks and ${iterated} iterations held`,
  );
}
