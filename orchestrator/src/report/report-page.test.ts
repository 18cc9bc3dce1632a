import { Histogram } from '@loads/core';
import { expect, test } from 'vitest';
import { NASTY, reportOfSeconds, withWebSocket } from './report.test.fixture.ts';
import { reportPage } from './report-page.ts';

const ASSETS = { script: 'draw()', styles: '.uplot {}' };
const report = reportOfSeconds(10, (second) => ({
  ms: second === 5 ? [20, 700] : [10, 20],
  failed: second === 5 ? 1 : 0,
}));
const page = reportPage(report, ASSETS);

/** The sections by their heading, as text. */
function section(id: string): string {
  return new RegExp(String.raw`<section id="${id}"[\s\S]*?</section>`).exec(page)?.[0] ?? '';
}

test('text of the user is nowhere markup', () => {
  expect(page).not.toContain('<img');
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page.match(/<\/script>/g)).toHaveLength(2);
  // It is there, many times, as text.
  const shown = '&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;';
  expect(page.split(shown).length).toBeGreaterThan(10);
  const [, data = ''] = /id="report-data">([^<]*)</.exec(page) ?? [];
  expect(JSON.parse(data)).toMatchObject({ tracks: [{ name: '(all)' }, { name: NASTY }] });
});

test('nothing in it is loaded from elsewhere, and no secret is in it', () => {
  expect(page).not.toMatch(/(?:src|href)="(?!#|data:)/);
  expect(page).not.toMatch(/url\(|@import/);
  expect(page).not.toMatch(/hunter2|joe:pw/);
  expect(section('plan')).toContain('http://[redacted]@127.0.0.1:8080');
});

test('it has every section, in this order', () => {
  const ids = [...page.matchAll(/<section id="([\w-]+)"/g)].map(([, id]) => id);
  const wanted = ['thresholds', 'time', 'faults', 'requests', 'latencies', 'errors', 'scenarios', 'nodes', 'plan'];
  expect(ids).toEqual(wanted);
});

test('the verdict is at the top, with its reasons', () => {
  const [head = ''] = page.split('<main');
  expect(head).toContain('<strong>INVALID</strong>');
  expect(head).toContain('touched nothing on proxy web');
  expect(head).toContain('<dd class="bad">5%</dd>');
});

test('a fault has its card: asked, injected, observed, recovery', () => {
  const text = section('faults')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');
  expect(text).toMatch(/Asked 20 % delay sleep: 300 on proxy web \(http to 127.0.0.1:8080\)/);
  expect(text).toContain('Injected nothing: it touched no connection');
  expect(text).toMatch(/Observed 8 requests met it, 2 of them failed/);
  expect(text).toContain('0:04 to 0:06 0:04 to 0:06');
});

test('requests are split by phase, errors have one example each', () => {
  expect(section('requests')).toMatch(/class="sub"><th scope="row">chaos<\/th><td class="number">6<\/td>/);
  expect(section('errors')).toContain('4 ×');
  expect(section('errors')).toContain('&gt; GET ');
});

test('requests of another protocol say so, and have their percentiles', () => {
  const { summary } = report;
  const tags = { name: 'buy', phase: 'steady' };
  const histogram = new Histogram();
  histogram.record(42, 10);
  const durations = { metric: 'grpc_req_duration', tags, aggregate: { kind: 'trend' as const, histogram } };
  const call = { name: 'buy', protocol: 'grpc', ok: 10, ko: 0, rate: 1, phases: {} };
  const mixed = reportPage(
    {
      ...report,
      summary: { ...summary, requests: [...summary.requests, call] },
      series: [...report.series, durations],
    },
    ASSETS,
  );
  expect(mixed).toMatch(/<th scope="row">buy<\/th><td>grpc<\/td><td class="number">10<\/td>/);
  expect(mixed).toMatch(/<th scope="row">buy<\/th><td>grpc<\/td><td class="number">42\.0ms<\/td>/);
  expect(section('requests')).not.toContain('Protocol');
});

test('of several protocols one chooses which is drawn, and reads what a request of each is', () => {
  const [time = ''] = /<section id="time"[\s\S]*?<\/section>/.exec(reportPage(withWebSocket(report), ASSETS)) ?? [];
  const options = [...time.matchAll(/<option value="\d">([^<]*)</g)].map(([, text]) => text);
  expect(options.filter((text) => !text?.includes('img'))).toEqual([
    'all requests',
    'all of http',
    'all of ws',
    'chat (ws)',
  ]);
  expect(time).toContain('A request of ws or tcp is a connection');
  expect(time).toContain('waits on connections are not');
  expect(section('time')).not.toMatch(/<option|connection/);
});

test('of connections alone answers are in the table of what is drawn', () => {
  const { timeline } = withWebSocket(report);
  const [, ws] = timeline?.protocols ?? [];
  if (!timeline || !ws) throw new Error('there are two protocols');
  const alone = reportPage({ ...report, timeline: { ...timeline, total: ws, protocols: [] } }, ASSETS);
  const text = alone.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
  expect(text).toMatch(/Most answers: 2(\.0)?\/s at 0:00\./);
  expect(text).toContain('From Rate Answers Failed p50');
  expect(text).toMatch(/0:09 1(\.0)?\/s 2(\.0)?\/s 100% /);
  expect(page).not.toContain('>Answers<');
});

test('without a timeline it has all but the charts, and no script', () => {
  const plain = reportPage({ ...report, timeline: undefined, notes: ['summary.json is damaged'] }, ASSETS);
  expect(plain).not.toContain('<script');
  expect(plain).toContain('No node kept a timeline');
  expect(plain).toContain('<li>summary.json is damaged</li>');
});

test('workers that were set by hand have steady windows of their own', () => {
  const scalings = [
    { atMs: 4000, workers: 7 },
    { atMs: 8000, workers: 3 },
  ];
  const scaled = reportPage({ ...report, summary: { ...report.summary, scalings } }, ASSETS);
  const [stages = ''] = /<section id="stages"[\s\S]*?<\/section>/.exec(scaled) ?? [];
  const text = stages.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
  expect(text).toContain('From 0:04 on the number of workers was set by hand.');
  for (const window of ['4 workers 0:00 to 0:04', '7 workers 0:04 to 0:08', '3 workers 0:08 to 0:10'])
    expect(text.replace(' best', '')).toContain(window);
});
