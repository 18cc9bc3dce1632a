import uPlot from 'uplot';
import type { BandData } from '../report-data.ts';
import { clockText } from '../time-text.ts';
import { drawBandNames, drawBands } from './bands.ts';
import type { ChartGroup } from './chart-group.ts';
import { formatIn, type Unit } from './format.ts';
import { Legend } from './legend.ts';
import { colour } from './theme.ts';

/** A line over time: a value for each step. `colour` is the name of one of the page's. */
export type Line = {
  readonly label: string;
  readonly colour: string;
  readonly unit: Unit;
  readonly values: readonly (number | null)[];
  readonly filled?: boolean | undefined;
};

export type ChartSpec = {
  readonly endS: number;
  readonly stepS: number;
  readonly bands: readonly BandData[];
  /** Lines of the unit of the first have their axis on the left, others on the right. */
  readonly lines: readonly Line[];
  /** Whether latencies are on a logarithmic axis. */
  readonly log?: boolean | undefined;
  /** The range of latencies, ms, where no line says it. */
  readonly msRange?: readonly [number, number] | undefined;
  /** Draws more than lines: behind them, before the grid. */
  readonly draw?: ((plot: uPlot) => void) | undefined;
  /** What is where the cursor is, beside the values of the lines: at a moment (s) and a value of the left axis. */
  readonly textAt?: ((seconds: number, value: number) => string) | undefined;
};

const FONT = '12px system-ui, sans-serif';

/** A chart in its place in the page, with a legend. */
export class TimeChart {
  readonly #host: HTMLElement;
  readonly #legendHost: HTMLElement;
  readonly #group: ChartGroup;
  #spec: ChartSpec;
  #plot: uPlot | undefined;
  #hidden = new Set<number>();

