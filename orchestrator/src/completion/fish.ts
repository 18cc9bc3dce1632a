import type { CommandShape, OptionShape } from './command-shape.ts';

/** The completion of a command line for fish: a script to be sourced, or a file in ~/.config/fish/completions. */
export function fishCompletion(root: CommandShape): string {
  const { name } = root;
  const lines = linesOf(name, root, []);
  return `# fish completion of ${name}: \`${name} completion fish | source\`, or put it into ~/.config/fish/completions/${name}.fish
${lines.join('\n')}
`;
}

function linesOf(program: string, shape: CommandShape, path: readonly string[]): readonly string[] {
  const here = conditionOf(shape, path);
  const line = (rest: string): string => `complete -c ${program} -n ${quoted(here)} ${rest}`;
  const commands = shape.commands.map(({ name, description }) =>
    line(`-f -a ${quoted(name)} -d ${quoted(description)}`),
  );
  const operands = shape.operands.flatMap((choices) => (choices ? [line(`-f -a ${quoted(choices.join(' '))}`)] : []));
  const below = shape.commands.flatMap((one) => linesOf(program, one, [...path, one.name]));
  return [...commands, ...operands, ...shape.options.map((option) => line(optionOf(option))), ...below];
}

/** When a command's own words are offered: it has been named, and none of those below it has. */
function conditionOf({ commands }: CommandShape, path: readonly string[]): string {
  const named = path.map((name) => `__fish_seen_subcommand_from ${name}`);
  const below =
    commands.length === 0 ? [] : [`not __fish_seen_subcommand_from ${commands.map(({ name }) => name).join(' ')}`];
  return [...named, ...below].join('; and ');
}

function optionOf({ short, long, description, value, choices }: OptionShape): string {
  const names = [
    ...(short === undefined ? [] : [`-s ${short.replace(/^-/, '')}`]),
    ...(long === undefined ? [] : [`-l ${long.replace(/^--/, '')}`]),
  ];
  const needs = value === 'required' ? [choices ? '-x' : '-r'] : [];
  const offered = choices ? [`-a ${quoted(choices.join(' '))}`] : [];
  return [...names, ...needs, ...offered, `-d ${quoted(description)}`].join(' ');
}

/** In single quotes, where fish knows the escapes \\\\ and \\'. */
function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
