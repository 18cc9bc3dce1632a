import type { Change, Comparison, FigureChange, FigureName, Part, PartComparison, RunBrief } from '@loads/core';
import { formatMs, formatRate, formatRatio, oneLine, plural } from '../console/format.ts';

/** What became of something, in a word. */
export const CHANGE_WORDS: Readonly<Record<Change, string>> = {
  better: 'better',
  same: 'same',
  worse: 'worse',
  'too-few': 'too few samples',
};

/** What load a run made, which is shown and not judged: `93.2/s requests, 12 arrivals dropped`. */
export function loadText({ rate, dropped }: RunBrief): string {
  const missed = dropped > 0 ? `, ${plural(dropped, 'arrival')} dropped` : '';
  return `${formatRate(rate)} requests${missed}`;
}

const LONGEST_NAME = 60;

const ALL_OF: Readonly<Record<string, string>> = {
  http_req_duration: 'all requests',
  grpc_req_duration: 'all gRPC calls',
  ws_waiting: 'all WebSocket messages',
  tcp_waiting: 'all TCP answers',
  iteration_duration: 'all iterations',
};

/** Which samples a part has: `GET /items`, `all requests`, `all iterations`. */
export function nameOfPart({ metric, name }: Part): string {
  if (name !== undefined) return oneLine(name, LONGEST_NAME);
  return ALL_OF[metric] ?? metric;
}

/** When they were made: `steady`, `under slow-db`. */
export function whenOfPart({ phase, fault }: Part): string {
  return fault === undefined ? (phase ?? '') : `under ${oneLine(fault, LONGEST_NAME)}`;
}

export function valueText(figure: FigureName, value: number): string {
  return figure === 'failures' ? formatRatio(value) : formatMs(value);
}

/** `12.1ms → 17.3ms`. */
export function fromTo({ figure, a, b }: FigureChange): string {
  return `${valueText(figure, a)} → ${valueText(figure, b)}`;
}

/** How much that is: `+43%` of a duration, `+1.2 points` of a share; `=` where they are equal. */
export function differenceText(one: FigureChange): string {
  return one.a === one.b ? '=' : amountText(one, one.b - one.a);
}

/** The interval of the difference in the same unit: `[+38%, +49%]`, of points `[-0.4, +2]`; empty where there is none. */
export function intervalText(one: FigureChange): string {
  const { difference } = one;
  if (!difference) return '';
  const [lower, upper] = [difference.lower, difference.upper].map((bound) =>
    amountText(one, bound).replace(' points', ''),
  );
  return `[${lower}, ${upper}]`;
}

function amountText({ figure, a }: FigureChange, amount: number): string {
  if (figure === 'failures') return `${signed(amount * 100)} points`;
  if (!(a > 0)) return `${amount < 0 ? '-' : '+'}${formatMs(Math.abs(amount))}`;
  return `${signed((amount / a) * 100)}%`;
}

function signed(value: number): string {
  const digits = Math.abs(value) >= 99.5 ? 0 : Math.abs(value) >= 9.95 ? 1 : 2;
  const text = Number(value.toFixed(digits)).toLocaleString('en-US');
  return value > 0 ? `+${text}` : text;
}

/** What is worse or better in a part, with how sure that is: `p95 12.1ms → 17.3ms, +43% [+38%, +49%]`. */
export function changesText({ figures, effect }: PartComparison): string {
  const changed = figures.filter(({ judged, change }) => judged && (change === 'worse' || change === 'better'));
  const texts = changed.map(
    (one) => `${one.figure} ${fromTo(one)} (${differenceText(one)}, 99% ${intervalText(one)}${bothWays(changed, one)})`,
  );
  const durations = changed.some(({ figure }) => figure !== 'failures');
  return [...texts, ...(durations && effect ? [`${effect.size} effect (delta ${signed(effect.delta)})`] : [])].join(
    ', ',
  );
}

/** Where one figure is better and another one worse, each says which. */
function bothWays(changed: readonly FigureChange[], { change }: FigureChange): string {
  return changed.some((other) => other.change !== change) ? `, ${change}` : '';
}

/** The parts that changed, those that are worse first. */
export function changedParts({ parts }: Comparison): readonly PartComparison[] {
  return (['worse', 'better'] as const).flatMap((word) => parts.filter(({ change }) => change === word));
}

/** The verdict in a line: `worse in 3 of 12 parts, better in 1, too few samples in 2`. */
export function countsText({ parts }: Comparison): string {
  const count = (change: Change): number => parts.filter((part) => part.change === change).length;
  const counts = (['worse', 'better', 'same', 'too-few'] as const)
    .filter((change) => count(change) > 0)
    .map(
      (change, i) =>
        `${CHANGE_WORDS[change]} in ${count(change)}${i === 0 ? ` of ${plural(parts.length, 'part')}` : ''}`,
    );
  return counts.length === 0 ? 'the runs have no part in common' : counts.join(', ');
}

/** What the fault did under which the runs differ most: `db-down separates them: failures 98% → 0.4%, ...`. */
export function separationText({ separatedBy, parts, faults }: Comparison): string | undefined {
  if (separatedBy === undefined) return undefined;
  const part = parts.find(({ fault, name }) => fault === separatedBy && name === undefined);
  const judged = (part?.figures ?? []).filter((one) => one.judged);
  const changed = judged.filter(({ change }) => change === 'worse' || change === 'better');
  const figures = (changed.length > 0 ? changed : judged).map((one) => `${one.figure} ${fromTo(one)}`);
  const { a, b } = faults.find(({ fault }) => fault === separatedBy) ?? {};
  const effects = a?.effect !== b?.effect ? [`${a?.effect ?? 'unknown'} → ${b?.effect ?? 'unknown'}`] : [];
  return `${oneLine(separatedBy, LONGEST_NAME)} separates them: ${[...figures, ...effects].join(', ')}`;
}
