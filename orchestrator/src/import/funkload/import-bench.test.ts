import { mkdtempDisposable, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stagesOf } from '@loads/core';
import { expect, test } from 'vitest';
import { readStoredRun } from '../../run/stored-run.ts';
import { RunFolder } from '../../store/run-folder.ts';
import { benchXml, responseXml, testXml } from './bench.test.fixture.ts';
import { type ImportedBench, importBench } from './import-bench.ts';

const START = 1_394_359_200;

/** Two cycles, of 1 and 2 users: each user is once at a page of two requests. */
function bench(ms = 100): readonly string[] {
  const page = (cycle: number, users: number, thread: number, time: number): readonly string[] => [
    responseXml({ cycle, users, thread, time, duration: ms / 1000, description: 'Home' }),
    responseXml({ cycle, users, thread, type: 'image', url: '/a.png?x=1', time: time + 1, duration: 0.05 }),
    testXml({ cycle, users, thread, time, duration: 1.5 }),
  ];
  return [
    ...page(0, 1, 1, START),
    ...page(0, 1, 1, START + 8),
    ...page(1, 2, 1, START + 20),
    ...page(1, 2, 2, START + 24),
  ];
}

async function imported(
  texts: readonly string[],
  check: (bench: ImportedBench, root: string) => Promise<void>,
  cutBytes = 0,
): Promise<void> {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-funkload-'));
  const paths = texts.map((_, i) => join(dir.path, `bench-${i + 1}.xml`));
  for (const [i, text] of texts.entries()) await writeFile(paths[i] ?? '', text);
  if (cutBytes > 0) await truncate(paths[0] ?? '', Buffer.byteLength(texts[0] ?? '') - cutBytes);
  const root = join(dir.path, 'runs');
  const commandLine = ['import', 'funkload', 'bench.xml'];
  await check(await importBench({ paths, root, labels: { kept: 'yes' }, commandLine, random: 0.5 }), root);
}

test('a bench becomes a run that reads like any other', async () => {
  const config = { label: 'before', project: 'x y' };
  await imported([benchXml(bench(), { config })], async ({ folder, summary }, root) => {
    expect(folder.record).toMatchObject({
      run: '20140309-100000-test-shop-8000',
      plan: { name: 'test-shop', target: 'http://shop.example:8080', nodes: 1, workers: 2 },
      labels: { funkload: '1.17.2', label: 'before', project: 'x y', kept: 'yes' },
    });
    expect(summary).toMatchObject({
      outcome: 'passed',
      total: { ok: 8, ko: 0 },
      iterations: [{ scenario: 'test_shop', ok: 4, failed: 0 }],
      lost: 0,
    });
    expect(summary.requests.map(({ name, ok }) => [name, ok])).toEqual([
      ['GET /a.png', 4],
      ['Home', 4],
    ]);
    expect(summary.requests[1]?.duration?.p50).toBeCloseTo(100, 0);
    // A page takes as long as its requests.
    expect(summary.steps?.[0]).toMatchObject({ name: 'Home', duration: { count: 4 } });
    expect(summary.steps?.[0]?.duration?.p50).toBeCloseTo(150, 0);

    const stored = await readStoredRun(await RunFolder.open(root, summary.run));
    expect(stored.summary).toEqual(summary);
    const { timeline } = stored.nodes;
    expect(timeline?.total.count.slice(0, 3)).toEqual([1, 1, 0]);
    expect(timeline?.load.workerSeconds[5]).toBe(1);
    expect(timeline?.load.workerSeconds[22]).toBe(2);
    // Between the cycles nothing was recorded.
    expect(timeline?.load.workerSeconds[15]).toBe(0);
  });
});

test('cycles are steady windows, with a ramp where FunkLoad changed its users', async () => {
  await imported([benchXml(bench()), benchXml(bench())], async ({ folder }) => {
    const stages = stagesOf(folder.record.plan).map(({ kind, from, to, fromMs, toMs }) => [
      kind,
      from,
      to,
      fromMs,
      toMs,
    ]);
    expect(stages).toEqual([
      ['steady', 2, 2, 0, 9500],
      ['ramp', 2, 4, 9500, 20_100],
      ['steady', 4, 4, 20_100, 25_500],
    ]);
  });
});

