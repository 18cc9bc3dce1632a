import { mkdtempDisposable } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { autocannonClient } from './node/autocannon-client.ts';
import { bareLoopClient } from './node/bare-loop-client.ts';
import type { Competitor } from './node/competitor.ts';
import { type Flags, readFlags } from './node/flags.ts';
import { loadsClient } from './node/loads-client.ts';
import { type Measured, measure } from './node/measure.ts';
import { CLIENT_CORE, pin, SERVER_CORE } from './node/pin.ts';
import { startTarget } from './node/target.ts';
import { type Figure, median, ratioLines } from './report.ts';

// `npm run bench:node`: requests per client CPU-second of Loads and of its peers, in one run against one server.
const CONNECTIONS = 50;
/** A server that is busier than this may have held its clients back, 1 = one core. */
const BUSY_SERVER = 0.9;
/** A client never waits here: with less than this share of a core it was kept waiting by something else. */
const FREE_CLIENT = 0.9;
/** Ours first. */
const COMPETITORS: readonly Competitor[] = [loadsClient, bareLoopClient, autocannonClient];

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
try {
  report(await run(readFlags(process.argv.slice(2)), interrupted.signal));
} catch (error) {
  if (!interrupted.signal.aborted) throw error;
  console.error('interrupted');
  process.exitCode = 130;
}

type Results = ReadonlyMap<Competitor, Measured[]>;

/** Measures every competitor once in each round. Leaves no process and no file. */
async function run({ rounds, seconds }: Flags, signal: AbortSignal): Promise<Results> {
  // What is started from here on inherits the core; each client is then moved to its own.
  const pinned = pin(process.pid, SERVER_CORE);
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown CPU'}`);
  console.log(`${rounds} rounds of ${seconds} s, ${CONNECTIONS} connections`);
  console.log(pinned ? `server on core ${SERVER_CORE}, client on core ${CLIENT_CORE}` : 'nothing is pinned to a core');
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-bench-'));
  await using target = await startTarget();
  const load = { url: target.url, connections: CONNECTIONS, seconds, dir: dir.path };
  const results: Results = new Map(COMPETITORS.map((competitor) => [competitor, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const [competitor, measurements] of results) {
      const measured = await measure(competitor, target, { load, pinned, signal });
      measurements.push(measured);
      console.log(`round ${round}/${rounds}  ${competitor.name}: ${describe(measured)}`);
    }
  }
  return results;
}

function report(results: Results): void {
  const [ours, ...others] = [...results].map(figureOf);
  console.log('');
  if (ours) for (const line of ratioLines(ours, others, 'requests per client CPU-second')) console.log(line);
  const all = [...results.values()].flat();
  const busy = all.filter(({ serverCpu }) => serverCpu > BUSY_SERVER);
  if (busy.length > 0) console.log(`\nIn ${busy.length} of ${all.length} measurements the server was the limit.`);
  const disturbed = all.filter(({ clientCpu }) => clientCpu < FREE_CLIENT);
  if (disturbed.length === 0) return;
  console.log(
    `\nIn ${disturbed.length} of ${all.length} measurements the client had less than ${percent(FREE_CLIENT)} of a core:`,
  );
  console.log('something else ran on this machine, and the figures mean little. Repeat it when the machine is quiet.');
}

function figureOf([{ name }, measurements]: readonly [Competitor, readonly Measured[]]): Figure {
  return { name, value: median(measurements.map(({ requestsPerCpuSecond }) => requestsPerCpuSecond)) };
}

function describe({ requestsPerCpuSecond, requestsPerSecond, clientCpu, serverCpu }: Measured): string {
  const [perCpu, perSecond] = [requestsPerCpuSecond, requestsPerSecond].map((value) => Math.round(value));
  return `${perCpu} per CPU-second (${perSecond}/s, client ${percent(clientCpu)}, server ${percent(serverCpu)} of a core)`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
