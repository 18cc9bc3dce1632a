import { didYouMean, formatPath, type Problem } from '@loads/core';
import { behaviors } from '../behaviors/registry.ts';
import { type Options, problemsIn } from '../control/behavior-setting.ts';
import { type ProxyContext, type ProxyDefinition, readProxy } from '../control/read-proxy.ts';
import { protocols } from '../protocols/registry.ts';
import { fit, type GivenValues, isObject } from './given.ts';
import { FIRST_PROXY, options, pluginOptions } from './option.ts';
import { IGNORED, type ProcessSettings, processSchema } from './process-schema.ts';
import { type ProxyEntry, proxyEntries, type TlsFiles, tlsFilesOf } from './proxy-entries.ts';

/** A proxy, and the files of its certificate where it speaks TLS to its clients. */
export type ConfiguredProxy = ProxyDefinition & { readonly tlsFiles: TlsFiles | undefined };

/** All that the command was told, read and found valid. */
export type Settings = {
  readonly process: ProcessSettings;
  readonly proxies: readonly ConfiguredProxy[];
  /** Options of behaviors and protocols that stand in for those that a proxy or a setting does not give. */
  readonly context: ProxyContext;
  /** What was given and does nothing, with the reason. */
  readonly ignored: readonly string[];
};

/** Reads what was given, or gives all problems as lines with their places. */
export function readSettings(values: GivenValues): Settings | { readonly problems: readonly string[] } {
  const problems: Problem[] = [];
  const content = fitted(values.content);
  problems.push(...unknownKeys(content));
  const process = processSchema.safeParse(content);
  problems.push(...problemsIn(process.error));
  const context = {
    behaviors: readGroup('behavior', content, behaviors, problems),
    protocols: readGroup('protocol', content, protocols, problems),
  };
  const proxies = proxyEntries(content, FIRST_PROXY, problems).flatMap((entry) => readOne(entry, context, problems));
  if (!process.success || problems.length > 0) return { problems: linesOf(problems, values) };
  const ignored = Object.entries(IGNORED).flatMap(([key, why]) =>
    key in content ? [`${key} has no effect: ${why}`] : [],
  );
  return { process: process.data, proxies, context, ignored };
}

/** Texts become what their option takes: files of the ancestor, flags and variables know no types. */
function fitted(content: Readonly<Record<string, unknown>>): Options {
  const copy = structuredClone(content) as Record<string, unknown>;
  for (const { path, schema } of [...options(), ...pluginOptions()]) {
    let target: unknown = copy;
    for (const key of path.slice(0, -1))
      target = isObject(target) && Object.hasOwn(target, key) ? target[key] : undefined;
    const key = path.at(-1) ?? '';
    if (isObject(target) && Object.hasOwn(target, key)) target[key] = fit(schema, target[key]);
  }
  return copy;
}

function unknownKeys(content: Options): readonly Problem[] {
  const known = [
    ...options().map(({ path }) => path),
    ...['behaviors', 'protocols', 'proxies', 'schedule'].map((key) => [key]),
  ];
  const top = [...new Set(known.map(([first = '']) => first))];
  const ofStatsd = known.flatMap(([first, second]) => (first === 'statsd' && second !== undefined ? [second] : []));
  const strange = (keys: readonly string[], among: readonly string[], above: readonly string[]): readonly Problem[] =>
    keys
      .filter((key) => !among.includes(key))
      .map((key) => ({ path: [...above, key], message: noSuch('key', key, among) }));
  const statsd = isObject(content.statsd) ? Object.keys(content.statsd) : [];
  return [...strange(Object.keys(content), top, []), ...strange(statsd, ofStatsd, ['statsd'])];
}

type Plugins = ReadonlyMap<string, { readonly options: { readonly shape: object } }>;

/** Reads the options of behaviors or protocols that hold for the whole process, each by its own schema. */
function readGroup(
  kind: 'behavior' | 'protocol',
  content: Options,
  plugins: Plugins,
  problems: Problem[],
): Readonly<Record<string, Options>> {
  const group = `${kind}s`;
  const given = content[group] ?? {};
  if (!isObject(given)) {
    problems.push({ path: [group], message: `expected options by the name of a ${kind}` });
    return {};
  }
  const schemas = new Map(pluginOptions().map(({ path, schema }) => [path.join('\n'), schema]));
  for (const [name, own] of Object.entries(given)) {
    const shape = plugins.get(name)?.options.shape;
    if (!shape) problems.push({ path: [group, name], message: noSuch(kind, name, [...plugins.keys()]) });
    else if (!isObject(own)) problems.push({ path: [group, name], message: 'expected options' });
    else {
      for (const [key, value] of Object.entries(own)) {
        const path = [group, name, key];
        const schema = schemas.get(path.join('\n'));
        if (!schema) problems.push({ path, message: noSuch(`option of '${name}'`, key, Object.keys(shape)) });
        else problems.push(...problemsIn(schema.safeParse(value).error).map(({ message }) => ({ path, message })));
      }
    }
  }
  return given as Readonly<Record<string, Options>>;
}

function readOne(
  { name, path, entry, inherited }: ProxyEntry,
  context: ProxyContext,
  problems: Problem[],
): ConfiguredProxy[] {
  const { tls_cert, tls_key, ...rest } = { ...inherited, ...entry };
  const read = readProxy(name, rest, context);
  const tls = tlsFilesOf(tls_cert, tls_key);
  for (const one of [...('problems' in read ? read.problems : []), ...tls.problems]) {
    const [first = ''] = one.path;
    const ofAll = first in inherited && !(first in entry);
    problems.push({ path: [...(ofAll ? [] : path), ...one.path], message: one.message });
  }
  return 'problems' in read ? [] : [{ ...read, tlsFiles: tls.files }];
}

function linesOf(problems: readonly Problem[], values: GivenValues): readonly string[] {
  const lines = problems.map(({ path, message }) => {
    const place = values.placeOf(path);
    if (place === undefined) return `${formatPath(path)}: ${message}`;
    // A flag and a variable say by themselves what they are.
    return /^(--|VAURIEN_)/.test(place) ? `${place}: ${message}` : `${place} ${formatPath(path)}: ${message}`;
  });
  // What all proxies share is read with each of them.
  return [...new Set(lines)];
}

function noSuch(what: string, name: string, known: readonly string[]): string {
  const hint = didYouMean(name, known);
  const choice = known.length === 0 ? 'there is none' : `there are ${known.join(', ')}`;
  return `'${name}' is no ${what}; ${hint === undefined ? choice : `did you mean '${hint}'?`}`;
}
