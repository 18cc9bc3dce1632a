import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runLoads, startLoads } from '../support/loads.ts';
import { Workspace } from '../support/workspace.ts';

/** A service that takes one request at a time, 20 ms each, and refuses what is more. */
async function startNarrowService(): Promise<AsyncDisposable & { readonly url: string }> {
  let inside = 0;
  const server = createServer((_, response) => {
    if (inside >= 1) {
      response.writeHead(503).end();
      return;
    }
    inside += 1;
    void wait(20).then(() => {
      inside -= 1;
      response.end('served');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const SCENARIO = `import { scenario, check } from '@loads/node';
  scenario('ask', async ({ http }) => { check((await http.get('/')).ok, 'is served'); });`;

type Report = {
  readonly end: string;
  readonly holds: { readonly load: number; readonly held: number };
  readonly breaks: { readonly load: number; readonly broke: number; readonly failures: { readonly ratio: number } };
  readonly trials: readonly { readonly run: string; readonly load: number; readonly outcome: string }[];
};

test('sizing over two nodes finds what the service takes, and ends on all nodes a trial that is lost', async () => {
  await using service = await startNarrowService();
  await using workspace = await Workspace.create();
  await workspace.write('ask.ts', SCENARIO);
  const flags = ['--sizing', '--sizing-tolerance', '2', '-w', '2', '--nodes', '2', '-d', '2s', '-t', service.url];
  const { exitCode, stdout, stderr } = await runLoads(workspace, ['run', 'ask.ts', ...flags]);
  expect(exitCode, stdout + stderr).toBe(0);
  expect(stdout).toMatch(/sizing: up to 1 worker \(confidence 88%\)/);
  const path = stdout.trimEnd().split('\n').at(-1)?.trim() ?? '';
  const report = JSON.parse(await readFile(path, 'utf8')) as Report;
  expect(report).toMatchObject({ end: 'service', holds: { load: 1, held: 3 }, breaks: { load: 2, broke: 3 } });
  expect(report.breaks.failures.ratio).toBeGreaterThan(0.02);
  // A trial that says nothing, of a machine that stood still, is made again.
  const told = report.trials.filter(({ outcome }) => outcome !== 'invalid');
  expect(told.map(({ load }) => load)).toEqual([1, 2, 1, 1, 2, 2]);
  // Every trial is a run of its own; the lost ones were told to end, on both nodes, long before their time.
  const runs = await workspace.runs();
  expect(runs).toHaveLength(report.trials.length);
  const lost = report.trials.find(({ outcome }) => outcome === 'broke')?.run ?? '';
  for (const node of [1, 2]) {
    const stop = await readFile(join(workspace.path, '.loads/runs', lost, 'nodes', String(node), 'stop.json'), 'utf8');
    expect(JSON.parse(stop)).toEqual({ graceful: true, because: 'failure' });
  }
  await workspace.quiet();
});

test('Ctrl-C ends a sizing with what is known so far', async () => {
  await using service = await startNarrowService();
  await using workspace = await Workspace.create();
  await workspace.write('ask.ts', SCENARIO);
  await using loads = startLoads(workspace, [
    'run',
    'ask.ts',
    '--sizing',
    '--rate',
    '64/s',
    '-d',
    '1s',
    '-t',
    service.url,
  ]);
  await loads.shows(/ramp +1\/s +held/);
  loads.ctrlC();
  const { exitCode, stdout } = await loads.ended;
  expect([exitCode, stdout]).toEqual([
    105,
    expect.stringContaining('not finished, stopped by the user; so far 1/s held'),
  ]);
  await workspace.quiet();
});
