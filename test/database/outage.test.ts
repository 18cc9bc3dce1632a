import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Summary } from '@loads/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type InfluxServer, influxAvailable, startInfluxServer } from '../servers/influx.ts';
import { runLoads, startLoads } from '../support/loads.ts';
import { requestsByName } from '../support/requests-by-name.ts';
import { startTarget } from '../support/target.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';
import { influxEnvironment, storedRun } from './stored-run.ts';

/** What the database holds, as the summary has it. */
function expected(summary: Summary): object {
  const { total, checks, accounting } = summary;
  const requests = total.ok + total.ko;
  return {
    requests: requestsByName(summary),
    failed: total.ko,
    durations: requests,
    inBuckets: requests,
    faults: summary.faults.reduce((sum, { count }) => sum + count, 0),
    checks: checks.reduce((sum, { ok, failed }) => sum + ok + failed, 0),
    agentStored: accounting.stored,
    emitted: accounting.emitted,
  };
}

/** Why the run was not judged as passed, but for a machine that was too busy: that is another matter. */
function complaints({ reasons }: Summary): readonly string[] {
  return reasons.filter((reason) => !/was saturated|started \d+ ms apart/.test(reason));
}

function config(target: string): string {
  return `
name: shop
scenario: ./visit.ts
target: ${target}
nodes: 2
workers: 4
duration: 9s
recovery: 1s
proxies:
  web: { protocol: http }
chaos:
  - { name: slow-web, at: 2s, for: 3s, proxy: web, behavior: '50:delay', sleep: 30ms }
thresholds:
  http_req_duration: p(95)<5000
`;
}

