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
    step: z.int().min(0).optional().describe('its place in a ramp; entries of one name follow each other in time'),
  })
  .describe('beside these: scope, match, and the options of its behaviors');

/** Reads the entries of a proxy's schedule, or gives all problems with paths that begin with the entry's index. */
export function readSchedule(
  given: readonly unknown[],
  proxy: string,
  context: SettingContext,
): readonly ScheduledSetting[] | Problems {
  const problems: Problem[] = [];
  const taken = new Map<string, { readonly atMs: number; readonly endMs: number }[]>();
  const entries = given.flatMap((raw, index): ScheduledSetting[] => {
    const problem = (found: readonly Problem[]): void => {
      for (const { path, message } of found) problems.push({ path: [index, ...path], message });
    };
    const entry = scheduleEntrySchema.safeParse(raw);
    problem(problemsIn(entry.error));
    const { name = `chaos-${index + 1}`, at, for: lasts, behavior, step, ...options } = fieldsOf(raw);
    const setting = typeof behavior === 'string' ? readSetting(behavior, options, context) : { problems: [] };
    if ('problems' in setting) problem(setting.problems);
    const [atMs = Number.NaN, forMs = Number.NaN] = [entry.data?.at, entry.data?.for].map(Number);
    const others = taken.get(String(name)) ?? [];
    // Repeats of an entry share its name; at the same time there is one of them.
    const apart = others.every((other) => other.endMs <= atMs || atMs + forMs <= other.atMs);
    if (!apart) problem([{ path: ['name'], message: `'${name}' is used twice` }]);
    taken.set(String(name), [...others, { atMs, endMs: atMs + forMs }]);
    if (!entry.success || 'problems' in setting) return [];
    const ofRamp = typeof step === 'number' ? { step } : {};
    return [{ name: String(name), proxy, atMs, forMs, ...ofRamp, ...setting }];
  });
  return problems.length > 0 ? { problems } : entries;
}

function fieldsOf(raw: unknown): Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? { ...raw } : {};
}
