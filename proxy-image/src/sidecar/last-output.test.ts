import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lastOutput } from './last-output.ts';

test('of a long output the end is read, of a short one all, and of none nothing', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-output-'));
  const path = join(dir.path, 'scenario.log');
  expect(await lastOutput(path)).toBe('');
  await writeFile(path, 'short');
  expect(await lastOutput(path)).toBe('short');
  await writeFile(path, `${'x'.repeat(1_000_000)}FATAL ERROR`);
  const output = await lastOutput(path);
  expect(output).toMatch(/^x+FATAL ERROR$/);
  expect(output.length).toBeLessThan(100_000);
});
