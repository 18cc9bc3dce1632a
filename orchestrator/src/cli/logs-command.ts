import { resolve } from 'node:path';
import { EXIT, LoadsError } from '@loads/core';
import { type Command, InvalidArgumentError } from 'commander';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addDockerHost } from './docker-flags.ts';
import { knownRun } from './known-run.ts';
import { type LogSource, linesOf, logSources } from './log-sources.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { RUNS_ROOT } from './run-load.ts';
import type { Terminal } from './terminal.ts';

type LogsFlags = OutputFlags & { node?: number; follow?: boolean; dockerHost?: string[] };

/** Adds `loads logs`. */
export function addLogs(loads: Command, context: CliContext): void {
  const logs = loads
    .command('logs')
    .description('show what the processes of a run have written')
    .argument('[run]', 'its id, the beginning of its id, or its folder (default: the newest)')
    .option('--node <n>', 'of this node only', wholeNumber)
    .option('-f, --follow', 'go on as more is written, until the nodes have ended');
  addOutputOptions(addDockerHost(logs)).action(async (name: string | undefined, flags: LogsFlags) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'logs');
    const { dockerHost: hosts = [], node, follow = false } = flags;
    const found = await knownRun(name, { root: resolve(RUNS_ROOT), hosts, env: context.env });
    const all = await logSources(found, follow);
    const sources = all.filter((source) => node === undefined || source.name.startsWith(`node ${node} `));
    if (sources.length === 0 && node !== undefined)
      throw new LoadsError('ERR_USAGE', `${found.run} has no node ${node}`, {
        hint: '`loads ps` shows how many there are',
      });
    if (follow) await Promise.all(sources.map((source) => print(source, terminal)));
    else for (const source of sources) await print(source, terminal);
    context.exit(EXIT.passed);
  });
}

async function print(source: LogSource, terminal: Terminal): Promise<void> {
  const { name } = source;
  for await (const line of linesOf(source))
    terminal.result([`${name} | ${line}`], { type: 'log', process: name, line });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Expected the number of a node.');
  return value;
}
