import { parseDuration } from '../plan/duration.ts';

const RATE = /^(\d+(?:\.\d+)?)(?:\s*(?:\/|per)\s*([\d.]*\s*(?:ms|s|m|h|d)))?$/;

/** Reads a rate: `500/s`, `30/m`, `1.5/10s`; a bare number is per second. Gives arrivals per second, or undefined. */
export function parseRate(text: string | number): number | undefined {
  if (typeof text === 'number') return Number.isFinite(text) && text >= 0 ? text : undefined;
  const [, amount, unit = 's'] = RATE.exec(text.trim()) ?? [];
  if (amount === undefined) return undefined;
  const bare = unit.replaceAll(/\s/g, '');
  const perMs = parseDuration(/^\d/.test(bare) ? bare : `1${bare}`);
  return perMs === undefined || perMs === 0 ? undefined : Number(amount) / (perMs / 1000);
}

/** Writes arrivals per second the way they are read: `500/s`, `2.5/s`. */
export function formatRate(perSecond: number): string {
  return `${Number(perSecond.toPrecision(4))}/s`;
}
