import { durationSchema, type Problem } from '@loads/core';
import * as z from 'zod';
import { type Problems, problemsIn, readSetting, type SettingContext } from './behavior-setting.ts';
import type { ScheduledSetting } from './schedule-keeper.ts';

/** Names of rules that are no entries of a schedule. */
export const LIVE = 'live';
export const STANDING = 'always';

export const scheduleEntrySchema: z.ZodObject = z
  .looseObject({
    name: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_.-]*$/, 'expected a name of letters, digits, `_`, `-` and `.`')
      .refine((name) => name !== LIVE && name !== STANDING, `\`${LIVE}\` and \`${STANDING}\` are taken`)
      .optional()
      .describe('tags the faults; default: chaos-N'),
    at: durationSchema.describe('when it begins, from the start of the schedule'),
    for: durationSchema.refine((ms) => ms > 0, 'expected a duration over 0').describe('how long it lasts'),
    behavior: z.string({ error: 'expected behaviors such as `20:delay,5:error`' }),
  })
  .describe('beside these: scope, match, and the options of its behaviors');

/** Reads the entries of a proxy's schedule, or gives all problems with paths that begin with the entry's index. */
export function readSchedule(
  given: readonly unknown[],
  proxy: string,
  context: SettingContext,
): readonly ScheduledSetting[] | Problems {
  const problems: Problem[] = [];
  const names = new Set<string>();
  const entries = given.flatMap((raw, index): ScheduledSetting[] => {
    const problem = (found: readonly Problem[]): void => {
      for (const { path, message } of found) problems.push({ path: [index, ...path], message });
    };
    const entry = scheduleEntrySchema.safeParse(raw);
    problem(problemsIn(entry.error));
    const { name = `chaos-${index + 1}`, at, for: lasts, behavior, ...options } = fieldsOf(raw);
    const setting = typeof behavior === 'string' ? readSetting(behavior, options, context) : { problems: [] };
    if ('problems' in setting) problem(setting.problems);
    if (names.has(String(name))) problem([{ path: ['name'], message: `'${name}' is used twice` }]);
    names.add(String(name));
    if (!entry.success || 'problems' in setting) return [];
    const [atMs, forMs] = [entry.data.at, entry.data.for].map(Number);
    return [{ name: String(name), proxy, atMs: atMs ?? 0, forMs: forMs ?? 0, ...setting }];
  });
  return problems.length > 0 ? { problems } : entries;
}

function fieldsOf(raw: unknown): Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? { ...raw } : {};
}
