import * as z from 'zod';

/** A host that node 1 watches while the run goes on: one on which `loads monitor` runs. */
export type MonitorPlan = {
  /** What the run calls it: the value of the tag `host`. */
  readonly name: string;
  /** Where its `loads monitor` is, as seen from node 1. */
  readonly url: string;
  /** What that demands; a secret. */
  readonly token?: string | undefined;
};

/** The same as configured, by name. */
export type MonitorConfig = { readonly url: string; readonly token?: string | undefined };

/** The most hosts that are watched. */
export const MOST_MONITORS = 32;

const NAME = /^[A-Za-z][A-Za-z0-9_.-]*$/;

const monitorSchema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'expected an http or https URL such as http://db:8126' })
    .refine((text) => !hasUserInfo(text), 'a secret does not belong into the URL: say it as `token`'),
  token: z
    .string({ error: 'expected a text that is not empty' })
    .min(1, 'expected a text that is not empty')
    .optional(),
});

/** The section `monitors` of the configuration. */
export const monitorsSchema: z.ZodType<Readonly<Record<string, MonitorConfig>>> = z
  .record(
    z.string().regex(NAME, 'expected a name of letters, digits, `_`, `-` and `.`, that begins with a letter'),
    monitorSchema,
  )
  .refine((monitors) => Object.keys(monitors).length <= MOST_MONITORS, `expected at most ${MOST_MONITORS} hosts`);

/** What of it goes into the plan: nothing where there is none. */
export function monitorsOf(monitors: Readonly<Record<string, MonitorConfig>>): {
  readonly monitors?: readonly MonitorPlan[];
} {
  const plans = Object.entries(monitors).map(([name, { url, token }]) => ({ name, url, ...(token && { token }) }));
  return plans.length > 0 ? { monitors: plans } : {};
}

function hasUserInfo(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.username !== '' || url.password !== '');
}
