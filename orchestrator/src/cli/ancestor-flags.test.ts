import { Command } from 'commander';
import { expect, test } from 'vitest';
import {
  type AncestorFlags,
  addAncestorOptions,
  ancestorNote,
  ancestorOverrides,
  configuredTest,
} from './ancestor-flags.ts';

function parsed(...args: string[]): AncestorFlags {
  return addAncestorOptions(new Command()).parse(args, { from: 'user' }).opts();
}

test('what means nothing here is named with the reason, in one line', () => {
  expect(ancestorNote(parsed('-c', '--uvloop', '--statsd-address', 'udp://a:1'))).toBe(
    'without effect: --console (how it shows is for the command line: -q, -v); ' +
      "--statsd-address (statsd always goes to the node's own agent); --uvloop (Node has its own event loop)",
  );
  for (const flag of ['--disable-dns-resolve', '--no-dns-resolve', '--debug', '--statsd'])
    expect(ancestorNote(parsed(flag))).toMatch(`without effect: ${flag} (`);
  expect(ancestorNote(parsed('--console-update', '0.5'))).toMatch('--console-update');
  for (const flags of [['--batched'], ['--no-patching'], ['--broker', 'ipc:///x'], ['--zmq-receiver', 'ipc:///x']])
    expect(ancestorNote(parsed(...flags))).toMatch(new RegExp(`^without effect: ${flags[0]} \\(\\w`));
  expect(ancestorNote(parsed())).toBeUndefined();
});

test('other names of nodes and target set these', () => {
  expect(ancestorOverrides(parsed('-a', '3', '--server-url', 'http://shop.test'))).toMatchObject([
    { path: ['nodes'], value: 3, origin: '--agents' },
    { path: ['target'], value: 'http://shop.test', origin: '--server-url' },
  ]);
  expect(ancestorOverrides(parsed('--external-process-timeout', '2', '--project-name', 'shop'))).toMatchObject([
    { path: ['name'], value: 'shop', origin: '--project-name' },
    { path: ['commandOvertime'], value: '2', origin: '--external-process-timeout' },
  ]);
  expect(ancestorOverrides(parsed())).toEqual([]);
});

test('with --config the operand is the name of a test', () => {
  expect(configuredTest('big', { config: 'molotov.json' })).toEqual({
    file: 'molotov.json',
    flags: { config: 'molotov.json', run: 'big' },
  });
  expect(configuredTest(undefined, { config: 'molotov.json', run: 'big' })).toMatchObject({ flags: { run: 'big' } });
  expect(configuredTest('shop.ts', {})).toEqual({ file: 'shop.ts', flags: {} });
  expect(() => configuredTest('big', { config: 'molotov.json', run: 'small' })).toThrow('two names');
});
