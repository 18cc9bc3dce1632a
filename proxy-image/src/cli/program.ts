import { Command, Option as Flag } from 'commander';
import type { Environment } from '../config/config-text.ts';
import type { Given } from '../config/given.ts';
import { flagOf, type Option, options, pluginOptions, variableOf } from '../config/option.ts';

const HELP = `
A file ([vaurien], [statsd], [behavior:NAME], [protocol:NAME], [proxy:NAME]; or .yml, .json) has the same options, with \`_\`
for \`-\`; so does the environment: VAURIEN_HTTP_PORT. Flags go before the environment, and that before files.

Examples:
  vaurien --proxy 0.0.0.0:3307 --backend localhost:3306 --protocol mysql --behavior 5:hang
  vaurien --backend localhost:8000 --protocol http --behavior 20:delay,5:error --behavior-delay-sleep 300ms
  vaurien --config vaurien.ini --http

Exit codes: 0 stopped by SIGTERM or SIGINT · 104 what it was told is wrong`;

/** The command line of `vaurien`, for every behavior and protocol that is registered by now. */
export class Program {
  readonly command: Command;
  /** The options by the names that commander gives them. */
  readonly #options = new Map<string, Option>();

  constructor(version: string) {
    this.command = new Command('vaurien')
      .description('A chaos proxy: stands between a client and a backend, and breaks what passes on purpose')
      .version(version, '--version', 'show the version')
      .helpOption('-h, --help', 'show this help')
      .option('--config <file>', 'a configuration: .ini, .yml or .json (VAURIEN_CONFIG)')
      .option('--use-extension <file>', 'load behaviors and protocols of your own; repeatable', append)
      .addOption(new Flag('--plugin <file>', 'the same').argParser(append).hideHelp())
      .showSuggestionAfterError()
      .allowExcessArguments(false)
      .configureHelp({ helpWidth: 120 })
      .addHelpText('after', HELP)
      .exitOverride();
    for (const option of options()) this.#add(option, undefined);
    for (const option of pluginOptions()) this.#add(option, groupOf(option));
  }

  /** What the flags said, after `command` has parsed them. */
  get given(): readonly Given[] {
    return [...this.#options].flatMap(([name, option]) => {
      if (this.command.getOptionValueSource(name) !== 'cli') return [];
      const value: unknown = this.command.getOptionValue(name);
      const flag = `--${value === false ? 'no-' : ''}${flagOf(option)}`;
      return [{ path: option.path, value, placeOf: () => flag }];
    });
  }

  #add(option: Option, group: string | undefined): void {
    const flag = flagOf(option);
    const doc = option.otherwise === undefined ? option.doc : `${option.doc} (default: ${option.otherwise})`;
    const on = option.kind === 'switch' && option.otherwise === 'true';
    const value = option.kind === 'value' ? ' <value>' : option.kind === 'either' ? ' [value]' : '';
    const given = new Flag(`--${flag}${value}`, doc).hideHelp(on);
    if (option.repeatable) given.argParser(append);
    const flags = [given];
    if (option.kind !== 'value') flags.push(new Flag(`--no-${flag}`, `not: ${doc}`).hideHelp(!on));
    for (const one of flags) this.command.addOption(group === undefined ? one : one.helpGroup(group));
    this.#options.set(given.attributeName(), option);
  }
}

function groupOf({ path: [kind, name] }: Option): string {
  return `Options of the ${kind === 'behaviors' ? 'behavior' : 'protocol'} ${name}:`;
}

/** What the environment says. An empty variable says nothing. */
export function givenBy(env: Environment): readonly Given[] {
  return [...options(), ...pluginOptions()].flatMap((option) => {
    const variable = variableOf(option);
    const value = env[variable];
    return value === undefined || value === '' ? [] : [{ path: option.path, value, placeOf: () => variable }];
  });
}

/** The files that have to be read before the flags are known: they may add to them. */
export function filesIn(args: readonly string[]): {
  readonly config: string | undefined;
  readonly plugins: readonly string[];
} {
  const values = (...flags: readonly string[]): readonly string[] =>
    args.flatMap((arg, i) => {
      const [flag = '', ...rest] = arg.split('=');
      if (!flags.includes(flag)) return [];
      const next = args[i + 1];
      return rest.length > 0 ? [rest.join('=')] : next === undefined ? [] : [next];
    });
  return { config: values('--config').at(-1), plugins: values('--use-extension', '--plugin') };
}

function append(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
