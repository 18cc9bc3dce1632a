import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { loadsMain } from '@loads/orchestrator';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runLoads } from '../support/loads.ts';
import { Workspace } from '../support/workspace.ts';

const WAIT = `import { scenario } from '@loads/node';
scenario('wait', ({ sleep, check }) => { check(true, 'waits'); return sleep(50); });`;

/** What may be wrong with a file; undefined: it is not there. */
const DAMAGES: readonly (readonly [name: string, damage: (whole: Buffer) => Buffer | undefined])[] = [
  ['absent', () => undefined],
  ['empty', () => Buffer.alloc(0)],
  ['cut after a third', (whole) => whole.subarray(0, Math.floor(whole.length / 3))],
  ['cut at its last byte', (whole) => whole.subarray(0, -2)],
  ['zeros in its middle', (whole) => changed(whole, whole.length >> 1, Buffer.alloc(16))],
  ['another byte at a quarter', (whole) => changed(whole, whole.length >> 2, Buffer.from('~'))],
  ['null', () => Buffer.from('null')],
  ['an object of nothing', () => Buffer.from('{}')],
];

/** The commands that read a run, with that run in the place of RUN. */
const COMMANDS: readonly (readonly string[])[] = [
  ['show', 'RUN'],
  ['export', 'RUN', '-f', 'junit'],
  ['export', 'RUN', '-f', 'hlog'],
  ['export', 'RUN', '-f', 'csv', '-o', 'requests.csv'],
  ['report', 'RUN', '-o', 'report.html'],
  ['compare', 'RUN', 'RUN'],
  ['trend'],
  ['ps', '--all'],
  ['gc', '--keep', '0', '--dry-run'],
  ['logs', 'RUN'],
  ['push', 'RUN'],
  ['stop', 'RUN'],
  ['attach', 'RUN'],
];
/** Passed, failed, or an error that the user is told of: nothing else is the end of a command. */
const ENDS = [0, 97, 98, 99, 104, 105, 107, 109];

const home = process.cwd();
let workspace: Workspace;
let run = '';
let whole = '';

beforeAll(async () => {
  workspace = await Workspace.create();
  await workspace.write('wait.ts', WAIT);
  const { exitCode, stdout } = await runLoads(workspace, ['run', 'wait.ts', '--nodes', '2', '-i', '6']);
  expect(exitCode, stdout).toBe(0);
  run = await workspace.run();
  whole = workspace.file('whole');
  await cp(run, whole, { recursive: true });
  // In this process: a thousand commands of their own would take minutes.
  process.chdir(workspace.path);
  for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);
});

afterAll(async () => {
  process.chdir(home);
  await workspace[Symbol.asyncDispose]();
});

type Said = { readonly exitCode: number; readonly output: string };

