import { EXIT, formatAddress, LoadsError, parseAddress } from '@loads/core';
import type { Command } from 'commander';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { Interrupts } from './interrupts.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';

type MonitorFlags = OutputFlags & { listen: string; token?: string; interface?: string; plugin?: string[] };

/** The options that may be given more than once. */
export const MONITOR_REPEATABLE: readonly string[] = ['plugin'];

/** Adds `loads monitor`. */
export function addMonitor(loads: Command, context: CliContext): void {
  const monitor = loads
    .command('monitor')
    .description('tell runs of CPU, memory, network and load of this host, until it is stopped')
    .option('--listen <host:port>', 'where (another host than the loopback demands a token)', '127.0.0.1:8126')
    .option('--token <token>', 'what runs have to know (better: LOADS_MONITOR_TOKEN)')
    .option('--interface <name>', 'the one network interface that counts (default: all that lead out of the host)')
    .option('--plugin <module>', 'a file or package that measures more; repeatable', collect);
  addOutputOptions(monitor).action(async (flags: MonitorFlags) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'monitor');
    const address = parseAddress(flags.listen);
    if (!address) throw new LoadsError('ERR_USAGE', `--listen: expected host:port, got '${flags.listen}'`);
    // Servers are for this command alone, and to load them takes every start its time.
    const { openMonitor } = await import('../monitor/open-monitor.ts');
    const token = flags.token ?? context.env.LOADS_MONITOR_TOKEN;
    const { plugin: sources = [], interface: only } = flags;
    using interrupts = new Interrupts();
    await using server = await openMonitor({ address, token: token || undefined, interface: only, sources });
    const url = `http://${formatAddress(server.address)}`;
    terminal.result([`this host is watched on ${url}`], { type: 'monitor', url });
    await new Promise<void>((resolve) => interrupts.listen(() => resolve()));
    context.exit(EXIT.passed);
  });
}

function collect(text: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), text];
}
