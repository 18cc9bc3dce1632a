import { existsSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { autocannonClient } from './node/autocannon-client.ts';
import { bareLoopClient } from './node/bare-loop-client.ts';
import type { Competitor } from './node/competitor.ts';
import { type Flags, readFlags } from './node/flags.ts';
import { heyClient } from './node/hey-client.ts';
import { k6Client } from './node/k6-client.ts';
import { loadsClient } from './node/loads-client.ts';
import { locustClient } from './node/locust-client.ts';
import { bytesPerIdleWorker, soak } from './node/memory.ts';
import { molotovClient } from './node/molotov-client.ts';
import { startNginxTarget } from './node/nginx-target.ts';
import { CLIENT_CORE, pin, preferOverAll, SERVER_CORE } from './node/pin.ts';
import { socketLoopClient } from './node/socket-loop-client.ts';
import { TURN_SECONDS, type Turn, takeTurns } from './node/take-turns.ts';
import type { Target } from './node/target.ts';
import { wrkClient } from './node/wrk-client.ts';
import { type Figures, median, ratioLines } from './report.ts';

// `npm run bench:node`: requests per client CPU-second of Loads and of its peers, in one run against one server.
const CONNECTIONS = 50;
const IDLE_WORKERS = 10_000;
/** A server that is busier than this may have held its clients back, 1 = one core. */
const BUSY_SERVER = 0.9;
/** A client that the server does not hold back never waits: with less than this share of a core something else kept it waiting. */
const FREE_CLIENT = 0.9;
/** Ours first. */
const COMPETITORS: readonly Competitor[] = [
  loadsClient,
  wrkClient,
  socketLoopClient,
  autocannonClient,
  bareLoopClient,
  heyClient,
  k6Client,
  locustClient,
  molotovClient,
];

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
try {
  await run(readFlags(process.argv.slice(2)), interrupted.signal);
} catch (error) {
  if (!interrupted.signal.aborted) throw error;
  console.error('interrupted');
  process.exitCode = 130;
}

type Results = ReadonlyMap<Competitor, readonly Turn[]>;

/** Measures, and prints what it found. Leaves no process and no file. */
async function run(flags: Flags, signal: AbortSignal): Promise<void> {
  // What is started from here on inherits the core; each client is then moved to its own.
  const pinned = pin(process.pid, SERVER_CORE);
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown CPU'}`);
  console.log(pinned ? `nginx on core ${SERVER_CORE}, client on core ${CLIENT_CORE}` : 'nothing is pinned to a core');
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-bench-'));
  await using target = await startNginxTarget(dir.path);
  if (flags.realtime) preferOverAll(target.pid);
  const memory = { target, dir: dir.path, signal };
  if (flags.soak > 0) {
    console.log(`${flags.soak} s at full rate, by tenths: memory of the scenario process, and requests`);
    await soak(memory, { connections: CONNECTIONS, seconds: flags.soak, pinned }, (tenth) =>
      console.log(`${tenth.residentMiB.toFixed(0)} MiB  ${tenth.requestsPerSecond.toFixed(0)}/s`),
    );
    return;
  }
  report(await turns(flags, { target, dir: dir.path, pinned, signal }));
  const bytes = await bytesPerIdleWorker(IDLE_WORKERS, memory);
  console.log(`\n${IDLE_WORKERS} idle workers, each with a connection: ${(bytes / 1024).toFixed(1)} KiB each`);
}

type Stand = {
  readonly target: Target;
  readonly dir: string;
  readonly pinned: boolean;
  readonly signal: AbortSignal;
};

/** Measures every competitor that is installed, in turns. */
async function turns({ seconds, realtime }: Flags, { target, dir, pinned, signal }: Stand): Promise<Results> {
  console.log(`${seconds} s for each client in turns of ${TURN_SECONDS} s, ${CONNECTIONS} connections`);
  const absent = COMPETITORS.filter(({ needs }) => needs !== undefined && !isInstalled(needs));
  for (const { name, needs } of absent) console.log(`${name}: skipped, there is no \`${needs}\` on the PATH`);
  const present = COMPETITORS.filter((competitor) => !absent.includes(competitor));
  const load = { url: target.url, connections: CONNECTIONS, seconds, dir };
  const results = await takeTurns(present, target, { load, pinned, realtime, signal });
  for (const [competitor, measured] of results) console.log(`${competitor.name}: ${describe(measured)}`);
  return results;
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

function report(results: Results): void {
  const [ours, ...others] = [...results].map(figuresOf);
  console.log('');
  if (ours) for (const line of ratioLines(ours, others, 'requests per client CPU-second')) console.log(line);
  const all = [...results.values()].flat();
  const busy = all.filter(({ serverCpu }) => serverCpu > BUSY_SERVER);
  if (busy.length > 0) console.log(`\nIn ${busy.length} of ${all.length} turns the server was the limit.`);
  const disturbed = all.filter(({ clientCpu, serverCpu }) => clientCpu < FREE_CLIENT && serverCpu <= BUSY_SERVER);
  if (disturbed.length === 0) return;
  console.log(
    `\nIn ${disturbed.length} of ${all.length} turns the client had less than ${percent(FREE_CLIENT)} of a core: something else ran there.`,
  );
}

function figuresOf([{ name }, measured]: readonly [Competitor, readonly Turn[]]): Figures {
  return { name, values: measured.map(({ requestsPerCpuSecond }) => requestsPerCpuSecond) };
}

function describe(measured: readonly Turn[]): string {
  const middle = (key: keyof Turn): number => median(measured.map((turn) => turn[key]));
  const perSecond = Math.round(middle('requestsPerSecond'));
  return `${perSecond}/s, client ${percent(middle('clientCpu'))}, server ${percent(middle('serverCpu'))} of a core`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
