import type { Summary } from '@loads/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { influxAvailable, startInfluxServer } from '../servers/influx.ts';
import { startEcho } from '../support/echo.ts';
import { startTarget } from '../support/target.ts';
import { Workspace } from '../support/workspace.ts';
import { DataSource, type Row } from './data-source.ts';
import { columnOf, expectBucket, numbersOf, percentileOfNode, sumOf } from './figures.ts';
import { ALL, type Chosen, fillIn } from './fill-in.ts';
import { CHAOS, runInto, runLines } from './measured-runs.ts';
import { annotationQueries, panelQueries, STORED, variableQueries } from './stored-dashboards.ts';

/** Longer than the run: one window of a panel holds all of it. */
const WHOLE_RUN_MS = 1_000 * 86_400_000;

const EVERYTHING: Chosen['variables'] = {
  protocol: 'http',
  scenario: ALL,
  name: ALL,
  node: ALL,
  phase: ALL,
  step: '10',
};

describe.skipIf(!influxAvailable())('the committed dashboards (Debian: influxdb, nginx-light)', () => {
  const owned = new AsyncDisposableStack();
  let source: DataSource;
  let summaries: Readonly<Record<'run' | 'compared' | 'lines', Summary>>;
  let chosen: Chosen;

  beforeAll(async () => {
    const server = owned.use(await startInfluxServer());
    const target = owned.use(await startTarget());
    const echo = owned.use(await startEcho());
    // Three runs at once: each finds its own points only.
    const [run, compared, lines] = await Promise.all([
      owned.use(await Workspace.create('visit.ts')),
      owned.use(await Workspace.create('visit.ts')),
      owned.use(await Workspace.create()),
    ]);
    const [link] = await Promise.all([
      runInto(server, target, run, { duration: '12s', chaos: CHAOS }),
      runInto(server, target, compared, { duration: '7s', chaos: '' }),
      runLines(server, echo, lines),
    ]);
    const parameters = new URL(link).searchParams;
    summaries = { run: await run.summary(), compared: await compared.summary(), lines: await lines.summary() };
    chosen = {
      variables: { ...EVERYTHING, run: parameters.get('var-run') ?? '', compared: summaries.compared.run },
      fromMs: Number(parameters.get('from')),
      toMs: Number(parameters.get('to')),
    };
    const { url, bucket, token } = server;
    source = new DataSource({ LOADS_INFLUX_URL: url, LOADS_INFLUX_BUCKET: bucket, LOADS_INFLUX_TOKEN: token });
  }, 60_000);

  afterAll(() => owned.disposeAsync());

  /** The rows of the queries of a panel, with some choices changed; windows can be made as long as the run. */
  async function rowsOf(
    dashboard: string,
    panel: string,
    changed: Chosen['variables'] = {},
    ms?: number,
  ): Promise<readonly Row[]> {
    const queries = panelQueries().filter((one) => one.dashboard === dashboard && one.of === panel);
    expect(queries.length, panel).toBeGreaterThan(0);
    const now = { ...chosen, variables: { ...chosen.variables, ...changed } };
    const answers = queries.map(({ query, interval }) => source.query(fillIn(query, now, { shortest: interval, ms })));
    return (await Promise.all(answers)).flat();
  }

  test('the link that loads prints shows the run, in the time that it took', () => {
    const { run, startedAtMs = 0, durationMs } = summaries.run;
    expect(chosen.variables.run).toBe(run);
    expect(chosen.fromMs).toBeLessThan(startedAtMs);
    expect(chosen.toMs).toBeGreaterThan(startedAtMs + durationMs);
  });

  test.each(panelQueries().map((query) => [`${query.dashboard}: ${query.of}`, query] as const))(
    'returns data, for all and for every value by its name: %s',
    async (_, stored) => {
      const { run } = summaries;
      const values = {
        scenario: 'visit',
        name: ['(all)', ...run.requests.map(({ name }) => name)],
        node: ['1', '2'],
        phase: ['(all)', 'steady', 'chaos', 'recovery'],
      };
      for (const variables of [chosen.variables, { ...chosen.variables, ...values }]) {
        const rows = await source.query(fillIn(stored.query, { ...chosen, variables }, { shortest: stored.interval }));
        expect(numbersOf(rows).length, stored.query).toBeGreaterThan(0);
      }
    },
  );

  test.each(variableQueries().map((query) => [`${query.dashboard}: ${query.of}`, query] as const))(
    'offers what there is to choose: %s',
    async (_, { query, of }) => {
      const values = (await source.query(fillIn(query, chosen))).map(({ value, name }) => value ?? name);
      const expected: Readonly<Record<string, readonly unknown[]>> = {
        'variable run': Object.values(summaries).map(({ run }) => run),
        'variable compared': Object.values(summaries).map(({ run }) => run),
        'variable protocol': ['http_req_failed'],
        'variable scenario': ['visit'],
        'variable name': ['GET /items', 'GET /items/:id', 'POST /orders'],
        'variable node': ['1', '2'],
        'variable phase': ['chaos', 'recovery', 'steady'],
      };
      expect(values.toSorted()).toEqual(expected[of]?.toSorted());
    },
  );

  test.each(annotationQueries().map((query) => [`${query.dashboard}: ${query.of}`, query] as const))(
    'faults are regions where they really were, and the run has its events: %s',
    async (_, { query, of }) => {
      const rows = await source.query(fillIn(query, chosen));
      if (of === 'annotation Events') {
        expect(rows.map(({ type }) => type)).toEqual(expect.arrayContaining(['run_start', 'node_start', 'run_end']));
        return;
      }
      const { startedAtMs = 0 } = summaries.run;
      const spans = rows.map(({ fault, time, time_end: end }) => [fault, Number(time), Number(end) - Number(time)]);
      expect(spans.map(([fault]) => fault)).toEqual(['slow', 'broken']);
      // As they really were: a machine that stands still begins and ends them late.
      for (const [i, [atMs, forMs]] of [[2000, 3000] as const, [7000, 2000] as const].entries()) {
        const [, fromMs, lasted] = spans[i] ?? [];
        expect(Math.abs(Number(fromMs) - startedAtMs - atMs)).toBeLessThan(1500);
        expect(Math.abs(Number(lasted) - forMs)).toBeLessThan(1500);
      }
    },
  );

  test('the percentiles of the whole run are those of its summary, exactly', async () => {
    const [whole] = await rowsOf('run', 'Latency of the whole run, merged exactly');
    const { p50, p95, p99 } = summaries.run.total.duration ?? {};
    expect(whole).toMatchObject({ p50, p95, p99 });

    const rows = await rowsOf('requests', 'Requests of the whole run by phase, merged exactly');
    for (const { name, phases, duration } of summaries.run.requests) {
      const expected = { ...Object.fromEntries(Object.entries(phases).map(([phase, one]) => [phase, one.duration])) };
      for (const [phase, stats] of Object.entries({ ...expected, '(all)': duration })) {
        const row = rows.find((one) => one.name === name && one.phase === phase && one.p95 !== undefined);
        expect(row?.p95, `${name} in ${phase}`).toBe(stats?.p95);
      }
    }
  });

  test('every percentile over the nodes that comes from buckets is right to the bucket', async () => {
    const { run, compared } = summaries;
    const whole = await rowsOf('run', 'Latency, all nodes merged', {}, WHOLE_RUN_MS);
    const names = await rowsOf('requests', 'Requests in the time range, all nodes merged');
    const lines = await rowsOf('requests', 'p95 by name, all nodes merged', {}, WHOLE_RUN_MS);
    for (const p of ['p50', 'p95', 'p99'] as const) {
      expectBucket(columnOf(whole, p), run.total.duration?.[p]);
      for (const { name, duration } of run.requests) {
        expectBucket(
          columnOf(
            names.filter((row) => row.name === name),
            p,
          ),
          duration?.[p],
        );
      }
      const both = await rowsOf('compare', `${p}, all nodes merged`, { step: String(WHOLE_RUN_MS / 1000) });
      expectBucket(columnOf(both, p), run.total.duration?.[p]);
      expectBucket(columnOf(both, `${p} compared`), compared.total.duration?.[p]);
    }
    for (const { name, duration } of run.requests) {
      expectBucket(
        columnOf(
          lines.filter((row) => row.name === name),
          'p95',
        ),
        duration?.p95,
      );
    }
  });

  test('so it is for what is chosen, one request in one phase', async () => {
    const table = 'Requests in the time range, all nodes merged';
    for (const { name, phases } of summaries.run.requests) {
      for (const [phase, { duration }] of Object.entries(phases)) {
        const rows = await rowsOf('requests', table, { name: [name], phase: [phase] });
        expect(new Set(rows.map((row) => row.name))).toEqual(new Set([name]));
        expectBucket(columnOf(rows, 'p95'), duration?.p95);
      }
    }
  });

  test('the worst node is the worst of the nodes by their own buckets', async () => {
    const worst = await rowsOf('run', 'Latency, worst node', {}, WHOLE_RUN_MS);
    const byNode = await rowsOf('nodes', 'p95 by node', {}, WHOLE_RUN_MS);
    const own = await Promise.all(['1', '2'].map((node) => percentileOfNode(source, summaries.run.run, node, 0.95)));
    expect(byNode.map(({ node, p95 }) => [node, p95])).toEqual([
      ['1', own[0]],
      ['2', own[1]],
    ]);
    expect(columnOf(worst, 'p95')).toBe(Math.max(...own));
  });

  test('requests that are drawn are those that were counted, in both runs', async () => {
    const ms = 1000;
    const rates = await rowsOf('run', 'Requests, OK and KO', {}, ms);
    expect(sumOf(rates, 'OK') * (ms / 1000)).toBeCloseTo(summaries.run.total.ok, 6);
    expect(sumOf(rates, 'KO') * (ms / 1000)).toBeCloseTo(summaries.run.total.ko, 6);
    const step = 5;
    const ok = await rowsOf('compare', 'Requests that went well', { step: String(step) });
    expect(sumOf(ok, 'OK') * step).toBeCloseTo(summaries.run.total.ok, 6);
    expect(sumOf(ok, 'OK compared') * step).toBeCloseTo(summaries.compared.total.ok, 6);
    const heat = await rowsOf('run', 'Latency heat map');
    expect(sumOf(heat, 'sum')).toBe(summaries.run.total.duration?.count);
  });

  describe('of a run that speaks TCP alone', () => {
    const asksForProtocol = panelQueries().filter(({ query }) => query.includes('${protocol'));
    const speaking = (): Chosen => {
      const { run, startedAtMs = 0, durationMs } = summaries.lines;
      const range = { fromMs: Math.floor(startedAtMs) - 5000, toMs: Math.ceil(startedAtMs + durationMs) + 5000 };
      return { variables: { ...EVERYTHING, protocol: 'tcp', run, compared: run }, ...range };
    };

    test('that is what is offered', async () => {
      for (const { query } of variableQueries().filter(({ of }) => of === 'variable protocol')) {
        const rows = await source.query(fillIn(query, speaking()));
        expect(rows.map(({ name }) => name)).toEqual(['tcp_session_failed']);
      }
    });

    test.each(asksForProtocol.map((query) => [`${query.dashboard}: ${query.of}`, query] as const))(
      'returns data: %s',
      async (_, { query, interval }) => {
        const rows = await source.query(fillIn(query, speaking(), { shortest: interval }));
        expect(numbersOf(rows).length, query).toBeGreaterThan(0);
      },
    );

    test('what is drawn is what was counted', async () => {
      const rowsOfLines = async (of: string, ms: number): Promise<readonly Row[]> => {
        const queries = asksForProtocol.filter((one) => one.dashboard === 'run' && one.of === of);
        return (await Promise.all(queries.map(({ query }) => source.query(fillIn(query, speaking(), { ms }))))).flat();
      };
      const { total } = summaries.lines;
      const rates = await rowsOfLines('Requests, OK and KO', 1000);
      expect([sumOf(rates, 'OK'), sumOf(rates, 'KO')]).toEqual([total.ok, total.ko]);
      expect(total.ok).toBeGreaterThan(20);
      const merged = await rowsOfLines('Latency, all nodes merged', WHOLE_RUN_MS);
      for (const p of ['p50', 'p95', 'p99'] as const) expectBucket(columnOf(merged, p), total.duration?.[p]);
      const [whole] = await rowsOfLines('Latency of the whole run, merged exactly', WHOLE_RUN_MS);
      expect(whole).toMatchObject({ p95: total.duration?.p95 });
    });
  });

  test('two runs that began at different times share the axis from their starts', async () => {
    const rows = await rowsOf('compare', 'Requests that went well', { step: '1' });
    for (const [column, { durationMs }] of [
      ['OK', summaries.run],
      ['OK compared', summaries.compared],
    ] as const) {
      const elapsed = rows.filter((row) => typeof row[column] === 'number').map((row) => Number(row.elapsed));
      expect(elapsed[0], column).toBeLessThan(5);
      expect(elapsed, column).toEqual(elapsed.toSorted((a, b) => a - b));
      expect(Math.abs((elapsed.at(-1) ?? 0) - durationMs / 1000), column).toBeLessThan(5);
    }
  });

  test('the accounts of the nodes are those of the summary', async () => {
    const rows = await rowsOf('nodes', 'Accounts of each node');
    expect(sumOf(rows, 'stored')).toBe(summaries.run.accounting.stored);
    expect(sumOf(rows, 'emitted')).toBe(sumOf(rows, 'received'));
    const [{ outcome } = {}] = await rowsOf('run', 'Verdict');
    expect(outcome).toBe(summaries.run.outcome);
  });

  test('every panel asks the data source that is provisioned, unless another one is chosen', () => {
    for (const { templating } of Object.values(STORED)) {
      const variable = templating.list.find(({ name }) => name === 'datasource');
      expect(variable).toMatchObject({ type: 'datasource', query: 'influxdb', current: { value: source.uid } });
    }
  });
});
