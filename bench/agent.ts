import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type InfluxServer, influxAvailable, startInfluxServer } from '../test/servers/influx.ts';
import { measuredRun } from './agent/run.ts';
import { pin, SERVER_CORE } from './node/pin.ts';
import { startTarget } from './node/target.ts';
import { median } from './report.ts';

// `npm run bench:agent`: what the node's statsd agent takes beside a scenario at its full rate, and whether it loses
// anything of 50,000 raw timings per second from a program of any kind. With InfluxDB, if Debian's is installed.
const MOST_SHARE = 0.1;
const SENDER = join(import.meta.dirname, 'agent/statsd-sender.ts');
const SCENARIO = join(import.meta.dirname, 'node/loads-scenario.ts');

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '8' },
    flood: { type: 'string', default: '60' },
    rate: { type: 'string', default: '50000' },
  },
});
const [rounds = 3, seconds = 8, flood = 60, rate = 50_000] = [flags.rounds, flags.seconds, flags.flood, flags.rate].map(
  Number,
);

// What is started from here on inherits the core; the scenario process is then moved to its own.
pin(process.pid, SERVER_CORE);
await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-bench-'));
await using stack = new AsyncDisposableStack();
const database = influxAvailable() ? stack.use(await startInfluxServer()) : undefined;
if (database) useDatabase(database);
console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown CPU'}`);
console.log(database ? 'points go to InfluxDB' : 'no InfluxDB is installed: no points');

await fullRate();
await foreignProgram();

function useDatabase({ url, bucket, org, token }: InfluxServer): void {
  Object.assign(process.env, {
    LOADS_INFLUX_URL: url,
    LOADS_INFLUX_BUCKET: bucket,
    LOADS_INFLUX_ORG: org,
    LOADS_INFLUX_TOKEN: token,
  });
}

/** A scenario that makes all the load that one process can. */
async function fullRate(): Promise<void> {
  await using target = await startTarget();
  const shares: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const args = [SCENARIO, '-w', '50', '-d', `${seconds + 3}s`, '-t', new URL(target.url).origin];
    const { cpu, summary } = await measuredRun(dir.path, args, seconds);
    shares.push(cpu.agent / cpu.scenario);
    console.log(
      `round ${round}/${rounds}  scenario ${percent(cpu.scenario)} of a core at ${Math.round(summary.total.rate)} requests/s, agent ${percent(cpu.agent)}`,
    );
  }
  console.log(
    `agent: ${percent(median(shares))} of the CPU of its scenario process (to reach: ${percent(MOST_SHARE)})`,
  );
}

/** A program that sends raw timings, each a line. */
async function foreignProgram(): Promise<void> {
  const file = join(dir.path, 'sent.json');
  const args = ['-d', `${flood + 30}s`, '--', process.execPath, SENDER, String(rate), String(flood), file];
  const { cpu, summary } = await measuredRun(dir.path, args, flood - 4);
  const { lines, tookMs } = JSON.parse(await readFile(file, 'utf8')) as { lines: number; tookMs: number };
  const stored = summary.custom.find(({ metric }) => metric === 'work_duration')?.trend?.count ?? 0;
  const { kernelDrops, rejected, points } = summary.accounting;
  console.log(
    `${lines} raw timings in ${(tookMs / 1000).toFixed(1)} s: ${lines - stored} lost (to reach: 0); ${kernelDrops} datagrams dropped, ${rejected} lines rejected, agent ${percent(cpu.agent)} of a core`,
  );
  if (points) console.log(`points: ${points.written} written, ${points.spooled} spooled, ${points.dropped} dropped`);
  if (lines !== stored) process.exitCode = 1;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
