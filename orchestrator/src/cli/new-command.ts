import { LoadsError } from '@loads/core';
import type { Command } from 'commander';
import { newProject } from '../projects/new-project.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';

/** Adds `loads new`. */
export function addNew(loads: Command, version: string, context: CliContext): void {
  const command = loads
    .command('new')
    .description('write a starter project: a scenario, a configuration, and a tiny service to try them on')
    .argument('[directory]', 'a new or empty folder', '.')
    .option('-t, --target <url>', 'a service of your own, instead of the one that comes with it');
  addOutputOptions(command).action(async (directory: string, flags: OutputFlags & { target?: string }) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'new');
    const target = flags.target === undefined ? undefined : checkedTarget(flags.target);
    const files = await newProject({ directory, target, version });
    const steps = [...(directory === '.' ? [] : [`cd ${quoted(directory)}`]), 'npm install', 'npm test'];
    const text = [...files.map((file) => `  ${file}`), '', 'Next:', ...steps.map((step) => `  ${step}`)];
    terminal.result(text, { type: 'new', directory, files });
    context.exit(0);
  });
}

function checkedTarget(text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '') return url.href.replace(/\/$/, '');
  throw new LoadsError('ERR_USAGE', `--target ${text} is no http or https URL`, {
    hint: 'such as http://127.0.0.1:8080',
  });
}

/** For a shell, where it needs to be. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
