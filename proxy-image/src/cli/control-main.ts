import { LoadsError } from '@loads/core';
import { Command } from 'commander';
import { type BehaviorList, type ClientBehavior, VaurienClient } from '../client/vaurien-client.ts';
import type { Environment } from '../config/config-text.ts';
import { isObject } from '../config/given.ts';
import { readFlags } from './behavior-flags.ts';
import { tellError } from './main.ts';
import { packageVersion } from './version.ts';

type Flags = {
  readonly host?: string;
  readonly token?: string;
  readonly proxy?: string;
  readonly ttl?: string;
  readonly resetOpen?: boolean;
};

const HELP = `
Options of a behavior are flags, which the proxy validates:
  vaurienctl set-behavior error --code 503 --ttl 30s
  vaurienctl set-behavior 20:delay,5:error --sleep 300ms --match-operation 'GET /items*' --proxy web
  vaurienctl set-behavior hang --scope connection --match-header 'x-user: ann'`;

/** The command \`vaurienctl\`: controls a proxy through its API. Gives the exit code. */
export async function controlMain(args: readonly string[], env: Environment): Promise<number> {
  const { stdout, stderr } = process;
  stdout.on('error', () => undefined);
  const say = (text: string): void => void stdout.write(`${text}\n`);
  const program = new Command('vaurienctl')
    .description('Controls vaurien, which has to run with --http')
    .version(packageVersion(), '--version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', HELP)
    .configureHelp({ showGlobalOptions: true, helpWidth: 120 })
    .showSuggestionAfterError();
  const command = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .option('--host <url>', 'where the control API is (VAURIEN_HOST, default: http://localhost:8080)')
      .option('--proxy <name>', 'which proxy (default: the first)')
      .option('--token <token>', 'what the control API demands (VAURIEN_TOKEN)');
  const client = ({ host = env.VAURIEN_HOST, token = env.VAURIEN_TOKEN, proxy }: Flags): VaurienClient =>
    new VaurienClient({ host, token, proxy });

  command('list-behaviors', 'the names of all behaviors').action(async (flags: Flags) => {
    say((await client(flags).listBehaviors()).behaviors.join('\n'));
  });
  command('get-behavior', 'what is set, in the form in which it can be set').action(async (flags: Flags) => {
    say(textOf(await client(flags).getBehavior()));
  });
  command('set-behavior', 'sets a behavior, or several: 20:delay,5:error')
    .argument('<name>')
    .option('--ttl <time>', 'after which it ends by itself: 30s')
    .option('--reset-open', 'cut the connections that are open')
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (name: string, flags: Flags, { args: [, ...rest] }: Command) => {
      const control = client(flags);
      const options = readFlags(rest, rest.length > 0 ? await control.listBehaviors() : NO_BEHAVIORS, name);
      const ttl = flags.ttl === undefined ? {} : { ttl: flags.ttl };
      const reset = flags.resetOpen ? { resetOpen: true } : {};
      say(textOf(await control.setBehavior(name, { ...options, ...ttl, ...reset })));
    });
  command('reset', 'ends what was set; what the configuration says is left')
    .option('--reset-open', 'cut the connections that are open')
    .action(async (flags: Flags) => {
      say(textOf(await client(flags).reset({ resetOpen: flags.resetOpen })));
    });
  for (const one of [program, ...program.commands]) one.exitOverride();
  try {
    if (args.length === 0) throw new LoadsError('ERR_USAGE', 'expected a command', { hint: 'see `vaurienctl --help`' });
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return tellError(error, stderr);
  }
}

const NO_BEHAVIORS: BehaviorList = { behaviors: [], schemas: {} };

function textOf({ behavior, options, scope, match }: ClientBehavior): string {
  const selectors = isObject(match) ? Object.entries(match) : [];
  const flags = [
    ...Object.entries(options),
    ...(scope === undefined ? [] : [['scope', scope] as const]),
    ...selectors.flatMap(([key, value]) => {
      const fields = isObject(value) ? Object.entries(value).map(([name, text]) => `${name}: ${text}`) : [value];
      return fields.map((one) => [`match-${key}`, one] as const);
    }),
  ];
  return [behavior, ...flags.map(([key, value]) => flagText(key, value))].join(' ');
}

function flagText(key: string, value: unknown): string {
  if (value === true) return `--${key}`;
  if (value === false) return `--no-${key}`;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return `--${key} ${/^[\w.:,@%+=/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`}`;
}
