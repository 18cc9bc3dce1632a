import { Histogram, type LiveRequestTotals } from '@loads/core';
import { expect, test } from 'vitest';
import { cliEventSchema } from './cli-events.ts';
import { jsonDisplay, lineDisplay, screenDisplay, silentDisplay } from './live-display.ts';
import { painter } from './paint.ts';
import { plan } from './plan.test.fixture.ts';
import { progressAt } from './progress.test.fixture.ts';
import { Screen } from './screen.test.support.ts';

const plain = painter(false);
/** Requests of one name, all of 10 ms. */
function named(name: string): LiveRequestTotals {
  const durations = new Histogram();
  durations.record(10, 100);
  return { name, protocol: 'http', requests: 100, failed: 1, rate: 20, durations };
}

const three = [
  '',
  expect.stringMatching(/^█+░+ {3}5\.0s/),
  expect.stringMatching(/4,682 requests$/),
  expect.stringMatching(/^faults/),
];

test('the screen is drawn again in place', () => {
  const screen = new Screen(80);
  screen.write('before\n');
  const display = screenDisplay(plan, screen, plain);
  display.show(progressAt(4000, { activeFaults: ['a-fault-with-a-long-name'] }));
  display.show(progressAt(5000));
  expect(screen.lines).toEqual(['before', ...three, '']);
  expect(screen.cursorHidden).toBe(true);
});

test('no row is ever blank while it is drawn again', () => {
  const written: string[] = [];
  const recording = { columns: 80, write: (text: string): unknown => written.push(text) };
  const display = screenDisplay(plan, recording, plain);
  display.show(progressAt(4000));
  display.show(progressAt(5000));
  // One write for a screen, which clears what is right of a row and what is below the last, never the row itself.
  expect(written).toHaveLength(2);
  const [, again = ''] = written;
  expect(again).not.toContain('\u001b[2K');
  expect(again.indexOf('\u001b[J')).toBe(again.length - '\u001b[J'.length);
});

test('at the end nothing is left of it, and the cursor is back', () => {
  const screen = new Screen(80);
  screen.write('before\n');
  const display = screenDisplay(plan, screen, plain);
  display.close();
  expect(screen.lines).toEqual(['before', '']);
  display.show(progressAt(5000));
  display.close();
  display.close();
  screen.write('after\n');
  expect(screen.lines).toEqual(['before', 'after', '']);
  expect(screen.cursorHidden).toBe(false);
});

test('a note stays above the screen, and what the terminal echoes of Ctrl-C goes', () => {
  const screen = new Screen(80);
  const display = screenDisplay(plan, screen, plain);
  display.show(progressAt(4000));
  screen.write('^C');
  display.note('stopping');
  display.show(progressAt(4000));
  display.show(progressAt(5000));
  expect(screen.lines).toEqual(['', 'stopping', ...three, '']);
});

test.each([200, 60, 40, 20, 1])('at %d columns every line has one row', (columns) => {
  const screen = new Screen(columns);
  const display = screenDisplay(plan, screen, painter(true));
  for (let ms = 0; ms < 3000; ms += 1000) display.show(progressAt(ms, { activeFaults: ['a', 'b', 'c'] }));
  expect(screen.lines).toHaveLength(5);
  display.close();
  expect(screen.lines).toEqual(['']);
});

test('a terminal that becomes narrower wraps the old screen, and the new one still covers it', () => {
  const screen = new Screen(80);
  screen.write('before\n');
  const display = screenDisplay(plan, screen, plain);
  display.show(progressAt(5000));
  screen.resize(30);
  display.show(progressAt(5000));
  expect(screen.lines).toEqual([
    'before',
    '',
    '5.0s / 20s   2 nodes',
    '936/s   p95 95.3ms   82 fail…',
    'faults active: none   232 in…',
    '',
  ]);
});

test('the requests by name are below it, as many as the terminal is high', () => {
  const names = Array.from({ length: 50 }, (_, i) => named(`name ${i}`));
  const screen = new Screen(100, 24);
  screen.write('before\n');
  const display = screenDisplay(plan, screen, plain);
  display.show(progressAt(1000, { names }));
  display.show(progressAt(2000, { names }));
  // An empty line, the three of the screen, an empty one, and the table with the row that says how many more there are.
  expect(screen.lines).toHaveLength(1 + 24);
  expect(screen.lines.at(-2)).toBe('and 34 more names');
  screen.rows = 60;
  display.show(progressAt(3000, { names }));
  expect(screen.lines.filter((line) => line.startsWith('name'))).toHaveLength(50);
  display.close();
  expect(screen.lines).toEqual(['before', '']);
});

