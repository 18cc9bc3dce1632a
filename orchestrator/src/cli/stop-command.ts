import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, NODE_FILES, type NodeStart } from '@loads/core';
import type { Command } from 'commander';
import type { NodeView } from '../launch/launcher.ts';
import { readNodeJson } from '../run/node-files.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addDockerHost } from './docker-flags.ts';
import { knownRun } from './known-run.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { RUNS_ROOT } from './run-load.ts';

type StopFlags = OutputFlags & { now?: boolean; dockerHost?: string[] };

/** Adds `loads stop`. */
export function addStop(loads: Command, context: CliContext): void {
  const stop = loads
    .command('stop')
    .description('stop a run from any terminal, and wait until its nodes have ended')
    .argument('<run>', 'its id, the beginning of its id, or its folder')
    .option('--now', 'cut iterations in flight instead of letting them end');
  addOutputOptions(addDockerHost(stop)).action(async (name: string, flags: StopFlags) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'stop');
    const { dockerHost: hosts = [], now = false } = flags;
    const found = await knownRun(name, { root: resolve(RUNS_ROOT), hosts, env: context.env });
    const nodes = await found.nodes();
    const working = async (): Promise<readonly NodeView[]> => (await nodes.look()).filter(({ sidecar }) => sidecar);
    const views = await working();
    const count = views.length;
    const [first] = views;
    const begun = first !== undefined && (await readNodeJson<NodeStart>(first, NODE_FILES.start)) !== undefined;
    if (count > 0) await nodes.stop({ graceful: !now });
    // Who launched it removes what is left, and it may be gone between two looks.
    while (count > 0 && (await working()).length > 0) await sleep(nodes.pollMs);
    const stopped = begun ? `is stopped; \`loads attach ${found.run}\` shows it` : 'is stopped, before it had begun';
    terminal.result([`${found.run} ${count > 0 ? stopped : 'had ended'}`], {
      type: 'stopped',
      run: found.run,
      nodes: count,
    });
    context.exit(EXIT.passed);
  });
}
