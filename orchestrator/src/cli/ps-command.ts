import { resolve } from 'node:path';
import { EXIT, LoadsError } from '@loads/core';
import type { Command } from 'commander';
import { table } from '../console/table.ts';
import { enginesOf } from '../launch/docker/docker-launcher.ts';
import { dockerRuns } from '../launch/docker/find-runs.ts';
import { processLauncher } from '../launch/process-launcher.ts';
import { RunFolder } from '../store/run-folder.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addDockerHost } from './docker-flags.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { RUNS_ROOT } from './run-load.ts';

type PsFlags = OutputFlags & { dockerHost?: string[] };
type Row = {
  readonly run: string;
  readonly on: string;
  readonly state: string;
  readonly running: number;
  readonly nodes: number;
  readonly where: string;
};

/** Adds `loads ps`. */
export function addPs(loads: Command, context: CliContext): void {
  const ps = loads.command('ps').description('list the runs that work, and those that left something on an engine');
  addOutputOptions(addDockerHost(ps)).action(async (flags: PsFlags) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'ps');
    const rows = [
      ...(await inContainers(flags.dockerHost ?? [], context.env)),
      ...(await inProcesses(resolve(RUNS_ROOT))),
    ];
    const cells = rows.map(({ run, on, state, running, nodes, where }) => [
      run,
      on,
      state,
      `${running}/${nodes}`,
      where,
    ]);
    const text =
      rows.length === 0 ? ['no run works here'] : table([['run', 'on', 'state', 'nodes', 'where'], ...cells]);
    terminal.result(text, { type: 'runs', runs: rows });
    context.exit(EXIT.passed);
  });
}

/** Where no engine was asked for and none answers there are no such runs. */
async function inContainers(hosts: readonly string[], env: NodeJS.ProcessEnv): Promise<readonly Row[]> {
  const engines = await enginesOf(hosts, env).catch((error: unknown) => {
    const absent = error instanceof LoadsError && error.code === 'ERR_ENGINE';
    if (absent && hosts.length === 0 && (env.DOCKER_HOST ?? '') === '') return [];
    throw error;
  });
  const runs = await dockerRuns(engines);
  return runs.map(({ run, state, running, nodes, engine }) => {
    return { run, on: 'docker', state, running, nodes, where: engine.address };
  });
}

async function inProcesses(root: string): Promise<readonly Row[]> {
  const folders = await RunFolder.all(root);
  const rows = await Promise.all(
    folders
      .filter(({ record }) => record.launcher === processLauncher.name)
      .map(async ({ record, path }): Promise<Row | undefined> => {
        const nodes = await processLauncher.attach(await RunFolder.open(root, path)).catch(() => undefined);
        const running = ((await nodes?.look()) ?? []).filter(({ sidecar }) => sidecar).length;
        if (running === 0) return undefined;
        const { run, plan } = record;
        return { run, on: processLauncher.name, state: 'running', running, nodes: plan.nodes, where: path };
      }),
  );
  return rows.flatMap((row) => (row ? [row] : []));
}
