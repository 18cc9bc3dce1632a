/**
 * `--fail` takes a number or nothing, so what follows it and is no number is the next argument, such as the scenario's
 * file. A parser that knows of optional values only would take whatever follows.
 */
export function separateFail(args: readonly string[]): readonly string[] {
  const names = args[0] === 'run' ? ['-f', '--fail'] : ['--fail'];
  return args.map((arg, i) => (names.includes(arg) && !/^-?[\d.]+$/.test(args[i + 1] ?? '') ? '--fail=1' : arg));
}
