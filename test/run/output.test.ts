import { expect, test } from 'vitest';
import { runLoads, startLoads } from '../support/loads.ts';
import { startTarget } from '../support/target.ts';
import { Workspace } from '../support/workspace.ts';

const WAIT = `import { scenario } from '@loads/node';
scenario('wait', { weight: 3 }, ({ sleep }) => sleep(50));
scenario('look', ({ sleep }) => sleep(50));`;

/** What every control sequence of a terminal begins with. */
const ESCAPE = '\u001b[';

test('--json writes JSON lines alone: progress, and the summary last', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('visit.ts');
  const { exitCode, stdout, stderr } = await runLoads(workspace, [
    'run',
    'visit.ts',
    '-d',
    '2s',
    '-t',
    target.url,
    '--json',
  ]);
  expect(exitCode, stderr).toBe(0);
  const lines = jsonLines(stdout);
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.slice(0, -1).map(({ type }) => type)).toEqual(lines.slice(0, -1).map(() => 'progress'));
  expect(lines.at(-1)).toEqual({ type: 'summary', folder: await workspace.run(), summary: await workspace.summary() });
  expect(stderr).toBe('');
});

test('--json tells an error as JSON too', async () => {
  await using workspace = await Workspace.create();
  const { exitCode, stdout, stderr } = await runLoads(workspace, ['run', 'nowhere.ts', '--json']);
  expect(exitCode).toBe(104);
  expect(jsonLines(stdout)).toMatchObject([{ type: 'error', code: 'ERR_FILE_MISSING' }]);
  expect(stderr).toMatch(/^error: there is no scenario file/);
});

test('--json keeps to JSON when the run is stopped', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('wait.ts', WAIT);
  await using loads = startLoads(workspace, ['run', 'wait.ts', '-d', '1m', '--json']);
  await loads.shows(/"elapsedMs":[12]\d{3},/);
  loads.ctrlC();
  const { exitCode, stdout, stderr } = await loads.ended;
  expect(exitCode).toBe(105);
  expect(jsonLines(stdout).at(-1)).toMatchObject({ type: 'summary', summary: { outcome: 'stopped' } });
  expect(stderr).toMatch(/^stopping: /);
});

test('-q shows the summary and no progress; without it a log gets a line every two seconds', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('wait.ts', WAIT);
  const progress = /^\S+s \/ (?:5s|1s)/m;
  const loud = await runLoads(workspace, ['run', 'wait.ts', '-d', '5s']);
  expect(loud.exitCode).toBe(0);
  expect(loud.stdout).toMatch(progress);
  expect(loud.stdout).not.toContain(ESCAPE);
  const quiet = await runLoads(workspace, ['run', 'wait.ts', '-i', '3', '-q']);
  expect(quiet.exitCode).toBe(0);
  expect(quiet.stdout).not.toMatch(progress);
  expect(quiet.stdout).toMatch(/^\n?iterations\n[\s\S]*PASSED/);
  expect(quiet.stderr).toBe('');
});

test('colours are for terminals: none in a pipe, unless they are forced', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('wait.ts', WAIT);
  const check = async (args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> => {
    const { exitCode, stdout, stderr } = await runLoads(workspace, ['check', 'wait.ts', ...args], env);
    expect(exitCode, stderr).toBe(0);
    return stdout;
  };
  expect(await check([], {})).not.toContain(ESCAPE);
  expect(await check([], { FORCE_COLOR: '1' })).toContain(ESCAPE);
  expect(await check([], { FORCE_COLOR: '1', NO_COLOR: '1' })).not.toContain(ESCAPE);
  expect(await check(['--no-color'], { FORCE_COLOR: '1' })).not.toContain(ESCAPE);
});

test('a reader that leaves early changes nothing for the run', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('wait.ts', WAIT);
  await using loads = startLoads(workspace, ['run', 'wait.ts', '-d', '3s']);
  await loads.shows(/^2\S*s \/ 3s/m);
  loads.stopReading();
  expect((await loads.ended).exitCode).toBe(0);
  expect((await workspace.summary()).outcome).toBe('passed');
});

test('loads check says what a scenario or a configuration would run, and runs nothing', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('wait.ts', WAIT);
  await workspace.write('loads.yml', 'scenario: wait.ts\nnodes: 2\nworkers: 6\ntarget: http://127.0.0.1:9\n');
  for (const args of [['check', 'wait.ts'], ['check', 'loads.yml'], ['check']]) {
    const { exitCode, stdout, stderr } = await runLoads(workspace, args);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^(wait\.ts|loads\.yml) is valid/);
    expect(stdout).toContain('wait');
    expect(stdout).toContain('look');
    expect(stderr).toBe('');
  }
  expect(await workspace.runs()).toEqual([]);
});

test('help and version are no errors', async () => {
  await using workspace = await Workspace.create();
  for (const args of [['--help'], ['run', '--help'], ['help', 'attach'], ['--version']]) {
    const { exitCode, stdout, stderr } = await runLoads(workspace, args);
    expect(exitCode, args.join(' ')).toBe(0);
    expect(stdout).not.toBe('');
    expect(stderr).toBe('');
  }
});

function jsonLines(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
