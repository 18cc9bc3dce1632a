/**
 * The look of all pages. Colours are custom properties, light and, on a dark screen, dark; on paper always light. Contrasts
 * of text are 4.5 : 1 or more.
 */
export const PAGE_STYLES = `
:root {
  color-scheme: light dark;
  --ground: #f4f6f9; --card: #ffffff; --ink: #17212d; --muted: #55616f; --line: #dce2ea; --hover: #eef2f7;
  --accent: #1d5fb8; --good: #14693f; --warn: #835300; --bad: #b1241c;
  --good-soft: #e2f3e9; --warn-soft: #fcf0d9; --bad-soft: #fce8e6; --plain-soft: #e9edf3;
  --p50: #2f7fc1; --p95: #c77700; --p99: #b1241c; --rate: #1d5fb8; --ok: #2a8f5b; --ko: #c62f26; --other: #7a5cb8;
  --fault: rgba(190, 60, 40, 0.13); --recovery: rgba(200, 140, 20, 0.10); --fault-edge: #b1493c;
  --heat-low: 214, 228, 246; --heat-high: 16, 62, 140;
}
@media screen and (prefers-color-scheme: dark) {
  :root:not(.paper) {
    --ground: #0f141b; --card: #171e28; --ink: #e5ebf3; --muted: #9eabbc; --line: #2a3442; --hover: #1f2835;
    --accent: #7db1f7; --good: #6ad49b; --warn: #f0bd62; --bad: #ff9086;
    --good-soft: #16352a; --warn-soft: #3b2d12; --bad-soft: #44201e; --plain-soft: #263140;
    --p50: #5fa9e8; --p95: #f0a93c; --p99: #ff8074; --rate: #7db1f7; --ok: #4fc287; --ko: #ff7a6e; --other: #b49cf0;
    --fault: rgba(255, 110, 90, 0.17); --recovery: rgba(240, 190, 90, 0.10); --fault-edge: #ff9d90;
    --heat-low: 33, 52, 80; --heat-high: 150, 200, 255;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { scroll-padding-top: 3.5rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
}
.masthead, .contents ul, main, footer { max-width: 76rem; margin-inline: auto; padding-inline: 1.25rem; }
.masthead { padding-block: 2rem 1.25rem; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { margin: 0 0 0.75rem; font-size: 1.25rem; line-height: 1.3; letter-spacing: -0.005em; }
h3 { margin: 1.5rem 0 0.5rem; font-size: 1rem; line-height: 1.4; }
h2 + h3, h3:first-child { margin-top: 0; }
p { margin: 0 0 0.75rem; max-width: 48rem; }
p:last-child { margin-bottom: 0; }
a { color: var(--accent); }
code, pre, .mono { font: 0.875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace; }
pre {
  margin: 0 0 0.75rem; padding: 0.75rem 1rem; overflow-x: auto; background: var(--ground);
  border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere;
}
ul.plain { margin: 0 0 0.75rem; padding: 0; list-style: none; }
.muted { color: var(--muted); }
.small { font-size: 0.875rem; }
.hidden {
  position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.skip { position: absolute; left: 1rem; top: -4rem; z-index: 3; padding: 0.5rem 1rem; background: var(--card); }
.skip:focus { top: 0.5rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.contents {
  position: sticky; top: 0; z-index: 2; background: var(--ground); border-block: 1px solid var(--line);
}
.contents ul {
  display: flex; gap: 0.25rem 1.25rem; margin-block: 0; padding-block: 0.5rem; list-style: none; overflow-x: auto;
  font-size: 0.9375rem; white-space: nowrap; scrollbar-width: thin;
}
.contents a { color: var(--muted); text-decoration: none; }
.contents a:hover { color: var(--accent); text-decoration: underline; }
main { padding-block: 1.25rem; display: grid; gap: 1.25rem; grid-template-columns: minmax(0, 1fr); }
section { padding: 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
footer { padding-block: 0.5rem 2rem; color: var(--muted); font-size: 0.875rem; }
.scroll { position: relative; overflow-x: auto; margin-bottom: 0.75rem; }
.scroll:last-child { margin-bottom: 0; }
table { width: 100%; border-collapse: collapse; font-size: 0.9375rem; }
caption { padding-bottom: 0.375rem; text-align: left; color: var(--muted); font-size: 0.875rem; }
th, td { padding: 0.375rem 0.625rem; text-align: left; vertical-align: top; unicode-bidi: isolate; }
th:first-child, td:first-child { padding-left: 0.25rem; }
thead th { color: var(--muted); font-size: 0.8125rem; font-weight: 600; white-space: nowrap; vertical-align: bottom; }
tbody th { font-weight: 500; overflow-wrap: anywhere; min-width: 9rem; }
tbody tr { border-top: 1px solid var(--line); }
tbody tr:hover { background: var(--hover); }
tr.sub { border-top-style: dotted; }
tr.sub th { padding-left: 1.5rem; font-weight: 400; color: var(--muted); }
tr.total th, tr.total td { font-weight: 650; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.warn { color: var(--warn); }
.badge {
  display: inline-block; padding: 0.05rem 0.55rem; border-radius: 1rem; font-size: 0.8125rem; font-weight: 600;
  white-space: nowrap; color: var(--ink); background: var(--plain-soft);
}
.badge.good { color: var(--good); background: var(--good-soft); }
.badge.warn { color: var(--warn); background: var(--warn-soft); }
.badge.bad { color: var(--bad); background: var(--bad-soft); }
.facts {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: 0.75rem 1.25rem; margin: 0 0 0.75rem;
}
.facts:last-child { margin-bottom: 0; }
.facts dt { color: var(--muted); font-size: 0.8125rem; }
.facts dd { margin: 0; font-size: 1.125rem; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
details > summary { cursor: pointer; color: var(--accent); font-size: 0.9375rem; }
details[open] > summary { margin-bottom: 0.5rem; }
@media (max-width: 40rem) {
  .masthead, .contents ul, main, footer { padding-inline: 0.875rem; }
  section { padding: 1rem 0.875rem; }
  h1 { font-size: 1.375rem; }
  table { font-size: 0.875rem; }
  tbody th { min-width: 7.5rem; }
}
@media print {
  body { background: #ffffff; font-size: 10pt; }
  .contents, .skip { display: none; }
  main { display: block; padding: 0; }
  section { border: 0; padding: 0.5rem 0 1rem; border-radius: 0; }
  .masthead, footer { padding-inline: 0; }
  h2, h3 { break-after: avoid; }
  tr, figure, .card { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
  table { font-size: 7.5pt; }
  th, td { padding: 2pt 4pt; }
  thead th { font-size: 7pt; }
  tbody th { min-width: 0; }
  .badge { font-size: 7pt; }
  .screen { display: none; }
  .badge { border: 1px solid currentColor; }
}
`;
