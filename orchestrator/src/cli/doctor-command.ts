import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { readConfig } from '../config/read-config.ts';
import { influxSettings } from '../database/influx-settings.ts';
import { dockerProbe } from '../doctor/check-engine.ts';
import { examine } from '../doctor/examine.ts';
import { exitCodeOfFindings, type Finding } from '../doctor/finding.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { RUNS_ROOT } from './run-load.ts';
import type { Terminal } from './terminal.ts';

const CONFIG = 'loads.yml';

/** Adds `loads doctor`. */
export function addDoctor(loads: Command, version: string, context: CliContext): void {
  const doctor = loads
    .command('doctor')
    .description('check what runs need: this machine, the container engine, the database')
    .argument('[file]', `a configuration with the database (default: ${CONFIG}, if there is one)`)
    .addOption(new Option('--on <launcher>', 'what has to work').choices(['process', 'docker']).default('process'));
  addOutputOptions(doctor).action(async (file: string | undefined, flags: OutputFlags & { on: string }) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'doctor');
    const findings = await examine({
      runsRoot: resolve(RUNS_ROOT),
      version,
      host: hostname(),
      influx: influxSettings(await influxOf(file, context.env), context.env),
      engine: await dockerProbe(),
      engineNeeded: flags.on === 'docker',
    });
    const exitCode = exitCodeOfFindings(findings);
    const lines = findings.flatMap((finding) => linesOf(finding, terminal));
    terminal.result(lines, { type: 'doctor', exitCode, findings });
    context.exit(exitCode);
  });
}

async function influxOf(file: string | undefined, env: NodeJS.ProcessEnv): Promise<unknown> {
  const found = await stat(file ?? CONFIG).catch(() => undefined);
  if (file === undefined && !found) return undefined;
  const { content } = await readConfig(file ?? CONFIG, env);
  return content.influx;
}

function linesOf({ check, status, message, hint }: Finding, { paint }: Terminal): readonly string[] {
  const painted = { ok: paint.good('ok  '), warn: paint.warn('warn'), fail: paint.bad('fail') }[status];
  const line = `${painted}  ${check.padEnd(10)}  ${message}`;
  return hint === undefined ? [line] : [line, `      ${' '.repeat(10)}  ${paint.faint(hint)}`];
}
