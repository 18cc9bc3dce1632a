import type uPlot from 'uplot';

/** Charts with one axis of time: what is zoomed in one is zoomed in all. */
export class ChartGroup {
  readonly #plots = new Set<uPlot>();
  #zooming = false;

  /** What uPlot knows the group by: the cursors of a group move together. */
  readonly key = 'time';

  add(plot: uPlot): void {
    this.#plots.add(plot);
  }

  remove(plot: uPlot): void {
    this.#plots.delete(plot);
  }

  /** Takes over the range of time (s) of one chart for all others. */
  zoomed(from: uPlot): void {
    const { min, max } = from.scales.x ?? {};
    // The others say so, too, while they follow.
    if (this.#zooming || min === undefined || max === undefined || !this.#plots.has(from)) return;
    this.#zooming = true;
    for (const plot of this.#plots) if (plot !== from) plot.setScale('x', { min, max });
    // Charts draw a microtask later.
    setTimeout(() => {
      this.#zooming = false;
    });
  }

  /** Shows all of the time again. */
  reset(endS: number): void {
    for (const plot of this.#plots) plot.setScale('x', { min: 0, max: endS });
  }
}