  constructor(host: HTMLElement, legendHost: HTMLElement, group: ChartGroup, spec: ChartSpec) {
    this.#host = host;
    this.#legendHost = legendHost;
    this.#group = group;
    this.#spec = spec;
    this.draw();
    new ResizeObserver(() => this.#fit()).observe(host);
    host.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /** Shows other lines in the same place. */
  show(spec: ChartSpec): void {
    this.#spec = spec;
    this.draw();
  }

  /** Draws it anew, in the colours of the page as they are now. */
  draw(): void {
    const before = this.#plot;
    const { lines, stepS } = this.#spec;
    const legend = new Legend(this.#legendHost, lines, (line, shown) => {
      if (shown) this.#hidden.delete(line);
      else this.#hidden.add(line);
      this.#plot?.setSeries(line + 1, { show: shown });
    });
    this.#hidden = new Set();
    const steps = lines[0]?.values.length ?? 0;
    const x = Array.from({ length: steps }, (_, i) => (i + 0.5) * stepS);
    const data: uPlot.AlignedData = [x, ...lines.map(({ values }) => [...values])];
    const plot = new uPlot(this.#options(legend), data, this.#host);
    this.#plot = plot;
    this.#group.add(plot);
    if (!before) return;
    const { min, max } = before.scales.x ?? {};
    this.#group.remove(before);
    before.destroy();
    if (min !== undefined && max !== undefined) plot.setScale('x', { min, max });
  }

  #options(legend: Legend): uPlot.Options {
    const { lines, bands, endS, stepS, draw } = this.#spec;
    const left = lines[0]?.unit ?? 'ms';
    const right = lines.find(({ unit }) => unit !== left)?.unit;
    const axes = [left, ...(right === undefined ? [] : [right])].map((unit, i) => this.#axis(unit, i === 1));
    return {
      ...this.#size(),
      padding: [12, right === undefined ? 24 : 0, 0, 0],
      legend: { show: false },
      cursor: {
        sync: { key: this.#group.key, scales: ['x', null] },
        drag: { x: true, y: false, dist: 6 },
        points: { size: 7 },
      },
      scales: {
        x: {
          time: false,
          // Up to its ends, which are beyond the middles of the first and the last step.
          range: (_, min, max) => (min <= stepS && max >= endS - stepS ? [0, endS] : [min, max]),
        },
        ...Object.fromEntries([left, right].flatMap((unit) => (unit === undefined ? [] : [[unit, this.#scale(unit)]]))),
      },
      axes: [this.#timeAxis(), ...axes],
      series: [
        {},
        ...lines.map(
          ({ label, colour: name, unit, filled }): uPlot.Series => ({
            label,
            scale: unit,
            stroke: () => colour(name),
            width: 1.5,
            points: { fill: () => colour('card') },
            ...(filled && { fill: () => `${colour(name)}22` }),
          }),
        ),
      ],
      hooks: {
        drawClear: [(plot) => drawBands(plot, bands)],
        drawAxes: [
          (plot) => {
            draw?.(plot);
            drawBandNames(plot, bands);
          },
        ],
        setCursor: [(plot) => this.#showValues(plot, legend)],
        setScale: [(plot, key) => key === 'x' && this.#group.zoomed(plot)],
      },
    };
  }

  #timeAxis(): uPlot.Axis {
    return {
      size: 30,
      stroke: () => colour('muted'),
      font: FONT,
      grid: { stroke: () => colour('line'), width: 1 },
      ticks: { stroke: () => colour('line'), width: 1, size: 5 },
      incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200],
      space: 64,
      values: (_, moments) => moments.map(clockText),
    };
  }

  #axis(unit: Unit, right: boolean): uPlot.Axis {
    return {
      scale: unit,
      side: right ? 1 : 3,
      size: 62,
      stroke: () => colour('muted'),
      font: FONT,
      grid: { show: !right, stroke: () => colour('line'), width: 1 },
      ticks: { stroke: () => colour('line'), width: 1, size: 4 },
      values: (_, values) => values.map((value) => (value === null ? '' : formatIn(unit, value))),
    };
  }

  #scale(unit: Unit): uPlot.Scale {
    const { log, msRange } = this.#spec;
    if (unit !== 'ms' || !log) return { range: (_, __, max) => [0, max > 0 ? max * 1.2 : 1] };
    const least = Math.min(
      ...this.#spec.lines.flatMap(({ values }) => values.flatMap((one) => (one !== null && one > 0 ? [one] : []))),
    );
    if (msRange) return { distr: 3, range: () => [msRange[0], msRange[1]] };
    return { distr: 3, range: (_, __, max) => decades(Number.isFinite(least) ? least : 1, max) };
  }

  #size(): { readonly width: number; readonly height: number } {
    const { width } = this.#host.getBoundingClientRect();
    const { minHeight } = getComputedStyle(this.#host);
    return { width: Math.max(240, Math.floor(width)), height: Number.parseFloat(minHeight) || 200 };
  }

  #fit(): void {
    const size = this.#size();
    const plot = this.#plot;
    if (plot && (plot.width !== size.width || plot.height !== size.height)) plot.setSize(size);
  }

  #showValues(plot: uPlot, legend: Legend): void {
    const { lines, textAt } = this.#spec;
    const { idx, left = -1, top = -1 } = plot.cursor;
    const moment = typeof idx === 'number' ? plot.data[0][idx] : undefined;
    if (typeof idx !== 'number' || moment === undefined || left < 0) {
      legend.show('', []);
      return;
    }
    const seconds = plot.posToVal(left, 'x');
    const more = textAt && top >= 0 ? textAt(seconds, plot.posToVal(top, lines[0]?.unit ?? 'ms')) : '';
    const values = lines.map(({ values: column, unit }) => {
      const value = column[idx];
      return value === null || value === undefined ? '–' : formatIn(unit, value);
    });
    legend.show(
      `at ${clockText(Math.floor(textAt ? seconds : moment))}${more === '' ? '' : `: ${more}`}`,
      textAt ? [] : values,
    );
  }

  #onKey(event: KeyboardEvent): void {
    const plot = this.#plot;
    if (!plot || event.target !== this.#host) return;
    const { endS } = this.#spec;
    if (event.key === 'Escape') {
      this.#group.reset(endS);
      plot.setCursor({ left: -10, top: -10 });
      return;
    }
    const last = plot.data[0].length - 1;
    const at = plot.cursor.idx ?? -1;
    const places: Readonly<Record<string, number>> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
    const wanted = places[event.key];
    const moment = plot.data[0][Math.min(last, Math.max(0, wanted ?? 0))];
    if (wanted === undefined || moment === undefined) return;
    event.preventDefault();
    plot.setCursor({ left: plot.valToPos(moment, 'x'), top: plot.bbox.height / devicePixelRatio / 2 });
  }
}

/** Whole powers of ten around a range. */
function decades(min: number, max: number): [number, number] {
  const low = 10 ** Math.floor(Math.log10(min));
  return [low, Math.max(low * 10, 10 ** Math.ceil(Math.log10(Math.max(max, min))))];
}