test('files of several nodes are merged exactly: as if one had measured all', async () => {
  const figures = ({ summary }: ImportedBench): unknown => {
    const { total, requests, iterations, steps } = summary;
    return { total, requests, iterations, steps };
  };
  const [one, other] = [bench(100), bench(900)];
  const apart: unknown[] = [];
  await imported([benchXml(one), benchXml(other)], async (found) => void apart.push(figures(found)));
  await imported([benchXml([...one, ...other])], async (found) => expect(figures(found)).toEqual(apart[0]));
});

test('what failed is grouped, with the page that came back and what Python said', async () => {
  const failed = [
    responseXml({
      time: START,
      duration: 0.2,
      url: '/cart',
      code: 503,
      result: 'Failure',
      body: '<h1>No <b>way</b></h1>',
    }),
    testXml({
      time: START,
      duration: 0.3,
      result: 'Failure',
      traceback: 'Traceback:\n  x\nAssertionError: 503 & more',
    }),
    responseXml({ time: START + 1, duration: 0.2, code: -1, result: 'Error' }),
    testXml({ time: START + 2, duration: 0.3, result: 'Error' }),
    testXml({ time: START + 3, duration: 0.3, result: 'Error' }),
  ];
  await imported([benchXml(failed)], async ({ summary }) => {
    expect(summary).toMatchObject({ total: { ok: 0, ko: 2 }, iterations: [{ ok: 0, failed: 3 }] });
    // The failure of a request is that of its test.
    expect(summary.failures.map(({ failure, count }) => [failure, count]).toSorted()).toEqual([
      ['assertion', 1],
      ['other', 1],
      ['status', 1],
    ]);
    const page = summary.errors.find(({ failure }) => failure === 'status');
    expect(page).toMatchObject({
      message: 'GET /cart: status 503',
      example: { url: 'http://shop.example:8080/cart', response: { status: 503, body: '<h1>No <b>way</b></h1>' } },
    });
    expect(summary.errors.map(({ message }) => message)).toContain('AssertionError: 503 & more');
  });
});

test('a file that ends too early, or is damaged, gives what is whole, and no verdict', async () => {
  const text = benchXml([...bench(), '<monitor host="a" loadAvg1min="0.1" time="1" />'], { closed: false });
  await imported(
    [text],
    async ({ summary, notes }) => {
      expect(summary).toMatchObject({ outcome: 'invalid', total: { ok: 8 } });
      expect(summary.reasons).toEqual([
        expect.stringMatching(
          /^bench-1.xml was not written to its end: .*; the 12 measurements that are whole are taken$/,
        ),
      ]);
      expect(notes).toEqual([]);
    },
    10,
  );
  const hole = benchXml(bench()).replace('description="Home"', 'descr').replace('duration="1.5"', 'duration="soon"');
  await imported([hole], async ({ summary }) => {
    expect(summary).toMatchObject({ outcome: 'invalid', total: { ok: 7 } });
    expect(summary.reasons).toEqual([
      'bench-1.xml is damaged in 2 places: the 10 measurements that are whole are taken',
    ]);
  });
});

test.each<[string, readonly string[], string]>([
  [
    'of another format',
    ['<html><body>hello</body></html>'],
    'bench-1.xml is no result file of FunkLoad: it has no <funkload>',
  ],
  ['that is no XML', ['{"log":{}}'], 'bench-1.xml is no result file of FunkLoad: it has no <funkload>'],
  ['that is empty', [''], 'bench-1.xml is no result file of FunkLoad: it has no <funkload>'],
  ['without a measurement', [benchXml([])], 'bench-1.xml has no measurement'],
  [
    'of another bench',
    [benchXml(bench()), benchXml(bench(), { config: { cycles: '[5]' } })],
    'bench-1.xml and bench-2.xml are no files of one bench: other cycles',
  ],
])('a file %s is refused', async (_, texts, message) => {
  await expect(imported(texts, async () => undefined)).rejects.toMatchObject({ code: 'ERR_IMPORT', message });
});
