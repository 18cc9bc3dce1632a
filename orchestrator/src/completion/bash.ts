import { type CommandShape, type OptionShape, quoted } from './command-shape.ts';

/** The completion of a command line for bash 4 or later: a script to be sourced. */
export function bashCompletion(root: CommandShape): string {
  const { name } = root;
  const all = flattened(root, '');
  const below = all.flatMap(({ path, shape }) =>
    shape.commands.map((one) => `      ${quoted(`${path} ${one.name}`)}) path=${quoted(`${path} ${one.name}`)} ;;`),
  );
  const values = all.flatMap(({ path, shape }) =>
    shape.options
      .filter(({ value }) => value === 'required')
      .map((option) => {
        const patterns = namesOf(option).map((one) => quoted(`${path}|${one}`));
        return `    ${patterns.join('|')}) ${offer(option.choices ?? [])}; return ;;`;
      }),
  );
  const words = all.map(({ path, shape }) => {
    const offered = [...shape.commands.map((one) => one.name), ...shape.operands.flatMap((choices) => choices ?? [])];
    const options = shape.options.flatMap(namesOf);
    return `    ${quoted(path)}) if [[ $cur == -* ]]; then ${offer(options)}; else ${offer(offered)}; fi ;;`;
  });
  return `# bash completion of ${name}: source it, or put it into ~/.local/share/bash-completion/completions/${name}
_${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    # What follows is a command of the user's own.
    [[ \${COMP_WORDS[i]} == -- ]] && return
    case "$path \${COMP_WORDS[i]}" in
${below.join('\n')}
    esac
  done
  case "$path|$prev" in
${values.join('\n')}
  esac
  case $path in
${words.join('\n')}
  esac
}
# Where nothing is offered, files are.
complete -o bashdefault -o default -F _${name} ${name}
`;
}

type Placed = { readonly path: string; readonly shape: CommandShape };

/** A command and all below it, each with the words that lead to it. */
function flattened(shape: CommandShape, path: string): readonly Placed[] {
  return [{ path, shape }, ...shape.commands.flatMap((one) => flattened(one, `${path} ${one.name}`))];
}

function namesOf({ short, long }: OptionShape): readonly string[] {
  return [short, long].filter((one) => one !== undefined);
}

function offer(words: readonly string[]): string {
  return words.length === 0 ? ':' : `COMPREPLY=($(compgen -W ${quoted(words.join(' '))} -- "$cur"))`;
}
