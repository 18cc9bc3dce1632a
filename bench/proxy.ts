import { mkdtempDisposable } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuSeconds } from './node/cpu-time.ts';
import { CLIENT_CORE, pin, SERVER_CORE } from './node/pin.ts';
import { startNginx } from './proxy/backend.ts';
import { bulk } from './proxy/bulk.ts';
import { controlUnderLoad } from './proxy/control.ts';
import { bytesPerConnection, churn } from './proxy/memory.ts';
import { barePipe, haproxy, type Subject, vaurienHttp, vaurienTcp } from './proxy/subject.ts';
import { wrk } from './proxy/wrk.ts';
import { median } from './report.ts';

// `npm run bench:proxy`: what a proxy costs, beside HAProxy and a bare pipe, in one run. With `--soak SECONDS` also
// whether its memory stays flat while connections come and go.
const CONNECTIONS = 50;
const IDLE_CONNECTIONS = 5000;
const CHURN_PER_SECOND = 2000;
const SUBJECTS: readonly Subject[] = [barePipe, haproxy, vaurienTcp, vaurienHttp];

type Measured = { cpuUs: number[]; megabytes: number[]; addedUs: number[] };

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    soak: { type: 'string', default: '0' },
  },
});
const [rounds, seconds, soak] = [flags.rounds, flags.seconds, flags.soak].map((text) => Math.min(900, Number(text)));
await run(rounds ?? 5, seconds ?? 4, soak ?? 0);

async function run(rounds: number, seconds: number, soak: number): Promise<void> {
  // nginx and wrk share a core; the proxy that is measured has the other.
  pin(process.pid, SERVER_CORE);
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-bench-'));
  await using nginx = await startNginx(dir.path);
  console.log(
    `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${rounds} rounds of ${seconds} s`,
  );
  const results = new Map(SUBJECTS.map((subject) => [subject, { cpuUs: [], megabytes: [], addedUs: [] } as Measured]));
  for (let round = 1; round <= rounds; round++) {
    const direct = (await wrk(nginx.port, 1, seconds)).p50Us;
    for (const [subject, measured] of results) {
      await using proxy = await subject.start(nginx.port, dir.path);
      pin(proxy.pid, CLIENT_CORE);
      await wrk(proxy.port, CONNECTIONS, 1);
      const before = cpuSeconds(proxy.pid);
      const { requests } = await wrk(proxy.port, CONNECTIONS, seconds);
      measured.cpuUs.push(((cpuSeconds(proxy.pid) - before) / requests) * 1e6);
      const addedUs = (await wrk(proxy.port, 1, seconds)).p50Us - direct;
      // wrk says `nan` now and then.
      if (Number.isFinite(addedUs)) measured.addedUs.push(addedUs);
      measured.megabytes.push(await bulk(proxy.port));
      console.log(
        `round ${round}/${rounds}  ${subject.name}: ${line(measured.cpuUs.at(-1), measured.megabytes.at(-1), measured.addedUs.at(-1))}`,
      );
    }
  }
  report(results);
  const controlMs = await controlUnderLoad(nginx.port, CONNECTIONS, seconds);
  console.log(`\nfaults are set and removed under full load in ${controlMs.toFixed(1)} ms at p99 (to reach: 50 ms)`);
  await memory(nginx.port, dir.path, soak);
}

function report(results: ReadonlyMap<Subject, Measured>): void {
  const pipe = results.get(barePipe);
  if (!pipe) return;
  // Each round's ratio is taken within the round: what disturbs the machine for a while disturbs both.
  const ratio = (ours: readonly number[], theirs: readonly number[]): string =>
    median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN))).toFixed(2);
  console.log('');
  for (const [{ name }, { cpuUs, megabytes, addedUs }] of results) {
    const [cpu, bulk, added] = [median(cpuUs), median(megabytes), median(addedUs)];
    const ratios = `CPU ${ratio(cpuUs, pipe.cpuUs)}x and MB/s ${ratio(megabytes, pipe.megabytes)}x of the bare pipe`;
    console.log(`${name.padEnd(28)} ${line(cpu, bulk, added)}   ${ratios}`);
  }
}

function line(cpuUs = 0, megabytes = 0, addedUs = 0): string {
  return `${cpuUs.toFixed(1)} us CPU per exchange, ${Math.round(megabytes)} MB/s, p50 +${Math.round(addedUs)} us`;
}

async function memory(backendPort: number, dir: string, soak: number): Promise<void> {
  console.log('');
  for (const subject of [barePipe, vaurienTcp, vaurienHttp]) {
    await using proxy = await subject.start(backendPort, dir);
    await wrk(proxy.port, CONNECTIONS, 1);
    const bytes = await bytesPerConnection(proxy.pid, proxy.port, IDLE_CONNECTIONS);
    console.log(
      `${subject.name.padEnd(28)} ${(bytes / 1024).toFixed(1)} KiB for each of ${IDLE_CONNECTIONS} idle connections`,
    );
  }
  if (soak === 0) return;
  await using proxy = await vaurienHttp.start(backendPort, dir);
  const samples = await churn(proxy.pid, proxy.port, CHURN_PER_SECOND, soak);
  console.log(
    `\n${vaurienHttp.name}: resident MiB over ${soak} s of ${CHURN_PER_SECOND} connections/s: ${samples.map(Math.round).join(' ')}`,
  );
}
