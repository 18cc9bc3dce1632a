import { type CommandShape, type OptionShape, quoted } from './command-shape.ts';

/** The completion of a command line for zsh: a script to be sourced, or a file `_NAME` in the fpath. */
export function zshCompletion(root: CommandShape): string {
  return `#compdef ${root.name}
# zsh completion of ${root.name}: source it after compinit, or put it as _${root.name} into a folder of $fpath
${functionsOf(root, `_${root.name}`).join('\n\n')}

if [[ $funcstack[1] == _${root.name} ]]; then
  _${root.name} "$@"
else
  compdef _${root.name} ${root.name}
fi
`;
}

/** A function for the command, and for each command below it. */
function functionsOf(shape: CommandShape, name: string): readonly string[] {
  const options = shape.options.map((option) => `    ${optionSpec(option)}`);
  if (shape.commands.length === 0) {
    const operands = shape.operands.length > 0 ? shape.operands : [undefined];
    const last = operands
      .map((choices) => `    ${quoted(`*:${choices ? 'what' : 'file'}:${actionOf(choices)}`)}`)
      .at(-1);
    return [`${name}() {\n  _arguments -s -S \\\n${[...options, last].join(' \\\n')}\n}`];
  }
  const commands = shape.commands.map(
    (one) => `    ${quoted(`${one.name.replaceAll(':', '\\:')}:${one.description}`)}`,
  );
  const below = shape.commands.map((one) => `      ${one.name}) ${name}_${one.name} ;;`);
  const own = `${name}() {
  local state line
  local -a commands=(
${commands.join('\n')}
  )
  _arguments -C -s \\
${[...options, "    '1: :->command'", "    '*:: :->rest'"].join(' \\\n')}
  case $state in
    command) _describe command commands ;;
    rest) case $line[1] in
${below.join('\n')}
    esac ;;
  esac
}`;
  return [...shape.commands.flatMap((one) => functionsOf(one, `${name}_${one.name}`)), own];
}

/** `'(-w --workers)'{-w,--workers}'[virtual users]:value:'`; an option may come more than once. */
function optionSpec({ short, long, description, value, choices }: OptionShape): string {
  const names = [short, long].filter((one) => one !== undefined);
  const help = `[${description.replaceAll(/[[\]\\]/g, '\\$&')}]`;
  const argument = value === 'none' ? '' : `${value === 'optional' ? '::' : ':'}value:${actionOf(choices)}`;
  // `--fail=3` as well as `--fail 3`.
  const forms = names.map((one) => (value !== 'none' && one.startsWith('--') ? `${one}=` : one));
  const [only = ''] = forms;
  const form = forms.length === 1 ? quoted(`*${only}`) : `'*'{${forms.join(',')}}`;
  return `${form}${quoted(help + argument)}`;
}

function actionOf(choices: readonly string[] | undefined): string {
  return choices ? `(${choices.join(' ')})` : '_files';
}
