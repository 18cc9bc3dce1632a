import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findProgram } from './find-program.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'loads-program-'));
  await mkdir(join(dir, 'bin/folder'), { recursive: true });
  await writeFile(join(dir, 'bin/tool'), '#!/bin/sh\n');
  await chmod(join(dir, 'bin/tool'), 0o755);
  await writeFile(join(dir, 'bin/text'), '');
});
afterAll(() => rm(dir, { recursive: true }));

test('a bare name is looked for on the PATH, a path as it is', async () => {
  await findProgram('tool', `/nowhere:${join(dir, 'bin')}`);
  await findProgram(join(dir, 'bin/tool'), '');
});

test.each([
  ['tool', '/nowhere', "there is no program 'tool' on the PATH", 'a program in the current folder is called ./tool'],
  // What is there and is no program is not found either.
  ['text', 'bin', "there is no program 'text' on the PATH", expect.any(String)],
  ['folder', 'bin', "there is no program 'folder' on the PATH", expect.any(String)],
  ['./bin/none', '', '/bin/none does not exist', expect.any(String)],
  ['./bin/text', '', '/bin/text cannot be executed', expect.stringContaining('chmod +x ')],
  ['./bin/folder', '', '/bin/folder cannot be executed', expect.any(String)],
])('%s is refused with %j as the PATH', async (program, path, message, hint) => {
  const named = program.replace(/^\./, dir);
  await expect(findProgram(named, path.replace(/^bin/, join(dir, 'bin')))).rejects.toMatchObject({
    ...{ code: 'ERR_FILE_MISSING', exitCode: 104, message: expect.stringContaining(message), hint },
  });
});
