import { spawnSync } from 'node:child_process';
import { mkdtempDisposable, readdir, readFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Lateness, readLateness } from './arrivals/lateness.ts';
import { Program } from './node/client-process.ts';
import { startNginxTarget } from './node/nginx-target.ts';
import { CLIENT_CORE, pin, SERVER_CORE } from './node/pin.ts';

// `npm run bench:arrivals`: how well an open model keeps its plan, by the product's own `schedule_lag`.
const LOADS_BIN = join(import.meta.dirname, '../orchestrator/bin/loads.js');
const SCENARIO = join(import.meta.dirname, 'arrivals/scenario.ts');
const WITHIN_MS = 2;
const WANTED = 0.999;
const BARE_TIMER = join(import.meta.dirname, 'arrivals/bare-timer.ts');
/** How long a bare timer is watched before and after each round, s. */
const LOOK = 3;

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    /** Lets nothing else of this machine have the core meanwhile: the nearest to an idle one on a busy machine. Needs root. */
    realtime: { type: 'boolean', default: false },
  },
});

console.log(
  `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, load ${loadavg()[0]}`,
);
const pinned = pin(process.pid, SERVER_CORE);
console.log(
  pinned
    ? `main thread of the scenario process on core ${CLIENT_CORE}, all else on core ${SERVER_CORE}`
    : 'nothing is pinned to a core',
);
await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-arrivals-'));
await using target = await startNginxTarget(dir.path);
const REQUEST = ['-e', 'REQUEST=1', '-t', new URL(target.url).origin];
for (const [title, flags] of [
  ['an empty iteration', []],
  ['an empty iteration, --busy-wait', ['--busy-wait']],
  ['one request', REQUEST],
  ['one request, --busy-wait', [...REQUEST, '--busy-wait']],
] as const) {
  for (let round = 1; round <= Number(values.rounds); round++) {
    const before = await bareTimer();
    const lateness = await measure(flags);
    console.log(describe(title, lateness, Math.min(before, await bareTimer())));
  }
}

/** The share of the instants that a bare timer is there for in time, 0-1. */
async function bareTimer(): Promise<number> {
  await using program = new Program([BARE_TIMER, values.rate, `${LOOK}`, `${WITHIN_MS}`], dir.path);
  place(program.pid);
  return Number(await program.finish());
}

async function measure(flags: readonly string[]): Promise<Lateness> {
  const load = ['--rate', `${values.rate}/s`, '-d', `${values.seconds}s`, '--seed', '1'];
  await using program = new Program([LOADS_BIN, 'run', SCENARIO, '--json', ...load, ...flags], dir.path);
  const before: readonly string[] = await readdir(join(dir.path, '.loads/runs')).catch(() => []);
  for (let pid: number | undefined; pid === undefined && !program.ended; await sleep(20)) {
    pid = await scenarioPid(before);
    if (pid !== undefined) place(pid);
  }
  const { code, err, out } = await program.end();
  const [run = ''] = (await readdir(join(dir.path, '.loads/runs'))).filter((one) => !before.includes(one));
  if (code !== 0 && code !== 98) throw new Error(`loads ended with ${code}: ${err}${out}`);
  return await readLateness(join(dir.path, '.loads/runs', run), WITHIN_MS);
}

/** The scenario process of the run that is not one of `before`, once its folder names it. */
async function scenarioPid(before: readonly string[]): Promise<number | undefined> {
  const root = join(dir.path, '.loads/runs');
  const run = (await readdir(root).catch(() => [])).find((one) => !before.includes(one));
  if (run === undefined) return undefined;
  const json = await readFile(join(root, run, 'nodes/1/processes.json'), 'utf8').catch(() => '{}');
  return (JSON.parse(json) as { scenario?: { pid: number } }).scenario?.pid;
}

/** Gives a program's main thread a core; its others, such as those of V8's compiler, go where there is room. */
function place(pid: number): void {
  if (pinned) spawnSync('taskset', ['-cp', `${CLIENT_CORE}`, `${pid}`], { stdio: 'ignore' });
  if (!values.realtime) return;
  const { status } = spawnSync('chrt', ['-a', '-f', '-p', '50', `${pid}`], { stdio: 'ignore' });
  if (status !== 0) throw new Error('--realtime needs chrt, and the right to use it');
}

function describe(title: string, { started, dropped, p50, p99, p999, max, within }: Lateness, timer: number): string {
  const share = `${percent(within)} within ${WITHIN_MS} ms`;
  const late = [p50, p99, p999, max].map((ms) => ms.toFixed(2)).join(' / ');
  const verdict = within >= WANTED && dropped === 0 ? 'ok' : `wanted ${WANTED * 100} %`;
  return `${title}: ${started} starts, ${dropped} dropped, ${share} (${verdict}); late by p50/p99/p99.9/max ${late} ms; a bare timer: ${percent(timer)} within ${WITHIN_MS} ms`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)} %`;
}
