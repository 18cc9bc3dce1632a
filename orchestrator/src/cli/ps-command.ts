import { resolve } from 'node:path';
import { EXIT } from '@loads/core';
import type { Command } from 'commander';
import { enginesOf } from '../launch/docker/docker-launcher.ts';
import { dockerRuns } from '../launch/docker/find-runs.ts';
import { processLauncher } from '../launch/process-launcher.ts';
import { listRuns } from '../store/list-runs.ts';
import { RunFolder } from '../store/run-folder.ts';
import { listStudies } from '../study/list-studies.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addDockerHost } from './docker-flags.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { isAbsent, type PsRow, psLines, rowsOfStudies, withoutTrials, withStored } from './ps-rows.ts';
import { RUNS_ROOT } from './run-load.ts';

type PsFlags = OutputFlags & { all?: boolean; dockerHost?: string[] };

/** Adds `loads ps`. */
export function addPs(loads: Command, context: CliContext): void {
  const ps = loads
    .command('ps')
    .description('list the runs that work, and those that left something on an engine')
    .option('-a, --all', 'also those that have ended, with verdict and age, and searches, matrices and sizings');
  addOutputOptions(addDockerHost(ps)).action(async (flags: PsFlags) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'ps');
    const { all = false, dockerHost = [] } = flags;
    const root = resolve(RUNS_ROOT);
    const working = [...(await inContainers(dockerHost, context.env)), ...(await inProcesses(root))];
    const listed = all ? await listRuns(root) : [];
    const studies = all ? await listStudies(root, listed) : [];
    const runs = all ? withStored(working, listed, studies) : working;
    const several = rowsOfStudies(studies);
    const lines = psLines(withoutTrials(runs, working), all, Date.now(), several);
    terminal.result(lines, { type: 'runs', runs, ...(all && { studies: several }) });
    context.exit(EXIT.passed);
  });
}

async function inContainers(hosts: readonly string[], env: NodeJS.ProcessEnv): Promise<readonly PsRow[]> {
  const engines = await enginesOf(hosts, env).catch((error: unknown) => {
    if (isAbsent(error, hosts, env)) return [];
    throw error;
  });
  const runs = await dockerRuns(engines);
  return runs.map(({ run, state, running, nodes, engine }) => {
    return { run, on: 'docker', state, running, nodes, where: engine.address };
  });
}

async function inProcesses(root: string): Promise<readonly PsRow[]> {
  const folders = await RunFolder.all(root);
  const rows = await Promise.all(
    folders
      .filter(({ record }) => record.launcher === processLauncher.name)
      .map(async (folder): Promise<PsRow | undefined> => {
        const nodes = await processLauncher.attach(folder).catch(() => undefined);
        const running = ((await nodes?.look()) ?? []).filter(({ sidecar }) => sidecar).length;
        if (running === 0) return undefined;
        const { run, plan } = folder.record;
        return { run, on: processLauncher.name, state: 'running', running, nodes: plan.nodes, where: folder.path };
      }),
  );
  return rows.flatMap((row) => (row ? [row] : []));
}
