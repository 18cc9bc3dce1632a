import { test } from 'vitest';
import { expectRefused } from '../support/expect-refused.ts';
import { Workspace } from '../support/workspace.ts';

test.concurrent.each([
  ['no loads.yml', ['run'], ['loads.yml', 'check the path']],
  ['a scenario that is not there', ['run', 'shopp.ts'], ['there is no scenario file', 'shopp.ts']],
  ['a folder', ['run', '.'], ['is no file']],
  ['no node', ['run', 'shop.ts', '--nodes', '0'], ['--nodes: expected 1 or more']],
  ['workers that are no number', ['run', 'shop.ts', '--workers', 'abc'], ['--workers: expected a whole number']],
  ['half a worker', ['run', 'shop.ts', '-w', '1.5'], ['--workers: expected a whole number']],
  ['fewer workers than nodes', ['run', 'shop.ts', '--nodes', '3', '-w', '2'], ['--nodes: 3 nodes need', '2']],
  ['a bad duration', ['run', 'shop.ts', '-d', 'soon'], ['--duration: expected a duration', 'soon']],
  ['a target that is no URL', ['run', 'shop.ts', '-t', 'shop:80'], ['--target: expected an http or https URL']],
  ['a bad seed', ['run', 'shop.ts', '--seed', 'x'], ['--seed: expected a whole number']],
  ['a variable without a value', ['run', 'shop.ts', '-e', 'TOKEN'], ['TOKEN', 'KEY=VALUE']],
  ['a bad count of failures', ['run', 'shop.ts', '--fail', '0'], ['--fail', '1 or more']],
  ['an unknown option', ['run', 'shop.ts', '--worker', '2'], ["unknown option '--worker'", '--workers']],
  ['an unknown command', ['rum', 'shop.ts'], ["unknown command 'rum'", 'run']],
  ['an unknown launcher', ['run', 'shop.ts', '--on', 'nowhere'], ['--on', 'nowhere', 'process']],
  ['too many files', ['run', 'shop.ts', 'shop.ts'], ['too many arguments']],
  [
    'what several runs are not made with',
    ['run', 'size.yml', '--baseline', 'nix', '--out', 'junit=x.xml', '--fail', '2', '--report', 'x.html'],
    [
      "there is no run 'nix'",
      '`sizing` makes several runs',
      '--fail',
      '--out is for one run',
      '--report is for one run',
    ],
  ],
  [
    'a matrix of nothing',
    ['run', 'shop.ts', '--matrix', '--single-run', '-x'],
    ['--matrix needs an entry', '`singleRun` exclude', '`stopOnFailure` (-x) exclude'],
  ],
  [
    'what a search is not made with',
    ['search', 'shop.ts', '--vary', 'workers', '--sizing', '--single-run', '-x', '--to', 'x', '--hits', '3'],
    ['--sizing is not', '--single-run is not', '--exception is not', '--to: expected a number of workers', '--hits:'],
  ],
  ['an empty command', ['run', '--'], ['command']],
  ['a run that is not there, where none is', ['attach'], ['there is no run']],
  ['a run that is not there', ['attach', '2020'], ["there is no run '2020'", '.loads/runs']],
])('%s is refused', async (_, args, says) => {
  await using workspace = await Workspace.create();
  await workspace.write('shop.ts', "import { scenario } from '@loads/node';\nscenario('look', () => undefined);\n");
  await workspace.write('size.yml', 'name: size\nscenario: ./shop.ts\nsizing: true\n');
  // An engine of this machine may hold runs of others.
  const env = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
  await expectRefused(workspace, { args, env, exitCode: 104, says });
});
