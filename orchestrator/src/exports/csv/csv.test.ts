import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeResult, storedRun, webSocketResult } from '../stored-run.test.fixture.ts';
import { csvTable } from './csv.ts';
import { csvReporter } from './csv-reporter.ts';
import { seriesReporter } from './series-reporter.ts';

type Row = Readonly<Record<string, string>>;

function read(text: string): readonly Row[] {
  return parse(text, { columns: true }) as Row[];
}

test('whatever is in a cell, a reader finds it', () => {
  const row = fc.tuple(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', ' ', 'a') }),
  );
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      // An empty first cell and nothing else would be a line of a comma: the reader has two cells of it.
      expect(parse(csvTable(['a', 'b'], rows), { record_delimiter: '\r\n' })).toEqual([['a', 'b'], ...rows]);
    }),
  );
});

test('quotes are where RFC 4180 wants them, what is not known stays empty, and no figure is NaN', () => {
  expect(csvTable(['a'], [['x\ry'], ['x"y'], [' x']])).toBe('a\r\n"x\ry"\r\n"x""y"\r\n" x"\r\n');
  expect(csvTable(['a', 'b', 'c', 'd'], [[1.5, undefined, Number.NaN, null]])).toBe('a,b,c,d\r\n1.5,,,\r\n');
});

test('requests over time: a row for each step and name, with its phase', () => {
  const rows = read(csvReporter.report(storedRun()));
  expect(rows).toHaveLength(60);
  expect(new Set(rows.map(({ name }) => name))).toEqual(new Set(['(all)', 'buy, "now"', 'list items']));
  expect(rows.find(({ name, from_ms }) => name === '(all)' && from_ms === '5000')).toMatchObject({
    ...{ to_ms: '6000', phase: 'chaos', fault: 'slow', requests: '20', failed: '0', requests_per_s: '20' },
    time: '2026-11-21T08:26:46.406Z',
  });
  expect(Number(rows.find(({ name }) => name === 'list items')?.p95_ms)).toBeCloseTo(10, 0);
});

test('requests of several protocols are apart, and all together have none', () => {
  const rows = read(csvReporter.report(storedRun({}, {}, [nodeResult(1), webSocketResult(2)])));
  expect(new Set(rows.map(({ name, protocol }) => `${name} ${protocol}`))).toEqual(
    new Set(['(all) ', '(all) http', '(all) ws', 'buy, "now" http', 'list items http', 'list items ws']),
  );
  const last = (protocol: string): unknown =>
    rows.find((row) => row.name === '(all)' && row.protocol === protocol && row.from_ms === '19000');
  expect(last('')).toMatchObject({ requests: '11', failed: '1', timed: '10' });
  expect(last('http')).toMatchObject({ requests: '10', failed: '0', timed: '10' });
  expect(last('ws')).toMatchObject({ requests: '1', failed: '1', timed: '1' });
  expect(Number((last('ws') as Row).p95_ms)).toBeCloseTo(30, 0);
});

test('a run without HTTP has its rows as well', () => {
  const rows = read(csvReporter.report(storedRun({}, {}, [webSocketResult(1)])));
  expect(rows.map(({ name, protocol, timed }) => [name, protocol, timed])).toEqual([
    ...Array.from({ length: 20 }, () => ['(all)', '', '1']),
    ...Array.from({ length: 20 }, () => ['list items', 'ws', '1']),
  ]);
});

test('every series of the whole run is there, exactly', () => {
  const rows = read(seriesReporter.report(storedRun()));
  const of = (metric: string): readonly Row[] => rows.filter((row) => row.metric === metric);
  expect(of('http_req_duration')).toMatchObject([
    { tag_name: 'buy, "now"', tag_phase: 'chaos', count: '40', sum: '16000', p95: '400', max: '400' },
    { tag_name: 'list items', tag_phase: 'steady', count: '360', sum: '3600', p50: '10', min: '10' },
  ]);
  expect(of('checks')).toMatchObject([{ kind: 'rate', tag_check: 'status is 200', count: '14', sum: '14', mean: '1' }]);
  expect(of('http_reqs')[0]).toMatchObject({ kind: 'counter', sum: '40', count: '' });
  expect(of('customers')).toMatchObject([{ kind: 'set', count: '1' }]);
});
