import { latencyQuantile, type Timeline } from '@loads/core';
import type { StoredTimeline } from './stored-timeline.ts';

/** A run to be drawn, with what it is called, and what it is. */
export type Drawn = StoredTimeline & { readonly title: string; readonly about: string };

const PANEL = { width: 440, left: 52, right: 20 } as const;
const RATE = { top: 64, height: 150 } as const;
const LATENCY = { top: 262, height: 110 } as const;
const HEIGHT = 400;

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #333 }
  .title { font-size: 15px; font-weight: 600 }
  .faint { fill: #777; font-size: 11px; font-weight: 400 }
  .paper { fill: #fff } .axis { stroke: #ccc } .band { fill: #f2b134; opacity: .22 }
  .ok { fill: #2e8b57 } .ko, .failed { fill: #d43d3d } .passed { fill: #2e8b57 }
  .p95 { stroke: #3a6fd8; stroke-width: 2; fill: none } .dot { fill: #3a6fd8 }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd } .faint { fill: #999 } .paper { fill: #161b22 } .axis { stroke: #444 }
    .ok, .passed { fill: #4fb37f } .ko, .failed { fill: #f07070 } .p95 { stroke: #7aa2f7 } .dot { fill: #7aa2f7 }
  }`;

/** Draws runs side by side, with the same axes: answers and failures of each second, p95, and the faults behind them. */
export function picture(runs: readonly Drawn[]): string {
  const most = Math.max(1, ...runs.flatMap(({ timeline }) => timeline.total.count));
  const mostMs = Math.max(1, ...runs.flatMap(({ timeline }) => p95s(timeline).map(([, ms]) => ms)));
  const endMs = Math.max(1000, ...runs.map(({ timeline }) => timeline.total.count.length * timeline.total.stepMs));
  const axes: Axes = { most: roundUp(most), mostMs: roundUp(mostMs), endMs };
  const width = PANEL.width * runs.length;
  const words = runs.map(({ title, summary }) => `${title} ${summary.outcome}`).join(', ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" role="img" aria-label="${escaped(`Requests of each second and their p95, with the faults: ${words}`)}">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${width}" height="${HEIGHT}"/>`,
    ...runs.map((run, i) => `<g transform="translate(${i * PANEL.width} 0)">\n${panel(run, axes).join('\n')}\n</g>`),
    '</svg>',
    '',
  ].join('\n');
}

type Axes = { readonly most: number; readonly mostMs: number; readonly endMs: number };

function panel({ timeline, summary, title, about }: Drawn, axes: Axes): readonly string[] {
  const { total, windows } = timeline;
  const x = (ms: number): number => PANEL.left + (ms / axes.endMs) * (PANEL.width - PANEL.left - PANEL.right);
  const bands = windows.flatMap(({ fault, fromMs, toMs }) => {
    const [left, right] = [x(fromMs), x(toMs ?? axes.endMs)];
    const rect = (top: number, height: number): string =>
      `<rect class="band" x="${short(left)}" y="${top}" width="${short(right - left)}" height="${height}"/>`;
    const middle = short((left + right) / 2);
    return [
      rect(RATE.top, RATE.height),
      rect(LATENCY.top, LATENCY.height),
      `<text class="faint" x="${middle}" y="${RATE.top - 4}" text-anchor="middle">${escaped(fault)}</text>`,
    ];
  });
  const bars = total.count.flatMap((count, i) => {
    const failed = total.failed[i] ?? 0;
    const [left, wide] = [x(i * total.stepMs) + 1, x(total.stepMs) - x(0) - 2];
    const [good, bad] = [count - failed, failed].map((n) => (n / axes.most) * RATE.height);
    return [
      bar('ok', { left, wide, bottom: RATE.top + RATE.height, high: good ?? 0 }),
      bar('ko', { left, wide, bottom: RATE.top + RATE.height - (good ?? 0), high: bad ?? 0 }),
    ].filter((one) => one !== '');
  });
  const verdict = `<tspan class="${summary.outcome}">${summary.outcome.toUpperCase()}</tspan>`;
  return [
    `<text class="title" x="${PANEL.left}" y="24">${escaped(title)}: ${verdict}<tspan class="faint" dx="8">${escaped(about)}</tspan></text>`,
    ...bands,
    ...axis('answers per second, <tspan class="ko">failed</tspan> ones on top', RATE, axes.most, String),
    ...bars,
    ...axis('p95 of each second', LATENCY, axes.mostMs, (ms) => (ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`)),
    ...latencyLine(timeline, axes, x),
    ...seconds(axes.endMs, x),
  ];
}

function bar(kind: string, { left, wide, bottom, high }: Record<'left' | 'wide' | 'bottom' | 'high', number>): string {
  if (high <= 0) return '';
  return `<rect class="${kind}" x="${short(left)}" y="${short(bottom - high)}" width="${short(wide)}" height="${short(high)}"/>`;
}

/** Seconds in which nothing was answered interrupt the line. */
function latencyLine(timeline: Timeline, { mostMs }: Axes, x: (ms: number) => number): readonly string[] {
  const { stepMs } = timeline.total;
  let path = '';
  let last = Number.NaN;
  const dots = p95s(timeline).map(([i, ms]) => {
    const at = `${short(x((i + 0.5) * stepMs))} ${short(LATENCY.top + LATENCY.height * (1 - ms / mostMs))}`;
    path += `${i === last + 1 ? 'L' : 'M'}${at}`;
    last = i;
    const [cx, cy] = at.split(' ');
    return `<circle class="dot" cx="${cx}" cy="${cy}" r="2.5"/>`;
  });
  return [`<path class="p95" d="${path}"/>`, ...dots];
}

function axis(
  title: string,
  { top, height }: { readonly top: number; readonly height: number },
  most: number,
  text: (value: number) => string,
): readonly string[] {
  const bottom = top + height;
  const line = (y: number): string =>
    `<line class="axis" x1="${PANEL.left}" x2="${PANEL.width - PANEL.right}" y1="${y}" y2="${y}"/>`;
  return [
    line(bottom),
    line(top),
    `<text class="faint" x="${PANEL.left - 6}" y="${top + 4}" text-anchor="end">${text(most)}</text>`,
    `<text class="faint" x="${PANEL.left - 6}" y="${bottom + 4}" text-anchor="end">0</text>`,
    `<text class="faint" x="${PANEL.left}" y="${top - 18}">${title}</text>`,
  ];
}

function seconds(endMs: number, x: (ms: number) => number): readonly string[] {
  const every = endMs > 20_000 ? 5000 : 2000;
  const marks = Array.from({ length: Math.floor(endMs / every) + 1 }, (_, i) => i * every);
  return marks.map(
    (ms) =>
      `<text class="faint" x="${short(x(ms))}" y="${LATENCY.top + LATENCY.height + 20}" text-anchor="middle">${ms / 1000} s</text>`,
  );
}

/** The steps that have requests, each with their p95, ms. */
function p95s({ total }: Timeline): readonly (readonly [number, number])[] {
  return total.latencies.flatMap((latencies, i) => {
    const ms = latencyQuantile(latencies, 0.95);
    return ms === undefined ? [] : [[i, ms] as const];
  });
}

/** The next number of the kind 1, 1.5, 2, 3, 5, 7.5, 10. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 3, 5, 7.5].find((one) => one * power >= value) ?? 10) * power;
}

function short(value: number): number {
  return Number(value.toFixed(1));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
