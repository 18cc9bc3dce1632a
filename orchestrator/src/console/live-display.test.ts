import { expect, test } from 'vitest';
import { jsonDisplay, lineDisplay, screenDisplay, silentDisplay } from './live-display.ts';
import { painter } from './paint.ts';
import { plan } from './plan.test.fixture.ts';
import { progressAt } from './progress.test.fixture.ts';
import { Screen } from './screen.test.support.ts';

const plain = painter(false);
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
  expect(screen.rows).toEqual(['before', ...three, '']);
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
  expect(screen.rows).toEqual(['before', '']);
  display.show(progressAt(5000));
  display.close();
  display.close();
  screen.write('after\n');
  expect(screen.rows).toEqual(['before', 'after', '']);
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
  expect(screen.rows).toEqual(['', 'stopping', ...three, '']);
});

test.each([200, 60, 40, 20, 1])('at %d columns every line has one row', (columns) => {
  const screen = new Screen(columns);
  const display = screenDisplay(plan, screen, painter(true));
  for (let ms = 0; ms < 3000; ms += 1000) display.show(progressAt(ms, { activeFaults: ['a', 'b', 'c'] }));
  expect(screen.rows).toHaveLength(5);
  display.close();
  expect(screen.rows).toEqual(['']);
});

test('a terminal that becomes narrower wraps the old screen, and the new one still covers it', () => {
  const screen = new Screen(80);
  screen.write('before\n');
  const display = screenDisplay(plan, screen, plain);
  display.show(progressAt(5000));
  screen.resize(30);
  display.show(progressAt(5000));
  expect(screen.rows).toEqual([
    'before',
    '',
    '5.0s / 20s   2 nodes',
    '936/s   p95 95.3ms   82 fail…',
    'faults active: none   232 in…',
    '',
  ]);
});

test('a log gets a line every two seconds, after an empty one', () => {
  const screen = new Screen(200);
  const display = lineDisplay(plan, screen);
  for (const ms of [0, 1900, 2100, 2300, 3900, 4000]) display.show(progressAt(ms));
  display.note('stopping');
  display.close();
  const [empty, first, second, ...rest] = screen.rows;
  expect([empty, ...rest]).toEqual(['', 'stopping', '']);
  expect([first, second]).toEqual([expect.stringMatching(/^2\.1s \/ 20s/), expect.stringMatching(/^4\.0s \/ 20s/)]);
});

test('a program gets an object a second, without a histogram and without null', () => {
  const [out, notes] = [new Screen(200), new Screen(200)];
  const display = jsonDisplay(out, notes);
  display.show({ elapsedMs: 0.4, totals: undefined, nodesRunning: 2 });
  for (const ms of [200, 1000, 1800]) display.show(progressAt(ms));
  display.note('stopping');
  display.close();
  const p95Ms = expect.closeTo(95, 0);
  expect(out.rows.filter((row) => row !== '').map((row) => JSON.parse(row))).toEqual([
    { type: 'progress', elapsedMs: 0, nodesRunning: 2 },
    {
      ...{ type: 'progress', elapsedMs: 1000, nodesRunning: 2, requests: 4682, failed: 82, iterations: 2400 },
      ...{ iterationsFailed: 0, samples: 31_176, faults: 232, activeFaults: [], p95Ms },
    },
  ]);
  expect(notes.rows).toEqual(['stopping', '']);
});

test('a quiet run shows its notes and nothing else', () => {
  const notes = new Screen(80);
  const display = silentDisplay(notes);
  display.show(progressAt(5000));
  display.note('stopping');
  display.close();
  expect(notes.rows).toEqual(['stopping', '']);
});
