import { basename } from 'node:path';
import { formatPath } from '@loads/core';
import type { ConfigText, Environment } from './config-text.ts';
import type { Given } from './given.ts';
import { type IniValue, parseIni } from './ini.ts';

const GROUPS: Readonly<Record<string, string>> = {
  behavior: 'behaviors',
  protocol: 'protocols',
  proxy: 'proxies',
  schedule: 'schedule',
};

const PLUGIN_KEYS: readonly string[] = ['plugins', 'use_extension'];

/** What has keys within: `match_operation`, as the flag is called, and `match.operation` lead into `match`. */
const INWARD = /^(?:(match)[_.]|(protocol_options)\.)(.+)$/;

/**
 * Reads the ancestor's ini form: `[vaurien]`, `[statsd]`, `[behavior:NAME]` and `[protocol:NAME]` with options, and
 * `[proxy:NAME]` for more proxies and `[schedule:NAME]` for what befalls them when. `callable` in a behavior's or
 * protocol's section names the plug-in's file.
 */
export function readIniConfig(text: string, file: string, env: Environment): ConfigText {
  const name = basename(file);
  const { ini, lineOf, problems } = parseIni(text, env);
  const lines = problems.map(({ path, message, line }) => `${name}:${line} ${formatPath(path)}: ${message}`);
  const given: Given[] = [];
  const plugins: string[] = [];
  let base: string | undefined;
  for (const [section, keys] of Object.entries(ini)) {
    const above = pathOf(section);
    if (!above) {
      const known = '[vaurien], [statsd], [behavior:NAME], [protocol:NAME], [proxy:NAME] and [schedule:NAME]';
      lines.push(`${name}:${lineOf(section)} [${section}] is no section; there are ${known}`);
      continue;
    }
    for (const [key, value] of Object.entries(keys)) {
      const grouped = above[0] === 'behaviors' || above[0] === 'protocols';
      if (above.length === 0 && key === 'extends') base = String(value);
      else if ((above.length === 0 && PLUGIN_KEYS.includes(key)) || (grouped && key === 'callable'))
        plugins.push(...listOf(value));
      else {
        const [, match, options, inner = ''] = (grouped ? null : INWARD.exec(key)) ?? [];
        const group = match ?? options;
        const path = group === undefined ? [...above, key] : [...above, group, inner];
        given.push({ path, value, placeOf: () => `${name}:${lineOf(section, key)}` });
      }
    }
  }
  return { given, base, plugins, problems: lines };
}

function pathOf(section: string): readonly string[] | undefined {
  if (section === 'vaurien' || section === 'DEFAULT') return [];
  if (section === 'statsd') return ['statsd'];
  const [, kind = '', name = ''] = /^(\w+):(.+)$/.exec(section) ?? [];
  const group = GROUPS[kind];
  return group === undefined ? undefined : [group, name.trim()];
}

function listOf(value: IniValue): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}
