import { execFile, spawnSync } from 'node:child_process';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');

/** The command of Compose on this machine: the plug-in, or the older one by itself. Undefined where there is neither. */
export const COMPOSE: readonly string[] | undefined = [['docker', 'compose'], ['docker-compose']].find(
  ([file = '', ...args]) => spawnSync(file, [...args, 'version'], { stdio: 'ignore' }).status === 0,
);

export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs Compose on the project's file, with nothing of the user's own `.env`. */
export async function compose(
  project: string,
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<Ended> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'loads-compose-'));
  const envFile = join(folder.path, 'env');
  await writeFile(
    envFile,
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  const [file = '', ...first] = COMPOSE ?? [];
  try {
    const all = [...first, '-p', project, '--env-file', envFile, ...args];
    return { code: 0, ...(await promisify(execFile)(file, all, { cwd: ROOT })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}