async function command(args: readonly string[], path = run, env: NodeJS.ProcessEnv = {}): Promise<Said> {
  let output = '';
  const keep = (text: unknown): boolean => {
    output += String(text);
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(keep));
  try {
    const given = args.map((arg) => (arg === 'RUN' ? path : arg));
    // No engine has a part in it.
    const exitCode = await loadsMain(given, { ...process.env, DOCKER_HOST: '', FORCE_COLOR: '0', ...env });
    return { exitCode, output };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

async function restore(): Promise<void> {
  await rm(run, { recursive: true, force: true });
  await cp(whole, run, { recursive: true });
}

test('whole, the run is read by every command', async () => {
  for (const args of COMMANDS.filter(([name]) => name !== 'push')) {
    const { exitCode, output } = await command(args);
    expect.soft(exitCode, `${args.join(' ')}: ${output}`).toBe(0);
  }
  await restore();
});

test('a run that was moved elsewhere is the same for every command', async () => {
  await mkdir(workspace.file('kept'));
  const moved = join('kept', 'moved');
  await cp(whole, moved, { recursive: true });
  for (const args of COMMANDS.filter((one) => one.includes('RUN') && one[0] !== 'push')) {
    const { exitCode, output } = await command(args, moved);
    expect.soft(exitCode, `${args.join(' ')}: ${output}`).toBe(0);
  }
  // One in containers does not need its engine any more, which is on another machine.
  const record = (await readFile(join(moved, 'run.json'), 'utf8')).replace(
    '"launcher": "process"',
    '"launcher": "docker"',
  );
  await writeFile(join(moved, 'run.json'), record);
  for (const name of ['attach', 'stop', 'show', 'rm']) {
    const { exitCode, output } = await command([name, 'RUN'], moved, { DOCKER_HOST: 'unix:///nowhere.sock' });
    expect.soft(exitCode, `${name}: ${output}`).toBe(0);
  }
  expect(await readdir('kept')).toEqual([]);
});

test('whatever is damaged, no command crashes, and none takes the run for whole', { timeout: 85_000 }, async () => {
  const entries = await readdir(whole, { recursive: true, withFileTypes: true });
  // Both nodes leave the same files.
  const files = entries
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith(join('nodes', '1')))
    .map((entry) => join(entry.parentPath, entry.name).slice(whole.length + 1));
  expect(files).toEqual(expect.arrayContaining(['run.json', 'summary.json', 'nodes/2/result.json.gz']));
  for (const file of files) {
    for (const [name, damage] of DAMAGES) {
      const content = damage(await readFile(join(whole, file)));
      if (content) await writeFile(join(run, file), content);
      else await rm(join(run, file));
      for (const args of COMMANDS) {
        const about = `${file} ${name}, ${args.join(' ')}`;
        const { exitCode, output } = await command(args).catch((error: unknown) => ({
          ...{ exitCode: 1, output: error instanceof Error ? (error.stack ?? error.message) : String(error) },
        }));
        expect.soft(ENDS, `${about}: ${exitCode}\n${output}`).toContain(exitCode);
        expect.soft(output, about).not.toMatch(/this is a bug|TypeError|undefined|\bNaN\b/);
        const [does] = args;
        const isResult = file.endsWith('result.json.gz');
        if (does === 'attach' && (isResult || file === 'run.json'))
          expect.soft(exitCode, `${about}: ${output}`).not.toBe(0);
        if (does === 'ps' && file.endsWith('.json') && !file.includes('nodes')) {
          if (name !== 'absent' && !name.startsWith('another byte')) expect.soft(output, about).toMatch(/damaged/);
        }
      }
      await restore();
    }
  }
});

test('whatever is damaged of a report of several runs, no command crashes', async () => {
  const id = '20261121-120000-wait-0000';
  const row = { run: basename(run), outcome: 'passed', exitCode: 0, reasons: [], requests: 0, failed: 0 };
  const found = { name: 'wait', nodes: 2, outcome: 'passed', exitCode: 0, elapsedMs: 300, runs: 1, rows: [row] };
  const good = Buffer.from(JSON.stringify({ version: 1, matrix: id, ...found }));
  await mkdir('.loads/matrices');
  const path = `.loads/matrices/${id}.json`;
  await writeFile(path, good);
  expect(await command(['show', id])).toMatchObject({ exitCode: 0, output: expect.stringContaining('no faults') });
  for (const [name, damage] of DAMAGES) {
    const content = damage(good);
    if (!content) continue;
    await writeFile(path, content);
    for (const args of [['show', id], ['show'], ['show', path], ['ps', '--all'], ['gc', '--keep', '0', '--dry-run']]) {
      const about = `${name}, ${args.join(' ')}`;
      const { exitCode, output } = await command(args);
      expect.soft(ENDS, `${about}: ${exitCode}\n${output}`).toContain(exitCode);
      expect.soft(output, about).not.toMatch(/this is a bug|TypeError|undefined|\bNaN\b/);
      if (args[0] === 'ps' && !name.startsWith('another byte')) expect.soft(output, about).toMatch(/damaged/);
    }
  }
  expect((await command(['rm', id])).exitCode).toBe(0);
  expect(await readdir('.loads/matrices')).toEqual([]);
});

/** Some bytes in the place of others. */
function changed(bytes: Buffer, at: number, others: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  others.copy(copy, Math.min(at, Math.max(0, copy.length - others.length)));
  return copy;
}
