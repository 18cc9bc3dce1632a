import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startScenario } from './scenario-process.ts';

test('it is told how a process ended, which writes into the folder and has the environment', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-node-'));
  const run = async (source: string): Promise<unknown> => {
    const command = [process.execPath, '-e', source];
    return await (await startScenario({ command }, { dir: dir.path, env: { GREETING: 'hello' } })).ended;
  };
  expect(await run('console.log(process.env.GREETING); process.exitCode = 7')).toEqual({ code: 7 });
  expect(await run('console.error("again"); process.kill(process.pid, "SIGKILL")')).toEqual({ signal: 'SIGKILL' });
  expect(await readFile(join(dir.path, 'scenario.log'), 'utf8')).toBe('hello\nagain\n');
});

test('what cannot be started is told', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-node-'));
  const starting = startScenario({ command: ['/nowhere/at/all'] }, { dir: dir.path, env: {} });
  await expect(starting).rejects.toMatchObject({ code: 'ERR_NODE_START' });
});