test.each([60, 80, 100, 200])('fifty names are drawn again in place at %d columns, and after a resize', (columns) => {
  const names = Array.from({ length: 50 }, (_, i) => named(`GET /a/rather/long/path/of/a/resource/${i}`));
  const screen = new Screen(columns, 30);
  const display = screenDisplay(plan, screen, painter(true));
  for (let ms = 0; ms < 3000; ms += 1000) display.show(progressAt(ms, { names }));
  expect(screen.lines).toHaveLength(30);
  screen.resize(columns - 20);
  display.show(progressAt(3000, { names }));
  display.show(progressAt(4000, { names }));
  expect(screen.lines.filter((line) => line.includes('2 nodes')).length).toBeLessThanOrEqual(2);
  expect(screen.lines.slice(-30).filter((line) => line.includes('2 nodes'))).toHaveLength(1);
});

test('what processes write stands above the screen, whole and harmless', () => {
  const screen = new Screen(80);
  const display = screenDisplay(plan, screen, plain);
  display.show(progressAt(4000));
  display.log('node 1 scenario', '\u001b[31mhello\u001b[2J\tworld\u0007');
  display.log('node 2 scenario', 'x'.repeat(100));
  expect(screen.lines).toHaveLength(5);
  display.show(progressAt(5000));
  expect(screen.lines).toEqual([
    'node 1 scenario | hello  world',
    `node 2 scenario | ${'x'.repeat(62)}`,
    'x'.repeat(38),
    ...three,
    '',
  ]);
  display.log('node 1 scenario', 'last');
  display.close();
  display.log('node 1 scenario', 'late');
  expect(screen.lines.slice(3)).toEqual(['node 1 scenario | last', 'node 1 scenario | late', '']);
});

test('a flood of output does not become a flood on the screen', () => {
  const screen = new Screen(80);
  const display = screenDisplay(plan, screen, plain);
  for (let i = 0; i < 100_000; i++) display.log('a', String(i));
  display.show(progressAt(5000));
  expect(screen.lines).toHaveLength(1001 + 5);
  expect(screen.lines[0]).toBe('(99000 lines are left out here: `loads logs` has them)');
});

test('a log gets the requests by name every ten seconds', () => {
  const screen = new Screen(200);
  const display = lineDisplay(plan, screen);
  for (let ms = 0; ms <= 21_000; ms += 500) display.show(progressAt(ms, { names: [named('list'), named('buy')] }));
  display.log('node 1 scenario', 'hello');
  expect(screen.lines.filter((line) => /^ +(list|buy) /.test(line))).toHaveLength(4);
  expect(screen.lines.at(-2)).toBe('node 1 scenario | hello');
});

test('a log gets a line every two seconds, after an empty one', () => {
  const screen = new Screen(200);
  const display = lineDisplay(plan, screen);
  for (const ms of [0, 1900, 2100, 2300, 3900, 4000]) display.show(progressAt(ms));
  display.note('stopping');
  display.close();
  const [empty, first, second, ...rest] = screen.lines;
  expect([empty, ...rest]).toEqual(['', 'stopping', '']);
  expect([first, second]).toEqual([expect.stringMatching(/^2\.1s \/ 20s/), expect.stringMatching(/^4\.0s \/ 20s/)]);
});

test('a program gets an object a second, without a histogram and without null', () => {
  const [out, notes] = [new Screen(5000), new Screen(200)];
  const display = jsonDisplay(out, notes);
  display.show({ elapsedMs: 0.4, totals: undefined, nodesRunning: 2 });
  for (const ms of [200, 1000, 1800]) display.show(progressAt(ms, { names: [named('list')] }));
  display.note('stopping');
  display.log('node 1 scenario', 'hello');
  display.close();
  const p95Ms = expect.closeTo(95, 0);
  expect(out.lines.filter((row) => row !== '').map((row) => JSON.parse(row))).toEqual([
    { type: 'progress', elapsedMs: 0, nodesRunning: 2 },
    {
      ...{ type: 'progress', elapsedMs: 1000, nodesRunning: 2, requests: 4682, failed: 82, iterations: 2400 },
      ...{ iterationsFailed: 0, samples: 31_176, faults: 232, activeFaults: [], failures: {}, p95Ms },
      requestsByName: [
        { name: 'list', protocol: 'http', requests: 100, failed: 1, rate: 20, p50Ms: 10, p95Ms: 10, p99Ms: 10 },
      ],
    },
    { type: 'log', process: 'node 1 scenario', line: 'hello' },
  ]);
  for (const line of out.lines.slice(0, -1)) expect(cliEventSchema.safeParse(JSON.parse(line)).success).toBe(true);
  expect(notes.lines).toEqual(['stopping', '']);
});

test('a quiet run shows its notes and nothing else', () => {
  const notes = new Screen(80);
  const display = silentDisplay(notes);
  display.show(progressAt(5000));
  display.note('stopping');
  display.close();
  expect(notes.lines).toEqual(['stopping', '']);
});
