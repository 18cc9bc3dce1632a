import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { listen } from '../../examples/shop/listen.ts';
import { expectRefused } from '../support/expect-refused.ts';
import { Workspace } from '../support/workspace.ts';

const SHOP = `import { scenario } from '@loads/node';
scenario('look', () => undefined);`;

type Case = readonly [name: string, config: string, says: readonly (string | RegExp)[]];

const CASES: readonly Case[] = [
  ['an unknown key', 'scenario: shop.ts\nworker: 3\n', [/^error: loads\.yml:2:1 worker: .*did you mean 'workers'\?/]],
  ['a key of the wrong type', 'scenario: shop.ts\nnodes: many\n', ['loads.yml:2:1 nodes: expected a whole number']],
  [
    'a bad duration',
    'scenario: shop.ts\nduration: 5 parsecs\n',
    ['loads.yml:2:1 duration: expected a duration', '5 parsecs'],
  ],
  ['no duration at all', 'scenario: shop.ts\nduration: 0s\n', ['loads.yml:2:1 duration: expected a duration over 0']],
  ['no node', 'scenario: shop.ts\nnodes: 0\n', ['loads.yml:2:1 nodes: expected 1 or more']],
  ['fewer workers than nodes', 'scenario: shop.ts\nnodes: 3\nworkers: 2\n', ['loads.yml:2:1 nodes: 3 nodes need', '2']],
  ['nothing to run', 'workers: 2\n', ['loads.yml:1:1 ', 'scenario']],
  ['two things to run', 'scenario: shop.ts\ncommand: [ls]\n', ['loads.yml:2:1 command: ', 'exclude each other']],
  [
    'a target that is no URL',
    'scenario: shop.ts\ntarget: shop\n',
    ['loads.yml:2:1 target: expected an http or https URL'],
  ],
  [
    'behaviors over 100 percent',
    'scenario: shop.ts\ntarget: http://127.0.0.1:1\nproxies:\n  web:\n    protocol: http\n    behavior: 60:delay,50:error\n',
    ['loads.yml:6:5 proxies.web.behavior: The behavior total needs to be 100 or less, and is 110'],
  ],
  [
    'an unknown behavior',
    'scenario: shop.ts\ntarget: http://127.0.0.1:1\nproxies: { web: { protocol: http, behavior: 10:dealy } }\n',
    ['loads.yml:3:35 proxies.web.behavior: ', "did you mean 'delay'?"],
  ],
  [
    'an unknown protocol',
    'scenario: shop.ts\ntarget: http://127.0.0.1:1\nproxies: { web: { protocol: htpp } }\n',
    ['loads.yml:3:19 proxies.web.protocol: ', "did you mean 'http'?"],
  ],
  [
    'an unknown option of a behavior',
    'scenario: shop.ts\ntarget: http://127.0.0.1:1\nproxies: { web: { behavior: delay, slep: 1s } }\n',
    ['loads.yml:3:36 proxies.web.slep: ', "did you mean 'sleep'?"],
  ],
  [
    'a proxy that is not there',
    'scenario: shop.ts\ntarget: http://127.0.0.1:1\nproxies: { web: {} }\nchaos:\n  - { at: 1s, for: 1s, proxy: wob, behavior: delay }\n',
    ["loads.yml:5:24 chaos[0].proxy: there is no proxy 'wob'; did you mean 'web'?"],
  ],
  [
    'a proxy without a backend',
    'scenario: shop.ts\nproxies: { web: {} }\n',
    ['loads.yml:2:12 proxies.web: needs a `backend`, or a `target`'],
  ],
  [
    'a fault after the end',
    'scenario: shop.ts\ntarget: http://127.0.0.1:1\nduration: 5s\nproxies: { web: {} }\nchaos: [{ at: 5s, for: 1s, proxy: web, behavior: delay }]\n',
    ['loads.yml:5:11 chaos[0].at: begins when the run has ended'],
  ],
  [
    'a threshold that is none',
    "scenario: shop.ts\nthresholds:\n  http_req_duration: ['p(95)<300', 'fast']\n",
    [/^error: loads\.yml:3:\d+ thresholds\.http_req_duration\[1\]: 'fast' is no threshold/],
  ],
  [
    'a threshold that its metric cannot have',
    'scenario: shop.ts\nthresholds: { http_reqs: p(95)<3 }\n',
    [/^error: loads\.yml:2:\d+ thresholds\.http_reqs.*: http_reqs is a counter and has no 'p'/],
  ],
  [
    'a scenario that is not there',
    'workers: 2\nscenario: ./shopp.ts\n',
    ['loads.yml:2:1 scenario: there is no scenario file', 'shopp.ts'],
  ],
  ['text that is no YAML', 'scenario: shop.ts\nnodes: [1, 2\n', [/^error: loads\.yml:\d+:\d+ /]],
  ['a key that stands twice', 'scenario: shop.ts\nnodes: 1\nnodes: 2\n', [/^error: loads\.yml:3:1 .*unique/]],
  ['a list', '- shop.ts\n', ['loads.yml:1:1 expected keys']],
  ['no content', '', ['loads.yml:1:1 expected keys']],
  [
    'a variable that is not set',
    'scenario: shop.ts\nenv:\n  TOKEN: "${SHOP_TOKEN}"\n',
    ['loads.yml:3:3 env.TOKEN: the environment variable SHOP_TOKEN is not set'],
  ],
];

test.concurrent.each(CASES)('%s is refused with its place', async (_, config, says) => {
  await using workspace = await Workspace.create();
  await workspace.write('shop.ts', SHOP);
  await workspace.write('loads.yml', config);
  await expectRefused(workspace, { args: ['run'], exitCode: 104, says });
});

test('all problems of a configuration are told at once, each with its place', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('shop.ts', SHOP);
  await workspace.write(
    'loads.yml',
    `scenario: shop.ts
workrs: 3
duration: soon
nodes: -1
target: 127.0.0.1
chaos:
  - { at: 1s, for: never, proxy: web, behavior: delay }
`,
  );
  const problems = [
    'loads.yml:2:1 workrs: ',
    'loads.yml:3:1 duration: ',
    'loads.yml:4:1 nodes: ',
    'loads.yml:5:1 target: ',
    'loads.yml:7:15 chaos[0].for: ',
  ];
  const stderr = await expectRefused(workspace, { args: ['run'], exitCode: 104, says: problems });
  expect(stderr.match(/loads\.yml:\d+:\d+ \S+: /g)?.toSorted()).toEqual(problems.toSorted());
  // A check says the same.
  expect(await expectRefused(workspace, { args: ['check'], exitCode: 104, says: [] })).toBe(stderr);
});

test('what the environment sets wrongly is refused by the name of the variable', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('shop.ts', SHOP);
  const env = { LOADS_WORKERS: 'abc', LOADS_DURATION: 'soon' };
  const says = ['LOADS_WORKERS: expected a whole number', 'LOADS_DURATION: expected a duration'];
  await expectRefused(workspace, { args: ['run', 'shop.ts'], env, exitCode: 104, says });
});

test('a target that nobody answers at is refused', async () => {
  const server = createServer();
  const { port } = await listen(server, { host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.close(resolve));
  await using workspace = await Workspace.create();
  await workspace.write('shop.ts', SHOP);
  const args = ['run', 'shop.ts', '-t', `http://127.0.0.1:${port}`];
  const says = [`the target http://127.0.0.1:${port} does not answer: connection refused`, 'start the service'];
  await expectRefused(workspace, { args, exitCode: 104, says });
});
