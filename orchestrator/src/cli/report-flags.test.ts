import { mkdtempDisposable, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addReportOptions, prepareReport } from './report-flags.ts';

function parsed(...args: readonly string[]): Record<string, unknown> {
  const command = addReportOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  return command.parse(args, { from: 'user' }).opts();
}

test('T is a time: with a unit, or in seconds as FunkLoad has it', () => {
  expect(parsed('--report', 'r.html', '--apdex-t', '300ms')).toEqual({ report: 'r.html', apdexT: 300 });
  expect(parsed('--apdex-t', '1.5')).toEqual({ apdexT: 1500 });
  for (const bad of ['0', 'soon', '-1s']) expect(() => parsed(`--apdex-t=${bad}`)).toThrow('Expected a time');
});

test('what cannot be written costs no run', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-report-'));
  await writeFile(join(dir.path, 'file'), '');
  const usage = { code: 'ERR_USAGE', exitCode: 104 };
  await expect(prepareReport({ report: join(dir.path, 'file/report.html') }, false)).rejects.toMatchObject(usage);
  await expect(prepareReport({ report: dir.path }, false)).rejects.toMatchObject(usage);
  await expect(prepareReport({ report: 'r.html' }, true)).rejects.toMatchObject(usage);
  await expect(prepareReport({ apdexT: 100 }, false)).rejects.toMatchObject(usage);
  await prepareReport({}, true);
  await prepareReport({ report: join(dir.path, 'new/report.html') }, false);
  expect((await stat(join(dir.path, 'new'))).isDirectory()).toBe(true);
});
