import { Writable } from 'node:stream';
import { LoadsError } from '@loads/core';
import { expect, test } from 'vitest';
import { fullSummary } from '../console/full-summary.test.fixture.ts';
import { plan } from '../console/plan.test.fixture.ts';
import { progressAt } from '../console/progress.test.fixture.ts';
import { Terminal, type TerminalOptions } from './terminal.ts';

const usual = { json: false, quiet: false, verbose: false, color: true };
const COLOUR = '\u001b[';

/** A terminal whose streams are kept. */
function open(options: Partial<TerminalOptions> = {}, tty = { out: false, err: false }, env: NodeJS.ProcessEnv = {}) {
  const [out, err] = [streamOf(tty.out), streamOf(tty.err)];
  const terminal = new Terminal({ ...usual, ...options }, out.stream, err.stream, env);
  return { terminal, out: out.text, err: err.text };
}

function streamOf(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  let text = '';
  const writable = new Writable({
    write(chunk, _, done) {
      text += String(chunk);
      done();
    },
  });
  return {
    stream: Object.assign(writable, { isTTY, columns: 100 }) as unknown as NodeJS.WriteStream,
    text: () => text,
  };
}

test.each([
  ['a terminal', {}, true, {}, true],
  ['a file', {}, false, {}, false],
  ['a file, forced', {}, false, { FORCE_COLOR: '1' }, true],
  ['a file, not forced', {}, false, { FORCE_COLOR: '0' }, false],
  ['--no-color', { color: false }, true, {}, false],
  ['NO_COLOR', {}, true, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR', {}, true, { NO_COLOR: '' }, true],
  ['a dumb terminal', {}, true, { TERM: 'dumb' }, false],
  ['--json', { json: true }, true, {}, false],
])('with %s the summary has colours: %j %s %j %s', (_, options, tty, env, painted) => {
  const { terminal, out } = open(options, { out: tty, err: false }, env);
  terminal.summary(fullSummary, '/runs/1');
  expect(out().includes(COLOUR)).toBe(painted);
});

test('an error has the colours of its own stream', () => {
  const toFile = open({}, { out: true, err: false });
  toFile.terminal.error(new LoadsError('ERR_USAGE', 'nothing to run'));
  expect(toFile.err()).toBe('error: nothing to run\n  see `loads --help`\n');
  expect(toFile.out()).toBe('');
  const toTerminal = open({}, { out: false, err: true });
  toTerminal.terminal.error(new LoadsError('ERR_USAGE', 'nothing to run'));
  expect(toTerminal.err()).toContain(COLOUR);
});

test('every problem of a configuration is an error of its own', () => {
  const { terminal, err } = open();
  terminal.error(new LoadsError('ERR_CONFIG', 'loads.yml:1:1 a: wrong\n--nodes: wrong too'));
  expect(err()).toBe('error: loads.yml:1:1 a: wrong\nerror: --nodes: wrong too\n');
});

test('what is no error of the user is a bug, and -v shows where', () => {
  const short = open();
  short.terminal.error(new TypeError('x is undefined'));
  expect(short.err()).toBe('error: x is undefined\n  this is a bug in loads; run it with -v to see where\n');
  const long = open({ verbose: true });
  long.terminal.error(new LoadsError('ERR_SETUP', 'setup threw', { cause: new TypeError('x is undefined') }));
  expect(long.err()).toMatch(/^error: setup threw\nTypeError: x is undefined\n {4}at /);
});

test('for a program there are JSON lines and nothing else', () => {
  const { terminal, out, err } = open({ json: true });
  terminal.introduce({ run: 'r', plan });
  const display = terminal.display(plan);
  display.show(progressAt(1000));
  display.note('stopping');
  display.close();
  terminal.summary(fullSummary, '/runs/1');
  terminal.valid('loads.yml', { plan });
  terminal.error(new LoadsError('ERR_USAGE', 'nothing to run'));
  const lines = out().trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ type: 'progress' }),
    { type: 'summary', folder: '/runs/1', summary: fullSummary },
    { type: 'valid', file: 'loads.yml', name: 'shop', nodes: 2, workers: 20, durationMs: 20_000 },
    { type: 'error', code: 'ERR_USAGE', message: 'nothing to run', hint: 'see `loads --help`' },
  ]);
  expect(err()).toBe('stopping\nerror: nothing to run\n  see `loads --help`\n');
});

test('a quiet run shows its summary alone', () => {
  const { terminal, out, err } = open({ quiet: true });
  terminal.introduce({ run: 'r', plan });
  const display = terminal.display(plan);
  display.show(progressAt(5000));
  display.close();
  expect(out() + err()).toBe('');
  terminal.summary(fullSummary, '/runs/1');
  expect(out()).toMatch(/^\nrequests\n.*\nFAILED {2}.*\n {2}\/runs\/1\n$/s);
});

test('a check says that the file is valid, and what it would run', () => {
  const { terminal, out } = open();
  terminal.valid('loads.yml', { plan, scenarios: [{ name: 'read', weight: 1 }] });
  expect(out()).toMatch(/^loads\.yml is valid\n\n {2}scenario {2}shop\.ts: read\n.*web-errors {2}10:error on web\n$/s);
});

test('the screen is for terminals that can draw again', () => {
  const [screen, dumb] = [open({}, { out: true, err: true }), open({}, { out: true, err: true }, { TERM: 'dumb' })];
  for (const { terminal } of [screen, dumb]) {
    const display = terminal.display(plan);
    display.show(progressAt(5000));
    display.close();
  }
  expect(screen.out()).toContain('\u001b[?25l');
  expect(screen.out().endsWith('\u001b[?25h')).toBe(true);
  expect(dumb.out()).toMatch(/^\n5\.0s \/ 20s {2}\P{Cc}*\n$/u);
});

test('a screen that is closed guards nothing any more', () => {
  const events = ['exit', 'SIGTSTP', 'SIGQUIT'];
  const before = events.map((event) => process.listenerCount(event));
  const { terminal } = open({}, { out: true, err: true });
  const display = terminal.display(plan);
  expect(events.map((event) => process.listenerCount(event))).toEqual(before.map((count) => count + 1));
  display.close();
  expect(events.map((event) => process.listenerCount(event))).toEqual(before);
});

test('the link to its dashboard is under the summary, and in its JSON', () => {
  const text = open();
  text.terminal.summary(fullSummary, '/runs/1', 'http://grafana/d/1');
  expect(text.out()).toMatch(/\n {2}\/runs\/1\n {2}http:\/\/grafana\/d\/1\n$/);
  const json = open({ json: true });
  json.terminal.summary(fullSummary, '/runs/1', 'http://grafana/d/1');
  expect(JSON.parse(json.out())).toMatchObject({ folder: '/runs/1', dashboard: 'http://grafana/d/1' });
});
