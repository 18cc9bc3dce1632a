import { type Html, html } from '../page/html.ts';

/** A line of a chart: a value for each run, in order; undefined leaves a gap. `look` is the class that colours it. */
export type ChartLine = {
  readonly name: string;
  readonly look: string;
  readonly values: readonly (number | undefined)[];
};

export type TrendChart = {
  readonly title: string;
  /** Of the runs, for what a pointer finds. */
  readonly names: readonly string[];
  readonly lines: readonly ChartLine[];
  text(value: number): string;
};

/** Colours of the lines, and what stands around them. Elements of a page have no styles of their own. */
export const CHART_STYLES = `
.chart { margin: 0 0 1.25rem; }
.chart svg { display: block; width: 100%; height: auto; max-width: 60rem; overflow: visible; }
.chart text { fill: var(--muted); font-size: 12px; font-variant-numeric: tabular-nums; }
.chart .grid { stroke: var(--line); stroke-width: 1; }
.chart polyline { fill: none; stroke-width: 2; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.chart .p50 { stroke: var(--p50); fill: var(--p50); } .chart .p95 { stroke: var(--p95); fill: var(--p95); }
.chart .p99 { stroke: var(--p99); fill: var(--p99); } .chart .ko { stroke: var(--ko); fill: var(--ko); }
.chart .rate { stroke: var(--rate); fill: var(--rate); }
.chart polyline.p50, .chart polyline.p95, .chart polyline.p99, .chart polyline.ko, .chart polyline.rate { fill: none; }
@media (max-width: 40rem) { .chart text { font-size: 20px; } }
.chart figcaption { margin-bottom: 0.25rem; font-size: 0.9375rem; font-weight: 600; }
`;

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [720, 190, 72, 76, 10, 14];
const GRID = 4;

/** A chart with a point for each run, from 0 up. Its figures are in the table of the page, too. */
export function trendChart({ title, names, lines, text }: TrendChart): Html {
  const top = niceTop(Math.max(0, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0))));
  const xOf = (i: number): number =>
    round(LEFT + (WIDTH - LEFT - RIGHT) * (names.length < 2 ? 0.5 : i / (names.length - 1)));
  const yOf = (value: number): number => round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top));
  const grid = Array.from({ length: GRID + 1 }, (_, i) => {
    const value = (top * i) / GRID;
    return html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${yOf(value)}" y2="${yOf(value)}"/><text x="${LEFT - 8}" y="${yOf(value) + 4}" text-anchor="end">${value === 0 ? '0' : text(value)}</text>
`;
  });
  const drawn = lines.map(({ name, look, values }) => {
    const last = values.findLastIndex((value) => value !== undefined);
    const dots = values.map(
      (value, i) =>
        value !== undefined &&
        html`<circle class="${look}" cx="${xOf(i)}" cy="${yOf(value)}" r="3"><title>${names[i]}: ${name} ${text(value)}</title></circle>`,
    );
    return html`${stretches(values).map(
      (places) =>
        html`<polyline class="${look}" points="${places.map((i) => `${xOf(i)},${yOf(values[i] ?? 0)}`).join(' ')}"/>`,
    )}${dots}${last >= 0 && html`<text x="${xOf(last) + 8}" y="${yOf(values[last] ?? 0) + 4}">${name}</text>`}
`;
  });
  return html`<figure class="chart"><figcaption>${title}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}, over ${names.length} runs; the figures are in the table">
${grid}${drawn}</svg></figure>
`;
}

/** The places of values without a gap between. */
function stretches(values: readonly (number | undefined)[]): readonly (readonly number[])[] {
  const found: number[][] = [];
  for (const [i, value] of values.entries()) {
    if (value === undefined) continue;
    const last = found.at(-1);
    if (last?.at(-1) === i - 1) last.push(i);
    else found.push([i]);
  }
  return found;
}

/** The next of 1, 2, 4, 5 or 8 times a power of ten: its quarters are short numbers. */
function niceTop(greatest: number): number {
  if (!(greatest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(greatest));
  const step = [1, 2, 4, 5, 8, 10].find((one) => one * power >= greatest * (1 - 1e-12)) ?? 10;
  return step * power;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
