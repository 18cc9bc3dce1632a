import { stripVTControlCharacters } from 'node:util';
import { startOf, widthOf } from './width.ts';

/** Writes a latency the way a person reads it: `0.42ms`, `12.5ms`, `148ms`, `1.26s`. */
export function formatMs(ms: number): string {
  if (!Number.isFinite(ms)) return '-';
  // The limits are those of what is written: 99.96 is 100ms, not 100.0ms.
  if (ms === 0) return '0ms';
  if (ms < 0.995) return `${ms.toFixed(2)}ms`;
  if (ms < 99.95) return `${ms.toFixed(1)}ms`;
  if (ms < 999.5) return `${Math.round(ms)}ms`;
  return ms < 99_995 ? `${(ms / 1000).toFixed(2)}s` : `${formatCount(ms / 1000)}s`;
}

/** Writes a whole number with thousands: `81,204`. */
export function formatCount(count: number): string {
  // The first number that is written by a locale costs a start 20 ms.
  return Number.isFinite(count) ? String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/g, ',') : '-';
}

/** Writes a rate per second: `412/s`, `12.5/s`, `3.52/s`. */
export function formatRate(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return '-';
  return `${perSecond >= 100 ? formatCount(perSecond) : Number(perSecond.toFixed(perSecond >= 10 ? 1 : 2))}/s`;
}

/** Writes bytes as megabytes (10^6): `91 MB`. */
export function formatMegabytes(bytes: number): string {
  return `${formatCount(Math.round(bytes / 1e6))} MB`;
}

/** Writes a ratio (0-1) as a percentage: `0.3%`. Little is not nothing, and nearly all is not all. */
export function formatRatio(ratio: number): string {
  if (!Number.isFinite(ratio)) return '-';
  if (ratio > 0 && ratio < 0.00005) return '<0.01%';
  if (ratio < 1 && ratio > 0.99995) return '>99.99%';
  return `${Number((ratio * 100).toFixed(2))}%`;
}

/** Writes a number of unknown unit, shortly. */
export function formatNumber(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? formatCount(value) : formatFraction(value);
}

function formatFraction(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : '-';
}

/** The word with the number, in singular or plural: `1 node`, `2 nodes`. */
export function plural(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
}

/** The first line of a text from outside, without what could steer the terminal, and no longer than `longest`. */
export function oneLine(text: string, longest = 200): string {
  const [first = ''] = stripVTControlCharacters(text)
    .trimStart()
    .split(/[\r\n]/, 1);
  return fitLine(first.replaceAll(/\p{Cc}+/gu, ' ').trimEnd(), longest);
}

/** Cuts a line, which may be painted, to a number of columns. */
export function fitLine(line: string, columns: number): string {
  if (widthOf(line) <= columns) return line;
  let room = Math.max(0, columns - 1);
  // Colours have no width, and what turns them off again has to stay.
  const parts = line.split(/(\p{Cc}\[[\d;]*m)/u).map((part, i) => {
    if (i % 2 === 1) return part;
    const shown = startOf(part, room);
    // What is cut ends the line, also where a wide character leaves a column free.
    room = shown === part ? room - widthOf(shown) : 0;
    return shown;
  });
  return columns > 0 ? `${parts.join('')}…` : '';
}