describe.skipIf(!influxAvailable())('InfluxDB (Debian: influxdb, nginx-light)', () => {
  let database: InfluxServer;
  beforeAll(async () => {
    database = await startInfluxServer();
  });
  afterAll(async () => await database?.[Symbol.asyncDispose]());

  test('a database that is gone for a while costs nothing: sums in it = summary = what the service counted', async () => {
    await database.start();
    await using target = await startTarget();
    await using workspace = await Workspace.create('visit.ts');
    await workspace.write('loads.yml', config(target.url));
    await using loads = startLoads(workspace, ['run'], influxEnvironment(database));
    const node1 = join('nodes', '1', 'spool');
    const spooled = async (): Promise<number> =>
      (await readdir(join((await workspace.runs())[0] ?? '', node1)).catch(() => [])).length;
    await until(async () => (await database.query('SELECT * FROM "http_reqs"')).length > 0, 'nothing is written');
    await database.stop();
    await until(async () => (await spooled()) >= 4, 'nothing is spooled');
    await database.start();
    const { stdout } = await loads.ended;
    const summary = await workspace.summary();
    expect(complaints(summary), stdout).toEqual([]);

    const { points } = summary.accounting;
    expect(points).toEqual({ written: points?.written, spooled: 0, dropped: 0 });
    for (const node of ['1', '2']) {
      expect(await readdir(join(await workspace.run(), 'nodes', node, 'spool'))).toEqual([]);
      expect(await readdir(join(await workspace.run(), 'nodes', node))).not.toContain('points.lp.gz');
    }
    const stats = await target.stats();
    expect(requestsByName(summary)).toEqual(stats.requests);
    expect(summary.faults[0]?.count).toBeGreaterThan(20);
    expect(await storedRun(database, summary.run)).toEqual(expected(summary));
    await expectJudged(summary);
  });

  test('a database that never comes: the run is judged, the loss is stated, and is pushed later, as often as one likes', async () => {
    await database.stop();
    await using target = await startTarget();
    await using workspace = await Workspace.create('visit.ts');
    const env = influxEnvironment(database);
    const args = ['run', 'visit.ts', '--nodes', '2', '-w', '4', '-d', '2s', '-t', target.url];
    const { stdout } = await runLoads(workspace, args, env);
    const summary = await workspace.summary();
    expect(complaints(summary), stdout).toEqual([]);
    const stats = await target.stats();
    expect(requestsByName(summary)).toEqual(stats.requests);

    const { points } = summary.accounting;
    const problem = expect.stringMatching(
      `^${database.url} answers 502: .*Bad Gateway.* \\(the database is overloaded`,
    );
    expect(points).toEqual({ written: 0, spooled: expect.any(Number), dropped: 0, problem });
    expect(points?.spooled).toBeGreaterThan(100);
    expect(stdout).toMatch(/points are not in the database: http.* answers 502/);
    expect(stdout).toContain(`store what is spooled later: loads push ${summary.run}`);

    const early = await runLoads(workspace, ['push'], env);
    expect([early.exitCode, early.stderr]).toEqual([109, expect.stringMatching(/^error: http.* answers 502/)]);
    await database.start();
    for (let time = 1; time <= 2; time++) {
      const pushed = await runLoads(workspace, ['push', '--json'], env);
      expect(pushed.exitCode, pushed.stderr).toBe(0);
      const { written, refused } = JSON.parse(pushed.stdout) as { written: number; refused: number };
      expect(written).toBeGreaterThan(points?.spooled ?? 0);
      expect(refused).toBe(0);
      expect(await storedRun(database, summary.run)).toEqual(expected(summary));
      await expectJudged(summary);
    }
  });

  test('a wrong token is told once, costs no point, and is mended by pushing with the right one', async () => {
    await database.start();
    await using target = await startTarget();
    await using workspace = await Workspace.create('visit.ts');
    const env = influxEnvironment(database);
    const wrong = { ...env, LOADS_INFLUX_TOKEN: 'wrong' };
    const { stdout } = await runLoads(workspace, ['run', 'visit.ts', '-d', '4s', '-t', target.url], wrong);
    // While it runs, and in its summary.
    expect(stdout).toMatch(/^points wait in the folder of the run: http.* answers 401: Unauthorized \(correct/m);
    expect(stdout).toMatch(/^ {2}\d+ points are not in the database: http.* answers 401: Unauthorized \(correct/m);
    expect(stdout.match(/answers 401/g)).toHaveLength(2);
    expect(stdout).toContain('correct `influx.token` (LOADS_INFLUX_TOKEN): it must be allowed to write to `loads`');
    const summary = await workspace.summary();
    expect(complaints(summary), stdout).toEqual([]);
    expect(summary.accounting.points).toMatchObject({ written: 0, dropped: 0 });

    const denied = await runLoads(workspace, ['push'], wrong);
    expect([denied.exitCode, denied.stderr]).toEqual([104, expect.stringMatching(/answers 401: .*\n.*influx\.token/)]);
    const unknown = await runLoads(workspace, ['push'], { ...env, LOADS_INFLUX_BUCKET: 'nowhere' });
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      104,
      expect.stringMatching(
        /answers 404: .*database not found.*\n {2}make the bucket `nowhere` of the organisation `acme`/,
      ),
    ]);
    expect((await runLoads(workspace, ['push'], env)).exitCode).toBe(0);
    expect(await storedRun(database, summary.run)).toEqual(expected(summary));
  });

  test('the doctor writes and reads a point, and says what is wrong', async () => {
    await database.start();
    await using workspace = await Workspace.create();
    const env = influxEnvironment(database);
    await writeFile(workspace.file('loads.yml'), `influx: { url: '${database.url}', bucket: nowhere }\n`);
    const well = await runLoads(workspace, ['doctor'], env);
    expect(well.exitCode, well.stdout + well.stderr).toBe(0);
    expect(well.stdout).toMatch(/^ok {4}node {8}Node v24/m);
    expect(well.stdout).toMatch(
      /^ok {4}database {4}http.*: a point was written to `loads` and read back in InfluxQL$/m,
    );
    expect(well.stdout).toMatch(/^ok {4}clock {7}the clocks agree within 2 s$/m);
    const denied = await runLoads(workspace, ['doctor'], { ...env, LOADS_INFLUX_TOKEN: 'wrong' });
    expect([denied.exitCode, denied.stdout]).toEqual([
      104,
      expect.stringMatching(/^fail {2}database {4}.* 401.*\n.*influx\.token/m),
    ]);
    await database.stop();
    const gone = await runLoads(workspace, ['doctor', '--json'], env);
    expect(gone.exitCode).toBe(109);
    const { findings } = JSON.parse(gone.stdout) as { findings: { check: string; status: string }[] };
    expect(findings.find(({ check }) => check === 'database')?.status).toBe('fail');
  });

  /** What is stored of a run once it is judged. */
  async function expectJudged(summary: Summary): Promise<void> {
    const of = `WHERE "run" = '${summary.run}'`;
    const runs = await database.query(`SELECT * FROM "runs" ${of}`);
    const { ok, ko } = summary.total;
    expect(runs).toEqual([
      expect.objectContaining({
        ...{
          run: summary.run,
          plan: summary.name,
          outcome: summary.outcome,
          exit_code: summary.exitCode,
          nodes: 2,
          workers: 4,
        },
        ...{ requests: ok + ko, failed: ko, lost_samples: 0, duration_ms: summary.durationMs, seed: summary.seed },
      }),
    ]);
    const [first] = runs;
    expect(Number(first?.end_ms) - Number(first?.start_ms)).toBeGreaterThan(1900);
    const all = `${of} AND "metric" = 'http_req_duration' AND "phase" = '(all)'`;
    const [total] = await database.query(`SELECT * FROM "run_summary" ${all} AND "name" = '(all)'`);
    const { count, min, max, mean, p50, p90, p95, p99, p999 } = summary.total.duration ?? {};
    expect(total).toMatchObject({ count, min, max, mean, p50, p90, p95, p99, p999 });
    for (const { name, duration } of summary.requests) {
      const [row] = await database.query(`SELECT "p95" FROM "run_summary" ${all} AND "name" = '${name}'`);
      expect(row?.p95).toBe(duration?.p95);
    }
    const events = await database.query(
      `SELECT "title", "text", "type", "node", "fault", "time_end" FROM "events" ${of}`,
    );
    const types = events.map(({ type }) => String(type)).toSorted();
    const faults = summary.faults.length > 0 ? ['fault_off', 'fault_on'] : [];
    expect(types).toEqual([...faults, 'node_end', 'node_end', 'node_start', 'node_start', 'run_end', 'run_start']);
    const on = events.find(({ type }) => type === 'fault_on');
    if (on) {
      expect(on).toMatchObject({ title: 'slow-web on', text: '50 % delay on web', fault: 'slow-web' });
      expect([Number(on.time) - Number(first?.start_ms), Number(on.time_end) - Number(on.time)]).toEqual([2000, 3000]);
    }
    expect(await database.query(`SELECT "ok" FROM "run_thresholds" ${of}`)).toHaveLength(summary.thresholds.length);
  }
});
