import { execFile } from 'node:child_process';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Argument, Command, Option } from 'commander';
import { expect, test } from 'vitest';
import { program } from '../cli/program.ts';
import { testContext } from '../cli/test-context.test.support.ts';
import { bashCompletion } from './bash.ts';
import { commandShape } from './command-shape.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

const loads = commandShape(program('1.2.3', testContext()));

/** A command line with all that is hard to quote. */
function odd(): Command {
  const root = new Command('odd').description("it's odd");
  root
    .command('go')
    .description(`[it's] a: "test" $HOME \\ \`x\``)
    .addArgument(new Argument('<what>').choices(['east', 'west']))
    .addOption(new Option('-c, --colour <name>', `one's [own] $(touch /tmp/x): \\`).choices(['red', 'green']))
    .option('--fast');
  return root;
}

async function runs(shell: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await promisify(execFile)(shell, [...args], { env: { PATH: process.env.PATH, HOME: tmpdir() } })).stdout;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What bash offers for the last of these words. */
async function bashOffers(script: string, name: string, ...words: readonly string[]): Promise<readonly string[]> {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-completion-'));
  const file = join(dir.path, 'script');
  await writeFile(file, script);
  const probe = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _${name}; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const stdout = await runs('bash', ['-c', probe, 'probe', file, name, ...words]);
  return (stdout ?? '').split('\n').filter((line) => line !== '');
}

test.each([
  [['r'], ['run', 'report', 'rm']],
  [['run', '--worke'], ['--workers']],
  [
    ['run', 'shop.ts', '--on', ''],
    ['process', 'docker'],
  ],
  [['run', '--workers', ''], []],
  [['run', ''], []],
  [['run', '--', 'python', '--wor'], []],
  [['images', ''], ['build']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
])('bash completes %j', async (words, offered) => {
  expect(await bashOffers(bashCompletion(loads), 'loads', ...words)).toEqual(offered);
});

test('bash offers every command', async () => {
  expect(await bashOffers(bashCompletion(loads), 'loads', '')).toEqual(loads.commands.map(({ name }) => name));
});

test('nothing in a description is run or breaks the script', async () => {
  const shape = commandShape(odd());
  expect(await bashOffers(bashCompletion(shape), 'odd', 'go', '--colour', '')).toEqual(['red', 'green']);
  expect(await bashOffers(bashCompletion(shape), 'odd', 'go', '')).toEqual(['east', 'west']);
  for (const [shell, script, check] of [
    ['bash', bashCompletion(shape), '-n'],
    ['zsh', zshCompletion(shape), '-n'],
    ['fish', fishCompletion(shape), '--no-execute'],
  ] as const) {
    await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-completion-'));
    const file = join(dir.path, 'script');
    await writeFile(file, script);
    await runs(shell, [check, file]);
  }
});

test('fish offers what the command line has', async ({ skip }) => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-completion-'));
  for (const [shape, line, offered] of [
    [loads, 'loads r', ['run']],
    [loads, 'loads run --worke', ['--workers']],
    [loads, 'loads run --on ', ['docker', 'process']],
    [commandShape(odd()), 'odd go --colour=', ['--colour=green', '--colour=red']],
  ] as const) {
    const file = join(dir.path, 'script');
    await writeFile(file, fishCompletion(shape));
    const stdout = await runs('fish', ['--no-config', '-c', `source ${file}; complete -C '${line}'`]);
    if (stdout === undefined) return skip('there is no fish here');
    const words = stdout.split('\n').flatMap((one) => (one === '' ? [] : [one.split('\t')[0] ?? '']));
    expect(words).toEqual(expect.arrayContaining([...offered]));
  }
});

test('zsh loads the script and knows its functions', async ({ skip }) => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-completion-'));
  const file = join(dir.path, 'script');
  await writeFile(file, zshCompletion(loads));
  const probe = `autoload -U compinit; compinit -u -D; source ${file}; print $_comps[loads] $+functions[_loads_run]`;
  const stdout = await runs('zsh', ['-f', '-c', probe]);
  if (stdout === undefined) return skip('there is no zsh here');
  expect(stdout.trim()).toBe('_loads 1');
});
