import 'uplot/dist/uPlot.min.css';
import type { ReportData } from '../report-data.ts';
import { ChartGroup } from './chart-group.ts';
import { chartSpecs } from './charts.ts';
import { onThemeChange } from './theme.ts';
import { TimeChart } from './time-chart.ts';

// Draws the charts of a report into their places, out of the data that stands in the page.
const data = JSON.parse(document.getElementById('report-data')?.textContent ?? 'null') as ReportData | null;
if (data) {
  const group = new ChartGroup();
  const charts = new Map<string, TimeChart>();
  for (const [id, spec] of chartSpecs(data, 0, false)) {
    const host = document.querySelector<HTMLElement>(`[data-chart="${id}"]`);
    const legend = document.querySelector<HTMLElement>(`[data-legend="${id}"]`);
    if (host && legend) charts.set(id, new TimeChart(host, legend, group, spec));
  }

  const track = document.querySelector<HTMLSelectElement>('[data-choice="track"]');
  const log = document.querySelector<HTMLInputElement>('[data-choice="log"]');
  const choose = (): void => {
    const specs = chartSpecs(data, Number(track?.value ?? 0), log?.checked ?? false);
    for (const id of ['rate', 'latency']) {
      const spec = specs.get(id);
      if (spec) charts.get(id)?.show(spec);
    }
  };
  track?.addEventListener('change', choose);
  log?.addEventListener('change', choose);
  onThemeChange(() => {
    for (const chart of charts.values()) chart.draw();
  });
}
