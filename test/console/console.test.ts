import { execFile, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { runLoads } from '../support/loads.ts';
import { startTarget } from '../support/target.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';

const BIN = join(import.meta.dirname, '../../orchestrator/bin/loads.js');
const SOCKET = `loads-test-${process.pid}`;

/** Fifty names, and one of them fails. */
const NAMES = `import { scenario } from '@loads/node';
scenario('browse', async ({ http, sleep }) => {
  for (let i = 0; i < 50; i++) await http.get(i === 49 ? '/nowhere' : '/items', { name: 'page ' + String(i).padStart(2, '0') });
  await sleep(20);
});`;

const FAILING = `import { scenario } from '@loads/node';
scenario('buy', async ({ http, check, iteration }) => {
  const headers = { authorization: 'Bearer very-secret', cookie: 'sid=very-secret' };
  await http.post('/nowhere?token=very-secret', { name: 'order', headers, json: { item: 'rope', password: 'very-secret' } });
  const res = await http.get('/items', { name: 'list items' });
  console.log('iteration', iteration);
  if (iteration % 2 === 0) throw new Error('no rope left');
});`;

async function tmux(...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)('tmux', ['-L', SOCKET, ...args])).stdout;
}

describe.skipIf(spawnSync('tmux', ['-V']).error !== undefined)('on a terminal (tmux)', () => {
  afterAll(() => tmux('kill-server').catch(() => undefined));

  test('the table of requests fits the terminal, before and after a resize, and leaves it as it was', async () => {
    await using target = await startTarget();
    await using workspace = await Workspace.create();
    await workspace.write('names.ts', NAMES);
    const loads = `"${process.execPath}" "${BIN}" run names.ts -t ${target.url} -w 2 -d 7s; echo "ended: $?"; exec cat`;
    await tmux(
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-x',
      '100',
      '-y',
      '24',
      '-c',
      workspace.path,
      `sh -c '${loads}'`,
    );
    const rows = async (): Promise<readonly string[]> => (await tmux('capture-pane', '-p')).trimEnd().split('\n');
    const shows = (pattern: RegExp): Promise<void> =>
      until(async () => (await rows()).some((row) => pattern.test(row)), `the terminal does not show ${pattern}`);

    await shows(/^page 49 /);
    const narrow = await rows();
    expect(narrow.length).toBeLessThanOrEqual(24);
    expect(narrow.filter((row) => / {3}1 node$/.test(row))).toHaveLength(1);
    expect(narrow.some((row) => /^ +rate +ok +ko +p50 +p95 +p99$/.test(row))).toBe(true);
    expect(narrow.at(-1)).toMatch(/^and \d+ more names$/);

    await tmux('resize-window', '-x', '64', '-y', '60');
    await shows(/^page 00 .*ms$/);
    await until(async () => (await rows()).filter((row) => row.startsWith('page ')).length === 50, 'not all names fit');
    const wide = await rows();
    expect(wide.filter((row) => / {3}1 node$/.test(row))).toHaveLength(1);

    await shows(/^ended: 0$/);
    // Nothing is left of the screen, and the cursor is there again.
    const history = await tmux('capture-pane', '-p', '-S', '-');
    expect(history.match(/more names/g)).toBeNull();
    expect(await tmux('display-message', '-p', '#{cursor_flag}')).toBe('1\n');
  });
});

test('an error is shown with one example, requests with -vv, and secrets nowhere', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create();
  await workspace.write('failing.ts', FAILING);
  const args = ['run', 'failing.ts', '-t', target.url, '-i', '4'];
  const { exitCode, stdout, stderr } = await runLoads(workspace, [...args, '-vv']);
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toContain('node 1 scenario | iteration 3');
  expect(stdout).toMatch(/node 1 scenario \| \* buy: order failed: status\n/);
  expect(stdout).toMatch(/node 1 scenario \| > \{"item":"rope","password":"\[redacted\]"\}\n/);
  expect(stdout).toMatch(/ {2}4 × buy: order answered 404\n {6}> POST http\S+\/nowhere\?token=\[redacted\]\n/);
  expect(stdout).toMatch(
    / {2}2 × buy: no rope left\n {6}> GET http\S+\/items\n[\s\S]*< 200 after [\s\S]*at .*failing\.ts:7:34/,
  );
  const { errors } = await workspace.summary();
  expect(errors).toMatchObject([
    {
      failure: 'status',
      count: 4,
      example: { name: 'order', headers: { cookie: '[redacted]' }, response: { status: 404 } },
    },
    { failure: 'assertion', count: 2, example: { name: 'list items', response: { status: 200 } } },
  ]);
  const logs = await runLoads(workspace, ['logs']);
  expect(logs.stdout).toContain('> POST http');
  for (const text of [stdout, stderr, logs.stdout, JSON.stringify(errors)]) expect(text).not.toContain('very-secret');

  const plain = await runLoads(workspace, args);
  expect(plain.stdout).not.toContain(' | ');
  expect(plain.stdout).toContain('4 × buy: order answered 404');
});

test('every line of --json is what the published schema says', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create();
  await workspace.write('failing.ts', FAILING);
  const schema = z.fromJSONSchema(
    JSON.parse(await readFile(join(import.meta.dirname, '../../docs/schema/events.schema.json'), 'utf8')),
  );
  const args = ['run', 'failing.ts', '-t', target.url, '-d', '3s', '--json', '-v'];
  const { stdout } = await runLoads(workspace, args);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly type: string });
  for (const line of lines) expect(schema.safeParse(line), JSON.stringify(line)).toMatchObject({ success: true });
  expect(new Set(lines.map(({ type }) => type))).toEqual(new Set(['progress', 'log', 'summary']));
  const named = lines.filter((line) => 'requestsByName' in line);
  expect(named.at(-1)).toMatchObject({ requestsByName: [{ name: expect.any(String), p95Ms: expect.any(Number) }, {}] });
});
