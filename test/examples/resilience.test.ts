import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { Workspace } from '../support/workspace.ts';

const DEMO = join(import.meta.dirname, '../../examples/resilience/demo.ts');

test('of two versions under the same faults the first fails and the second passes, and the comparison names the fault', async () => {
  await using workspace = await Workspace.create();
  const demo = spawn(process.execPath, [DEMO], { cwd: workspace.path, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([text(demo.stdout), text(demo.stderr), once(demo, 'close')]);
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toContain('exit codes: version 1 99, version 2 0');
  expect(stdout).toContain('lost-prices separates them');
  const runs = await workspace.runs();
  expect(runs).toHaveLength(2);
  const summaries = await Promise.all(runs.map((run) => readFile(join(run, 'summary.json'), 'utf8')));
  expect(summaries.map((one) => (JSON.parse(one) as { outcome: string }).outcome)).toEqual(['failed', 'passed']);
  const picture = await readFile(workspace.file('.loads/resilience.svg'), 'utf8');
  expect(picture).toMatch(/FAILED[\s\S]*PASSED/);
  expect(picture.split('lost-prices')).toHaveLength(3);
  await workspace.quiet(5000);
});
