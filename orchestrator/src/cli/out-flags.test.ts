import { mkdtempDisposable, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseOut } from '../exports/out-file.ts';
import { storedRun } from '../exports/stored-run.test.fixture.ts';
import { prepareOutFiles, writeOutFiles } from './out-flags.ts';

test('a file that cannot be written any more is said, the others are written, and the run is not passed', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-out-'));
  const files = [parseOut(`junit=${dir.path}/gone/junit.xml`), parseOut(`json=${dir.path}/summary.json`)];
  await prepareOutFiles(files, false);
  // While the run went on somebody put a file in the place of the folder.
  await rm(join(dir.path, 'gone'), { recursive: true });
  await writeFile(join(dir.path, 'gone'), '');
  const warned: string[] = [];
  const after = writeOutFiles(files, { warn: (text) => warned.push(text) }, {});
  expect(await after(storedRun())).toBe(104);
  expect(warned).toEqual([
    expect.stringMatching(/gone\/junit\.xml cannot be written: .*loads export \S+ --format junit$/),
  ]);
  expect(await readFile(join(dir.path, 'summary.json'), 'utf8')).toContain('"outcome": "failed"');
});

test('what can be written changes no exit code', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-out-'));
  const after = writeOutFiles([parseOut(`csv=${dir.path}/a.csv`)], { warn: () => expect.unreachable() }, {});
  expect(await after(storedRun())).toBeUndefined();
});

test('a file is not for several runs', async () => {
  const files = [parseOut('junit=junit.xml')];
  await expect(prepareOutFiles(files, true)).rejects.toMatchObject({ code: 'ERR_USAGE' });
  await prepareOutFiles([], true);
});
