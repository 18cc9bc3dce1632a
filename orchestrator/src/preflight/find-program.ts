import { access, constants, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { LoadsError } from '@loads/core';

/**
 * Looks for a program as execvp(3) does: a path as it is, a bare name in the folders of `searchPath` (`$PATH`). Throws
 * ERR_FILE_MISSING: a run of nothing would pass.
 */
export async function findProgram(program: string, searchPath: string): Promise<void> {
  const folders = program.includes('/') ? [''] : searchPath.split(delimiter);
  for (const folder of folders) if (await isProgram(join(folder, program))) return;
  if (!program.includes('/')) {
    throw new LoadsError('ERR_FILE_MISSING', `there is no program '${program}' on the PATH`, {
      hint: `a program in the current folder is called ./${program}`,
    });
  }
  const found = await stat(program).catch(() => undefined);
  throw new LoadsError('ERR_FILE_MISSING', `${program} ${found ? 'cannot be executed' : 'does not exist'}`, {
    hint: found?.isFile() ? `make it executable: chmod +x ${program}` : undefined,
  });
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    // It is not there, or not for us to run.
    return false;
  }
}
