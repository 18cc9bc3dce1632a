import { didYouMean, formatPath, type Problem } from '@loads/core';
import { behaviors } from '../behaviors/registry.ts';
import { type Options, problemsIn } from '../control/behavior-setting.ts';
import { type ProxyContext, type ProxyDefinition, readProxy } from '../control/read-proxy.ts';
import { protocols } from '../protocols/registry.ts';
import { fitValues } from './fit-values.ts';
import { type GivenValues, isObject } from './given.ts';
import { assignSections, type NamedEntry } from './named-schedule.ts';
import { FIRST_PROXY, options, pluginOptions } from './option.ts';
import { idleTlsKeys, PEM_KEYS, type ReadText, readPems, textsIn } from './pem-files.ts';
import { IGNORED, type ProcessSettings, processSchema } from './process-schema.ts';
import { type ProxyEntry, proxyEntries } from './proxy-entries.ts';

/** All that the command was told, read and found valid. */
export type Settings = {
  readonly process: ProcessSettings;
  readonly proxies: readonly ProxyDefinition[];
  /** Options of behaviors and protocols that stand in for those that a proxy or a setting does not give. */
  readonly context: ProxyContext;
  /** What was given and does nothing, with the reason. */
  readonly ignored: readonly string[];
};

/** Reads what was given, and the PEM files that it names, or gives all problems as lines with their places. */
export function readSettings(
  values: GivenValues,
  readText: ReadText = textsIn(process.cwd()),
): Settings | { readonly problems: readonly string[] } {
  const problems: Problem[] = [];
  const content = fitValues(values.content);
  problems.push(...unknownKeys(content));
  const ofProcess = processSchema.safeParse(content);
  problems.push(...problemsIn(ofProcess.error));
  const context = {
    behaviors: readGroup('behavior', content, behaviors, problems),
    protocols: readGroup('protocol', content, protocols, problems),
  };
  const entries = proxyEntries(content, FIRST_PROXY, problems);
  const sections = assignSections(content.schedule, entries, problems);
  const proxies = entries.flatMap((entry) =>
    readOne(entry, sections.get(entry.name) ?? [], context, readText, problems),
  );
  // What the top level says for all is in vain only where it is so for each.
  if (!entries.some(({ entry, inherited }) => (entry.tls_backend ?? inherited.tls_backend) === true))
    problems.push(...idleTlsKeys(content));
  if (!ofProcess.success || problems.length > 0) return { problems: linesOf(problems, values) };
  const ignored = Object.entries(IGNORED).flatMap(([key, why]) =>
    key in content ? [`${key} has no effect: ${why}`] : [],
  );
  return { process: ofProcess.data, proxies, context, ignored };
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
  sections: readonly NamedEntry[],
  context: ProxyContext,
  readText: ReadText,
  problems: Problem[],
): ProxyDefinition[] {
  const all = { ...inherited, ...entry };
  const rest = Object.fromEntries(Object.entries(all).filter(([key]) => !PEM_KEYS.includes(key)));
  const listed = Array.isArray(all.schedule) ? all.schedule : [];
  const schedule = [...listed, ...sections.map((section) => ({ ...section.entry, name: section.name }))];
  const read = readProxy(name, sections.length > 0 ? { ...rest, schedule } : rest, context);
  const pems = readPems(all, readText);
  // What the top level gives is looked at there.
  const idle = path.length === 0 ? [] : idleTlsKeys({ ...entry, tls_backend: all.tls_backend });
  for (const { path: below, message } of [...('problems' in read ? read.problems : []), ...pems.problems, ...idle]) {
    const [first = '', index, ...inner] = below;
    const section = first === 'schedule' ? sections[Number(index) - listed.length] : undefined;
    const ofAll = first in inherited && !(first in entry);
    if (section) problems.push({ path: ['schedule', section.name, ...inner], message });
    else problems.push({ path: [...(ofAll ? [] : path), ...below], message });
  }
  if ('problems' in read) return [];
  const { backendTls } = read;
  return [{ ...read, tls: pems.tls, backendTls: backendTls && { ...backendTls, ca: pems.ca } }];
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
