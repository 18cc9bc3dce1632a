import { type ErrorGroup, requestLines, type Summary } from '@loads/core';
import { formatCount } from '../console/format.ts';
import { badge } from '../page/badge.ts';
import { type Html, html } from '../page/html.ts';
import type { Section } from '../page/page.ts';
import { table } from '../page/table.ts';
import { withoutSecrets } from './redact.ts';
import type { RunReport } from './run-report.ts';

/** The most characters of a text: a body is there to be recognised. */
const LONGEST = 4000;

/** What failed, by class, and the errors grouped by their message, each with one example: what was sent, and what came back. */
export function errorSection({ summary }: RunReport): Section {
  const { errors, failures } = summary;
  const place = { id: 'errors', title: 'Errors' };
  if (errors.length + failures.length === 0) return { ...place, content: html`<p>Nothing failed.</p>` };
  return {
    ...place,
    content: html`${failures.length > 0 && failureTable(summary)}
${errors.length > 0 && html`<h3>Grouped by message</h3>${errors.map(groupText)}`}`,
  };
}

function failureTable({ failures }: Summary): Html {
  return table({
    caption: 'Failed requests and iterations by class',
    columns: [{ title: 'Class' }, { title: 'Count', numeric: true }],
    rows: failures.map(({ failure, count }) => ({ cells: [failure, formatCount(count)] })),
  });
}

function groupText({ scenario, failure, message, count, stack, example }: ErrorGroup, i: number): Html {
  const request = example && requestLines(example).join('\n');
  const open = i === 0 && html` open`;
  return html`<details class="error"${open}>
<summary><span class="times">${formatCount(count)} ×</span> ${badge('plain', failure)} <span class="message">${firstLine(message)}</span>
<span class="muted">in ${scenario}</span></summary>
<pre>${cut(message)}</pre>
${request !== undefined && html`<p class="small muted">The request of the first one, and what came back</p><pre>${cut(request)}</pre>`}
${stack !== undefined && html`<p class="small muted">Where it was thrown</p><pre>${cut(framesOf(stack))}</pre>`}
</details>
`;
}

function firstLine(text: string): string {
  const [line = ''] = text.trimStart().split(/[\r\n]/, 1);
  return cut(line, 200);
}

/** What stands before the frames is the message once more. */
function framesOf(stack: string): string {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return frames.length === 0 ? stack : frames.map((line) => line.trim()).join('\n');
}

function cut(text: string, longest = LONGEST): string {
  const shown = withoutSecrets(text);
  return shown.length > longest ? `${shown.slice(0, longest)}…` : shown;
}
