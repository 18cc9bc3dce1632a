import { ALL_VALUES } from './stored-dashboards.ts';

/** What is chosen: a value, several, or all. */
export type Choice = string | readonly string[] | typeof ALL;
export const ALL: unique symbol = Symbol('all');

export type Chosen = {
  readonly variables: Readonly<Record<string, Choice>>;
  /** The dashboard's time range, epoch ms. */
  readonly fromMs: number;
  readonly toMs: number;
};

/** Points that a panel has room for. */
const MAX_DATA_POINTS = 1000;
/** What `timeInterval` of the provisioned data source says. */
const SHORTEST_INTERVAL_MS = 1000;

/**
 * A query as Grafana sends it to an InfluxDB data source. Grafana's own rules: `:regex` escapes each value, and joins
 * several as `(a|b)`; a custom value for "All" goes in as it is, whatever the format; the range is in ms.
 */
export function fillIn(
  query: string,
  { variables, fromMs, toMs }: Chosen,
  interval: { readonly shortest?: string | undefined; readonly ms?: number | undefined } = {},
): string {
  const intervalMs = interval.ms ?? intervalOf(toMs - fromMs, interval.shortest);
  const filled = query
    .replaceAll(/\$\{(\w+)(?::(\w+))?\}/g, (_, name: string, format: string | undefined) =>
      formatted(name, variables[name], format),
    )
    .replaceAll('$timeFilter', `time >= ${fromMs}ms and time <= ${toMs}ms`)
    .replaceAll('$__interval_ms', String(intervalMs))
    .replaceAll('$__interval', `${intervalMs}ms`);
  if (filled.includes('$')) {
    const rest = filled.replaceAll(/\/\^.*?\$\//g, '');
    if (rest.includes('$')) throw new Error(`something is not filled in: ${rest}`);
  }
  return filled;
}

function intervalOf(rangeMs: number, shortest: string | undefined): number {
  const panelMs = shortest === undefined ? 0 : Number(shortest.replace('s', '')) * 1000;
  return Math.max(panelMs, SHORTEST_INTERVAL_MS, Math.ceil(rangeMs / MAX_DATA_POINTS));
}

function formatted(name: string, choice: Choice | undefined, format: string | undefined): string {
  if (choice === undefined) throw new Error(`there is no variable ${name}`);
  if (choice === ALL) {
    const all = ALL_VALUES[name];
    if (all === undefined) throw new Error(`${name} has no "All"`);
    return all;
  }
  if (format === undefined) {
    if (typeof choice !== 'string') throw new Error(`${name} holds several values, and the query takes one`);
    return choice;
  }
  if (format !== 'regex') throw new Error(`no query of ours has the format ${format}`);
  if (typeof choice === 'string') return escaped(choice);
  const [first, ...more] = choice.map(escaped);
  return more.length === 0 ? (first ?? '') : `(${choice.map(escaped).join('|')})`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$*+?.()|[\]{}/]/g, '\\$&');
}
