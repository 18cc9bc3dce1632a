import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addAdvisedOptions, refuseAdvised } from './ancestor-advice.ts';

function refusal(...args: string[]): void {
  refuseAdvised(addAdvisedOptions(new Command()).parse(args, { from: 'user' }).opts());
}

test.each([
  ['--ping-broker', [], /loads ps/],
  ['--purge-broker', [], /loads rm/],
  ['--attach', [], /loads attach/],
  ['--ssh', ['me@host:22'], /ssh:\/\/user@host/],
  ['--test-runner', ['run {test}'], /after `--`/],
  ['--python-dep', ['requests'], /requirements/],
] as const)('%s is refused with what stands in its place', (flag, values, hint) => {
  expect(() => refusal(flag, ...values)).toThrow(
    expect.objectContaining({
      code: 'ERR_USAGE',
      message: expect.stringContaining(flag),
      hint: expect.stringMatching(hint),
    }),
  );
});

test('a command line without them is none of this', () => {
  expect(() => refusal()).not.toThrow();
});
