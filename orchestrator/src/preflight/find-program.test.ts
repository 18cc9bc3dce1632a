import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findProgram } from './find-program.ts';

test('a program is found by its path, or by its name on the PATH', async () => {
  await using folder = await programs();
  await findProgram(join(folder.path, 'run'), '');
  await findProgram('run', `/nowhere:${folder.path}`);
});

test.each([
  ['no-such', 'ERR_FILE_MISSING', "there is no program 'no-such' on the PATH"],
  ['data', 'ERR_FILE_MISSING', "there is no program 'data' on the PATH"],
  ['folder', 'ERR_FILE_MISSING', "there is no program 'folder' on the PATH"],
  ['./nowhere', 'ERR_FILE_MISSING', './nowhere does not exist'],
])('%s is refused', async (program, code, message) => {
  await using folder = await programs();
  await expect(findProgram(program, folder.path)).rejects.toMatchObject({ code, message });
});

test('a file that may not be executed is refused, with how to mend it', async () => {
  await using folder = await programs();
  const data = join(folder.path, 'data');
  const refused = {
    code: 'ERR_FILE_MISSING',
    message: `${data} cannot be executed`,
    hint: expect.stringContaining('chmod +x'),
  };
  await expect(findProgram(data, '')).rejects.toMatchObject(refused);
});

async function programs(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'programs-'));
  await writeFile(join(path, 'run'), '#!/bin/sh\n', { mode: 0o755 });
  await writeFile(join(path, 'data'), '');
  await mkdir(join(path, 'folder'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
