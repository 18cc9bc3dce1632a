import { mkdir, mkdtempDisposable, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseOut, prepareFile, writeOut } from './out-file.ts';

test('a format and a file, which may have a = in it', () => {
  expect(parseOut('junit=a=b/junit.xml')).toMatchObject({ reporter: { name: 'junit' }, path: 'a=b/junit.xml' });
});

test.each([
  ['junti=x.xml', "there is no format 'junti'", "did you mean 'junit'?"],
  ['prometheus=x', "there is no format 'prometheus'", /^there are junit, markdown, org, json, /],
  ['junit', '--out junit has no file', 'write it like `--out junit=junit.xml`'],
  ['markdown=', '--out markdown has no file', 'is the variable set that stands for it?'],
])('%s is refused: %s', (text, message, hint) => {
  expect(() => parseOut(text)).toThrow(
    expect.objectContaining({ code: 'ERR_USAGE', message, hint: expect.stringMatching(hint) }),
  );
});

test('a file is written anew with its folders, but what a step of GitHub shares is added to', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-out-'));
  const path = join(dir.path, 'new', 'summary.md');
  await prepareFile(path);
  expect(await stat(path).catch(() => 'absent')).toBe('absent');
  for (const text of ['one\n', 'two\n']) await writeOut(path, text, { GITHUB_STEP_SUMMARY: join(dir.path, 'other') });
  expect(await readFile(path, 'utf8')).toBe('two\n');
  await writeOut(path, 'three\n', { GITHUB_STEP_SUMMARY: join(dir.path, 'new', '..', 'new', 'summary.md') });
  expect(await readFile(path, 'utf8')).toBe('two\nthree\n');
});

test('where nothing can be written, this is said before the run', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-out-'));
  await mkdir(join(dir.path, 'folder'));
  await writeOut(join(dir.path, 'file'), '', {});
  for (const path of [join(dir.path, 'folder'), join(dir.path, 'file', 'junit.xml')]) {
    await expect(prepareFile(path)).rejects.toMatchObject({
      code: 'ERR_USAGE',
      message: expect.stringContaining(path),
    });
    await expect(writeOut(path, '', {})).rejects.toMatchObject({ code: 'ERR_USAGE' });
  }
});
