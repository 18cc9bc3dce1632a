import { didYouMean, type Problem, type WeightedBehavior } from '@loads/core';
import { protocols } from '../protocols/registry.ts';
import type { BehaviorPlugin } from './behavior.ts';
import { behaviors } from './registry.ts';

type Share = { readonly percent: number; readonly name: string };

const PERCENT = /^\d+(?:\.\d+)?$/;
/** Decimal shares such as 33.3,33.3,33.4 may sum up to a hair over 100. */
const ROUNDING = 1e-9;

/**
 * Reads which behaviors are wanted for which share of the traffic: `20:delay,5.5:error`, or `delay` for all of it.
 * What the shares leave of 100 percent passes. Each option goes to every behavior named that knows it; none may be left
 * over. `protocol` says which error codes there are. Gives the behaviors with parsed options, or all problems, with paths relative to the entry they stand in.
 */
export function parseBehaviors(
  spec: string,
  options: Readonly<Record<string, unknown>> = {},
  protocol?: string | undefined,
): readonly WeightedBehavior[] | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const shares = sharesOf(spec, problems);
  const plugins = shares.flatMap(({ name }) => behaviors.get(name) ?? []);
  // Options of a behavior that is misspelt would all look unknown: one problem is enough then.
  if (plugins.length === shares.length) problems.push(...unknownOptions(options, plugins));
  const weighted = shares.flatMap(({ percent, name }): WeightedBehavior[] => {
    const plugin = behaviors.get(name);
    return plugin ? [{ percent, behavior: name, options: optionsOf(plugin, options, problems) }] : [];
  });
  const wrongCode = codeProblem(weighted, protocol);
  if (wrongCode !== undefined) problems.push({ path: ['code'], message: wrongCode });
  return problems.length > 0 ? { problems } : weighted;
}

function sharesOf(spec: string, problems: Problem[]): readonly Share[] {
  const problem = (message: string): number => problems.push({ path: ['behavior'], message });
  const shares: Share[] = [];
  for (const part of spec.split(',').map((text) => text.trim())) {
    const [left = '', right, ...more] = part.split(':').map((text) => text.trim());
    const name = right ?? left;
    const percent = right === undefined ? 100 : PERCENT.test(left) ? Number(left) : Number.NaN;
    if (name === '' || more.length > 0 || Number.isNaN(percent)) {
      problem(`You need to use percentage:name, not '${part}'`);
      continue;
    }
    if (percent === 0) problem(`'${part}': the percentage needs to be over 0`);
    if (!behaviors.has(name)) problem(unknown('behavior', name, [...behaviors.keys()]));
    if (shares.some((share) => share.name === name)) problem(`'${name}' is given twice`);
    shares.push({ percent, name });
  }
  const total = shares.reduce((sum, share) => sum + share.percent, 0);
  if (total > 100 + ROUNDING) problem(`The behavior total needs to be 100 or less, and is ${Number(total.toFixed(6))}`);
  return shares;
}

/** What is wrong with the error code that the options name, on that protocol. */
function codeProblem(weighted: readonly WeightedBehavior[], protocol: string | undefined): string | undefined {
  const code = weighted.map(({ options }) => options.code).find((one) => one !== undefined);
  if (protocol === undefined || (typeof code !== 'number' && typeof code !== 'string')) return undefined;
  return protocols.get(protocol)?.checkCode(code);
}

function unknownOptions(options: Readonly<Record<string, unknown>>, plugins: readonly BehaviorPlugin[]): Problem[] {
  const known = plugins.flatMap((plugin) => Object.keys(plugin.options.shape));
  const names = plugins.map((plugin) => `'${plugin.name}'`).join(' or ');
  return Object.keys(options)
    .filter((key) => !known.includes(key))
    .map((key) => ({ path: [key], message: unknown(`option of ${names}`, key, known) }));
}

function optionsOf(
  plugin: BehaviorPlugin,
  options: Readonly<Record<string, unknown>>,
  problems: Problem[],
): Readonly<Record<string, unknown>> {
  const own = Object.entries(options).filter(([key]) => Object.hasOwn(plugin.options.shape, key));
  const parsed = plugin.options.safeParse(Object.fromEntries(own));
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
    problems.push({ path, message: issue.message });
  }
  return {};
}

function unknown(what: string, name: string, known: readonly string[]): string {
  const hint = didYouMean(name, known);
  const choice = known.length === 0 ? 'there is none' : `there are ${known.join(', ')}`;
  return `'${name}' is no ${what}; ${hint === undefined ? choice : `did you mean '${hint}'? (${choice})`}`;
}
