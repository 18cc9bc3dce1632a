import type * as z from 'zod';
import { LOAD_KEYS } from '../load/load-schema.ts';
import { CONFIG_KEYS } from './config-schema.ts';
import { didYouMean, type Problem } from './problem.ts';

const DOCKER_KEYS: readonly string[] = [
  'hosts',
  'network',
  'image',
  'memory',
  'cpus',
  'pids',
  'target',
  'influx',
  'proxies',
];
const INFLUX_KEYS: readonly string[] = ['url', 'bucket', 'org', 'token'];

/** What the schema of the configuration says of one thing that is wrong, in the words of its users. */
export function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const hint = didYouMean(key, keysAt(path));
      return { path: [...path, key], message: `unknown key '${key}'${hint ? `; did you mean '${hint}'?` : ''}` };
    });
  }
  if (issue.code === 'invalid_union') {
    const [first] = issue.errors.flat();
    if (first && issue.message === 'Invalid input')
      return problemsOf({ ...first, path: [...issue.path, ...first.path] });
  }
  if (issue.code === 'invalid_key') return issue.issues.map((inner) => ({ path, message: inner.message }));
  return [{ path, message: issue.message }];
}

/** The keys that there are at a path whose own keys are all known. */
function keysAt([key, ...below]: readonly (string | number)[]): readonly string[] {
  if (key === undefined) return CONFIG_KEYS;
  if (key === 'docker')
    return below.length === 0 ? DOCKER_KEYS : below[0] === 'influx' ? ['url', 'hereUrl'] : ['backend'];
  if (key === 'monitors') return ['url', 'token'];
  if (below.includes('stages') || key === 'stages') return ['for', 'workers', 'rate'];
  return key === 'scenarios' ? ['at', ...LOAD_KEYS] : INFLUX_KEYS;
}
