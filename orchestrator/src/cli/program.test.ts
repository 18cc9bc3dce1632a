import { expect, test } from 'vitest';
import { separateFail } from './fail-flag.ts';
import { program } from './program.ts';
import { testContext } from './test-context.test.support.ts';

/** Parses a command line up to the point where its command begins. */
async function parse(...args: string[]): Promise<{ options: unknown; operands: readonly string[]; said: string }> {
  const loads = program('1.2.3', testContext());
  let said = '';
  const write = (text: string): void => {
    said += text;
  };
  for (const one of [loads, ...loads.commands])
    one.exitOverride().configureOutput({ writeOut: write, writeErr: write });
  const failed = await loads.parseAsync(separateFail(args), { from: 'user' }).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failed instanceof Error && failed.message !== 'the command began') throw Object.assign(failed, { said });
  const run = loads.commands.find((command) => command.name() === args[0]);
  return { options: run?.opts(), operands: run?.args ?? [], said };
}

test.each([
  [['run', '--fail', 'shop.ts'], 1, ['shop.ts']],
  [['run', 'shop.ts', '--fail'], 1, ['shop.ts']],
  [['run', 'shop.ts', '--fail', '5'], 5, ['shop.ts']],
  [['run', '--fail', '5', 'shop.ts'], 5, ['shop.ts']],
  [['run', '--fail=5', 'shop.ts'], 5, ['shop.ts']],
  [['run', '--fail', '-w', '2', 'shop.ts'], 1, ['shop.ts']],
  [['run', '-f', 'shop.ts'], 1, ['shop.ts']],
  [['run', '-f', '5', 'shop.ts'], 5, ['shop.ts']],
  [['run', 'shop.ts'], undefined, ['shop.ts']],
])('%j fails at %s iterations', async (args, fail, operands) => {
  const parsed = await parse(...args);
  expect(parsed.options).toMatchObject(fail === undefined ? {} : { fail });
  expect(parsed.options).not.toMatchObject(fail === undefined ? { fail: expect.anything() } : { fail: undefined });
  expect(parsed.operands).toEqual(operands);
});

test.each(['0', '-1', '1.5', '=many'])('--fail %s is no number of iterations', async (count) => {
  const args = count.startsWith('=') ? [`--fail${count}`] : ['--fail', count];
  await expect(parse('run', 'shop.ts', ...args)).rejects.toMatchObject({
    ...{ code: 'commander.invalidArgument', said: expect.stringContaining('Expected a whole number of 1 or more.') },
  });
});

test.each([
  [['-w', '1', '-w', '2'], '--workers is given twice'],
  [['-d', '1s', '--duration=2s'], '--duration is given twice'],
  [['--fail', '--fail', '2'], '--fail is given twice'],
  [['--on', 'process', '--on', 'process'], '--on is given twice'],
])('%j leaves open which of the two is meant', async (args, message) => {
  await expect(parse('run', 'shop.ts', ...args)).rejects.toMatchObject({ code: 'ERR_USAGE', message });
});

test('variables and flags may be repeated', async () => {
  const { options } = await parse('run', '-e', 'A=1', '-e', 'B=x=y', '-e', 'A=', '-v', '-v');
  expect(options).toMatchObject({ env: { A: '', B: 'x=y' }, verbose: 2 });
});

test.each([
  [['rnu'], "error: unknown command 'rnu'\n(Did you mean run?)\n"],
  [['run', '--worker', '3'], "error: unknown option '--worker'\n(Did you mean --workers?)\n"],
  [['check', 'a', 'b'], "error: too many arguments for 'check'. Expected 1 argument but got 2: a, b.\n"],
  [['run', '-e', 'A'], "error: option '-e, --env <KEY=VALUE>' argument 'A' is invalid. Expected KEY=VALUE.\n"],
  [['run', '--on', 'mars'], /argument 'mars' is invalid\. Allowed choices are process/],
])('%j is refused, with what may have been meant', async (args, said) => {
  await expect(parse(...args)).rejects.toMatchObject({
    ...{ exitCode: 1, said: typeof said === 'string' ? said : expect.stringMatching(said) },
  });
});

test('--version is the version alone', async () => {
  await expect(parse('--version')).rejects.toMatchObject({ exitCode: 0, said: '1.2.3\n' });
});

test.each([['--help'], ['run', '--help'], ['attach', '--help'], ['check', '-h']])(
  'the help of %s %s fits a terminal',
  async (...args) => {
    const failed: { said?: string } = await parse(...args).then(
      () => ({}),
      (error: { said?: string }) => error,
    );
    expect(failed.said).toMatch(/^Usage: loads /);
    for (const line of (failed.said ?? '').split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
  },
);
