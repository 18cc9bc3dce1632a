import type uPlot from 'uplot';
import type { BandData } from '../report-data.ts';
import { colour } from './theme.ts';

/** Draws faults and recoveries behind a chart. */
export function drawBands(plot: uPlot, bands: readonly BandData[]): void {
  within(plot, ({ ctx, bbox }) => {
    for (const band of bands) {
      const { left, width } = placeOf(plot, band);
      ctx.fillStyle = colour(band.kind);
      ctx.fillRect(left, bbox.top, width, bbox.height);
    }
  });
}

/** Draws a line at the top of each fault, and its name where there is room. */
export function drawBandNames(plot: uPlot, bands: readonly BandData[]): void {
  const ratio = devicePixelRatio;
  within(plot, ({ ctx, bbox }) => {
    ctx.font = `${11 * ratio}px system-ui, sans-serif`;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'top';
    ctx.fillStyle = colour('fault-edge');
    let freeFrom = Number.NEGATIVE_INFINITY;
    for (const band of bands.filter(({ kind }) => kind === 'fault')) {
      const { left, width } = placeOf(plot, band);
      ctx.fillRect(left, bbox.top, width, 3 * ratio);
      const textLeft = Math.max(left, bbox.left) + 4 * ratio;
      if (textLeft < freeFrom || left + width < bbox.left) continue;
      ctx.fillText(band.name, textLeft, bbox.top + 6 * ratio);
      freeFrom = textLeft + ctx.measureText(band.name).width + 8 * ratio;
    }
  });
}

function placeOf(plot: uPlot, { fromS, toS }: BandData): { readonly left: number; readonly width: number } {
  const left = plot.valToPos(fromS, 'x', true);
  return { left, width: Math.max(plot.valToPos(toS, 'x', true) - left, devicePixelRatio) };
}

/** Draws in the plotting area, and nowhere else. */
function within(plot: uPlot, draw: (plot: uPlot) => void): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(plot);
  ctx.restore();
}
