import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Summary } from '@loads/core';
import { Program } from '../node/client-process.ts';
import { cpuSeconds } from '../node/cpu-time.ts';
import { CLIENT_CORE, pin } from '../node/pin.ts';

const LOADS_BIN = join(import.meta.dirname, '../../orchestrator/bin/loads.js');
const POLL_MS = 20;
const WARM_UP_MS = 2000;

/** CPU of a node's two processes over the same window, in cores. */
export type NodeCpu = { readonly agent: number; readonly scenario: number };

/**
 * Runs `loads run ARGS` with one node, and measures the CPU of its processes for `seconds` from outside, when they are
 * warm. The scenario process gets a core of its own. Throws an Error when the run came to no verdict.
 */
export async function measuredRun(
  dir: string,
  args: readonly string[],
  seconds: number,
): Promise<{ readonly cpu: NodeCpu; readonly summary: Summary }> {
  const cwd = await mkdtemp(join(dir, 'agent-'));
  await using program = new Program([LOADS_BIN, 'run', '--json', ...args], cwd);
  const pids = await nodePids(cwd, program);
  pin(pids.scenario, CLIENT_CORE);
  await sleep(WARM_UP_MS);
  const read = (): number[] => [cpuSeconds(pids.sidecar), cpuSeconds(pids.scenario), performance.now() / 1000];
  const [agentFrom = 0, scenarioFrom = 0, from = 0] = read();
  await sleep(seconds * 1000);
  const [agentTo = 0, scenarioTo = 0, to = 0] = read();
  const { code, out, err } = await program.end();
  const last = out.trimEnd().split('\n').at(-1) ?? '';
  if (!last.startsWith('{"type":"summary"')) throw new Error(`loads ended with ${code}: ${err}${last}`);
  const { summary } = JSON.parse(last) as { summary: Summary };
  // On a machine that is busy the run may be invalid: the ratio of two CPU times is sound all the same.
  for (const reason of summary.reasons) console.log(`  the run is ${summary.outcome}: ${reason}`);
  const cpu = { agent: (agentTo - agentFrom) / (to - from), scenario: (scenarioTo - scenarioFrom) / (to - from) };
  return { cpu, summary };
}

/** Waits until the run's folder names both processes. */
async function nodePids(cwd: string, program: Program): Promise<{ sidecar: number; scenario: number }> {
  const runs = join(cwd, '.loads/runs');
  for (;;) {
    const [run = ''] = await readdir(runs).catch(() => []);
    const json = await readFile(join(runs, run, 'nodes/1/processes.json'), 'utf8').catch(() => '{}');
    const { sidecar, scenario } = JSON.parse(json) as Partial<Record<'sidecar' | 'scenario', { pid: number }>>;
    if (sidecar && scenario) return { sidecar: sidecar.pid, scenario: scenario.pid };
    if (program.ended) throw new Error(`loads ended before its node began: ${(await program.end()).err}`);
    await sleep(POLL_MS);
  }
}
