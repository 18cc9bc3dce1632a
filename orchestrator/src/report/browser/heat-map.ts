import type uPlot from 'uplot';
import type { HeatData } from '../report-data.ts';
import { heatColour } from './theme.ts';

/** Shades of a cell: the steps between one request and the most of any cell, of which each is as many times more than the last. */
const SHADES = 12;

/** Draws the cells of a heat map in a chart whose axes are time (s) and, logarithmic, latency (ms). */
export function drawHeat(plot: uPlot, { stepS, bounds, cells }: HeatData): void {
  const { ctx, bbox } = plot;
  const most = Math.max(1, ...cells.flatMap((column) => column.filter((_, i) => i % 2 === 1)));
  const shades = Array.from({ length: SHADES + 1 }, (_, i) => heatColour(i / SHADES));
  const yOf = bounds.map((bound) => plot.valToPos(bound, 'ms', true));
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const [i, column] of cells.entries()) {
    const left = Math.round(plot.valToPos(i * stepS, 'x', true));
    const right = Math.round(plot.valToPos((i + 1) * stepS, 'x', true));
    for (let k = 0; k < column.length; k += 2) {
      const [row = 0, count = 0] = [column[k], column[k + 1]];
      const [bottom = 0, top = 0] = [yOf[row], yOf[row + 1]];
      // Logarithmic: a few slow requests are to be seen beside thousands of fast ones.
      ctx.fillStyle = shades[Math.round((Math.log1p(count) / Math.log1p(most)) * SHADES)] ?? '';
      ctx.fillRect(left, Math.round(top), Math.max(1, right - left), Math.max(1, Math.round(bottom) - Math.round(top)));
    }
  }
  ctx.restore();
}

/** What is at a moment (s) and a latency (ms): how many requests of which row. */
export function cellAt(
  { stepS, bounds, cells }: HeatData,
  seconds: number,
  ms: number,
): { readonly fromMs: number; readonly toMs: number; readonly count: number } | undefined {
  const column = cells[Math.floor(seconds / stepS)];
  const row = bounds.findIndex((bound, i) => ms >= bound && ms < (bounds[i + 1] ?? 0));
  const [fromMs, toMs] = [bounds[row], bounds[row + 1]];
  if (!column || fromMs === undefined || toMs === undefined) return undefined;
  const place = column.findIndex((value, i) => i % 2 === 0 && value === row);
  return { fromMs, toMs, count: place === -1 ? 0 : (column[place + 1] ?? 0) };
}
