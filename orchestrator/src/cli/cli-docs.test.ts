import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT } from '@loads/core';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { ENVIRONMENT } from '../config/overrides.ts';
import { program } from './program.ts';
import { testContext } from './test-context.test.support.ts';

const loads = program('1.2.3', testContext());
const docs = await readFile(join(import.meta.dirname, '../../../docs/cli.md'), 'utf8');

/** The text below a heading that begins so, up to the next one. */
function section(heading: string): string {
  const [, text = ''] = docs.split(`\n## ${heading}`);
  return text.split('\n## ')[0] ?? '';
}

/** The options of a command as `--help` writes them, hidden ones too. */
function flagsOf(command: Command): readonly string[] {
  const help = command.createHelp();
  help.showGlobalOptions = false;
  const shown = help.visibleOptions(command).map(({ flags }) => flags);
  const hidden = command.options.filter((option) => option.hidden).map(({ flags }) => flags);
  return [...shown, ...hidden].toSorted();
}

test.each([...loads.commands.map((command) => command.name()), undefined])(
  'docs/cli.md has the options of `loads %s`, and no others',
  (name) => {
    const command = loads.commands.find((one) => one.name() === name) ?? loads;
    const text = section(name === undefined ? '`loads`' : `\`loads ${name} `);
    const documented = [...text.matchAll(/`((?:-\w, )?--[^`]+)`/g)].flatMap(([, flags]) => flags ?? []);
    expect(documented.filter((flags) => flagsOf(command).includes(flags)).toSorted()).toEqual(flagsOf(command));
    // What the text itself speaks of is there as well.
    for (const flags of documented) expect(flagsOf(command)).toContain(flags);
  },
);

test('docs/cli.md has a section for every command', () => {
  const documented = [...docs.matchAll(/^## `loads (\w+)/gm)].map(([, name]) => name);
  expect(documented).toEqual(loads.commands.map((command) => command.name()));
});

test('docs/cli.md has the variables of the environment, with their keys', () => {
  const rows = [...section('Environment').matchAll(/^\| `(LOADS_\w+)` \| `([\w.]+)` \|$/gm)];
  expect(rows.map(([, variable, key]) => [variable, key])).toEqual(
    [...ENVIRONMENT].map(([variable, path]) => [variable, path.join('.')]),
  );
});

test('docs/cli.md and --help have the exit codes', () => {
  const codes = Object.values(EXIT);
  expect([...section('Exit codes').matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))).toEqual(codes);
  let help = '';
  loads.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  const [, listed = ''] = help.split('Exit codes:');
  expect([...listed.matchAll(/(?:^|\s)(\d+) /g)].map(([, code]) => Number(code))).toEqual(codes);
});
