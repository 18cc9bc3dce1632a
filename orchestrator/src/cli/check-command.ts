import type { Command } from 'commander';
import { loadPlan } from '../config/load-plan.ts';
import { inspectScenario } from '../preflight/inspect-scenario.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';

/** Adds `loads check`. */
export function addCheck(loads: Command, context: CliContext): void {
  const check = loads
    .command('check')
    .description('validate a scenario or a configuration without running it')
    .argument('[file]', 'a scenario (shop.ts) or a configuration', 'loads.yml');
  addOutputOptions(check).action(async (file: string, flags: OutputFlags) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'check');
    const plan = await loadPlan({ file, flags: [], env: context.env, defaultSeed: 0 });
    const { scenario, env } = plan;
    const declared =
      scenario.kind === 'script'
        ? await inspectScenario(scenario.file, { ...context.env, ...env }, new AbortController().signal)
        : undefined;
    terminal.valid(file, { plan, scenarios: declared?.scenarios });
    context.exit(0);
  });
}
