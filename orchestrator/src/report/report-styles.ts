/** What a report has beside all pages. */
export const REPORT_STYLES = `
.run { margin-bottom: 0.25rem; font-size: 0.875rem; overflow-wrap: anywhere; }
.verdict { margin: 1rem 0 1.25rem; padding: 0.875rem 1.125rem; border-left: 5px solid; border-radius: 6px; color: var(--ink); }
.verdict.good { border-color: var(--good); background: var(--good-soft); }
.verdict.bad { border-color: var(--bad); background: var(--bad-soft); }
.verdict.warn { border-color: var(--warn); background: var(--warn-soft); }
.verdict p { margin-bottom: 0.25rem; }
.verdict .word { font-size: 1.25rem; line-height: 1.3; }
.verdict .muted { color: var(--ink); opacity: 0.8; }
.verdict .word .muted { font-size: 0.875rem; margin-left: 0.5rem; }
.verdict ul { margin: 0.375rem 0 0; padding-left: 1.125rem; overflow-wrap: anywhere; }
.verdict.good strong { color: var(--good); }
.verdict.bad strong { color: var(--bad); }
.verdict.warn strong { color: var(--warn); }

.chart-figure { margin: 0 0 1.75rem; }
.chart-figure:last-child { margin-bottom: 0; }
.chart-figure figcaption { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 1rem; }
.chart-figure h3 { margin: 0; }
.chart-figure > p { margin: 0.25rem 0 0.375rem; max-width: none; }
.chart { position: relative; min-height: 15rem; border-radius: 6px; }
.chart[data-chart="generator"], .chart[data-chart="load"] { min-height: 11rem; }
.choice { font-size: 0.875rem; color: var(--muted); }
.choice select {
  max-width: 16rem; padding: 0.125rem 0.25rem; font: inherit; color: var(--ink); background: var(--card);
  border: 1px solid var(--line); border-radius: 4px;
}
.choice input { vertical-align: -0.1em; margin: 0 0.25rem 0 0; accent-color: var(--accent); }
.legend { display: flex; flex-wrap: wrap; gap: 0.125rem 0.375rem; min-height: 1.75rem; font-size: 0.8125rem; }
.legend button {
  display: inline-flex; align-items: center; gap: 0.375rem; padding: 0.125rem 0.375rem; font: inherit; color: var(--ink);
  background: none; border: 0; border-radius: 4px; cursor: pointer; font-variant-numeric: tabular-nums;
}
.legend button:hover { background: var(--hover); }
.legend button[aria-pressed="false"] { color: var(--muted); text-decoration: line-through; }
.legend button[aria-pressed="false"] .swatch { background: none; box-shadow: inset 0 0 0 1px var(--muted); }
.legend output { min-width: 3.5rem; color: var(--muted); text-align: left; }
.legend .when { padding: 0.125rem 0.375rem; color: var(--muted); font-variant-numeric: tabular-nums; }
.swatch { width: 0.75rem; height: 0.75rem; border-radius: 3px; background: var(--muted); }
.swatch.p50 { background: var(--p50); }
.swatch.p95 { background: var(--p95); }
.swatch.p99 { background: var(--p99); }
.swatch.ok { background: var(--ok); }
.swatch.ko { background: var(--ko); }
.swatch.rate { background: var(--rate); }
.swatch.other { background: var(--other); }
.u-select { background: var(--accent); opacity: 0.15; }
.u-hz .u-cursor-x, .u-vt .u-cursor-y { border-right-color: var(--muted); }
.u-hz .u-cursor-y, .u-vt .u-cursor-x { border-bottom-color: var(--muted); }

.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1rem; }
.card { padding: 1rem; border: 1px solid var(--line); border-radius: 8px; border-top: 3px solid var(--fault-edge); min-width: 0; }
.card table { font-size: 0.875rem; }
.card tbody th { min-width: 0; white-space: nowrap; }
.card h3 { margin: 0 0 0.625rem; overflow-wrap: anywhere; }
.pairs { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.375rem 1rem; margin: 0 0 0.75rem; }
.pairs dt { color: var(--muted); font-size: 0.875rem; }
.pairs dd { margin: 0; overflow-wrap: anywhere; }
.pairs ul { margin: 0; }

.error { padding: 0.5rem 0; border-top: 1px solid var(--line); }
.error summary { color: var(--ink); overflow-wrap: anywhere; }
.error .times { display: inline-block; min-width: 4rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.error .message { font-weight: 500; }
.error pre { max-height: 26rem; overflow: auto; }
.figures summary { font-size: 0.875rem; }
.figures .scroll { max-height: 26rem; overflow: auto; }
.figures thead th { position: sticky; top: 0; background: var(--card); }

@media (max-width: 40rem) {
  .pairs { grid-template-columns: minmax(0, 1fr); gap: 0 1rem; }
  .pairs dd { margin-bottom: 0.5rem; }
  .chart { min-height: 13rem; }
}
@media print {
  .uplot, .u-wrap { width: 100% !important; height: auto !important; }
  .u-wrap canvas { width: 100% !important; height: auto !important; }
  .chart, .legend { min-height: 0 !important; }
  .choice, .figures, .u-over, .u-under { display: none; }
  .error pre, .figures .scroll { max-height: none; }
  .cards { display: block; }
  .card { margin-bottom: 0.75rem; }
  .card table { font-size: 7.5pt; }
}
`;
