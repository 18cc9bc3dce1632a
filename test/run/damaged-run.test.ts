import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runLoads } from '../support/loads.ts';
import { Workspace } from '../support/workspace.ts';

const QUICK = `import { scenario } from '@loads/node';
scenario('wait', ({ sleep }) => sleep(50));`;

/** What is wrong with the folder of a run on two nodes that had passed, and what an attach says then. */
const DAMAGES: readonly (readonly [name: string, file: string, content: string | undefined, says: string | RegExp])[] =
  [
    ['no record', 'run.json', undefined, /there is no run|run\.json/],
    ['half a record', 'run.json', '{"version":1,"run":', 'run.json'],
    ['a record of nothing', 'run.json', 'null', 'run.json'],
    ['a record without a plan', 'run.json', '{"version":1,"launcher":"process"}', 'run.json'],
    ['a record of another version', 'run.json', '{"version":7}', 'another version of loads'],
    ['no processes', 'nodes/1/processes.json', undefined, 'node 1'],
    ['half a list of processes', 'nodes/1/processes.json', '{"sidecar":', 'node 1'],
    ['no start', 'nodes/1/start.json', undefined, 'never started'],
    ['half a start', 'nodes/1/start.json', '{"atMs":', /node 1|start\.json/],
    ['no result', 'nodes/2/result.json.gz', undefined, 'node 2 was lost: it ended before it left a result'],
    ['half a result', 'nodes/2/result.json.gz', 'half', 'node 2 was lost: the result of node 2 is damaged'],
  ];

test('an attach to a run that was damaged gives no verdict that could be trusted, and says what is wrong', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('wait.ts', QUICK);
  const { exitCode, stdout } = await runLoads(workspace, ['run', 'wait.ts', '--nodes', '2', '-i', '6']);
  expect(exitCode, stdout).toBe(0);
  const run = await workspace.run();
  for (const [name, file, content, says] of DAMAGES) {
    await using _ = await damaged(join(run, file), content);
    const attached = await runLoads(workspace, ['attach', run]);
    const output = attached.stdout + attached.stderr;
    expect.soft(attached.exitCode, `${name}: ${output}`).toSatisfy((code) => code === 98 || code === 104);
    expect.soft(output, name).toMatch(says);
    expect.soft(output, name).not.toMatch(/PASSED|bug|^\s+at /m);
  }
  // Whole again, it passes as before.
  expect((await runLoads(workspace, ['attach'])).exitCode).toBe(0);
});

/** Puts another content in the place of a file, or removes it, until disposed of. */
async function damaged(path: string, content: string | undefined): Promise<AsyncDisposable> {
  const whole = await readFile(path);
  if (content === undefined) await rm(path);
  else await writeFile(path, content);
  return { [Symbol.asyncDispose]: () => writeFile(path, whole) };
}
