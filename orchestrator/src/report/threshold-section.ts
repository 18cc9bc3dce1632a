import { measuredText } from '../console/measured-text.ts';
import { badge } from '../page/badge.ts';
import { type Html, html } from '../page/html.ts';
import type { Section } from '../page/page.ts';
import { table } from '../page/table.ts';
import type { RunReport } from './run-report.ts';

/** What had to hold, and whether it did. */
export function thresholdSection({ summary }: RunReport): Section {
  return { id: 'thresholds', title: 'Thresholds', content: content(summary) };
}

function content({ thresholds, outcome, aborted }: RunReport['summary']): Html {
  if (thresholds.length === 0)
    return html`<p>The run had no thresholds: nothing said what “it holds” means. See <code>thresholds</code> in the configuration.</p>`;
  const rows = thresholds.map((one) => {
    const { metric, expression, ok } = one;
    const ended = aborted?.metric === metric && aborted.expression === expression && ' It ended the run.';
    return {
      cells: [
        html`<code>${metric}</code>`,
        badge(ok ? 'good' : 'bad', ok ? '✓ holds' : '✗ does not hold'),
        html`${measuredText(one)}${ended}`,
        html`<code>${expression}</code>`,
      ],
    };
  });
  const unjudged = outcome === 'invalid' || outcome === 'stopped';
  return html`${unjudged && html`<p>The run was not judged: what is shown here does not count.</p>`}
${table({
  caption: 'Thresholds over all nodes, with what was measured',
  columns: [{ title: 'Metric' }, { title: 'Verdict' }, { title: 'Was' }, { title: 'Has to be' }],
  rows,
})}`;
}
