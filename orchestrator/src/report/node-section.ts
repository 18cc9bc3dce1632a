import { lostSamples, type NodeState, type PointAccounting, type Summary } from '@loads/core';
import { formatCount, formatMegabytes, formatMs, formatRatio } from '../console/format.ts';
import { badge } from '../page/badge.ts';
import { type Content, type Html, html } from '../page/html.ts';
import type { Section } from '../page/page.ts';
import { table } from '../page/table.ts';
import { chart } from './chart.ts';
import type { ReportData } from './report-data.ts';
import type { RunReport } from './run-report.ts';

/** How the nodes and the load generator were: whether the figures can be trusted. */
export function nodeSection({ summary, nodes }: RunReport, data: ReportData | undefined): Section {
  const { nodeRows, accounting, lost, startSkewMs } = summary;
  const skew = startSkewMs === undefined ? '' : ` The nodes started within ${formatMs(startSkewMs)}.`;
  return {
    id: 'nodes',
    title: 'Nodes and generator',
    content: html`${nodeTable(nodeRows, nodes)}
<p class="${lost === 0 ? '' : 'bad'}">${samplesText(accounting, lost)}${skew}</p>
${accounting.points && pointsText(accounting.points)}
${
  data &&
  chart({
    id: 'generator',
    title: 'Generator',
    text: 'CPU of the scenario process of the busiest node (100 % is a core), and p99 of how late event loops were, of the worst node. A generator that is late measures itself.',
  })
}`,
  };
}

function nodeTable(rows: Summary['nodeRows'], nodes: readonly NodeState[]): Html {
  const titles = ['Started after', 'CPU', 'Memory', 'Loop lag p99', 'Samples', 'Lost', 'Interrupted'];
  return table({
    caption: 'Each node: a scenario process and its sidecar',
    columns: [{ title: 'Node' }, { title: 'State' }, ...titles.map((title) => ({ title, numeric: true }))],
    rows: rows.map((row) => {
      const { node, startSkewMs, cpu, memoryBytes, loopLagP99Ms, accounting } = row;
      const result = nodes.find((one) => one.node === node)?.result;
      const missing = accounting && lostSamples(accounting);
      return {
        cells: [
          `node ${node}`,
          stateCell(row),
          startSkewMs === undefined ? '-' : formatMs(startSkewMs),
          cpu === undefined ? '-' : formatRatio(cpu),
          memoryBytes === undefined ? '-' : formatMegabytes(memoryBytes),
          loopLagP99Ms === undefined ? '-' : formatMs(loopLagP99Ms),
          accounting ? formatCount(accounting.stored) : '-',
          accounting ? (missing === undefined ? 'do not add up' : formatCount(missing)) : '-',
          result ? formatCount(result.interrupted) : '-',
        ],
      };
    }),
  });
}

function stateCell({ state, lost, commandExit }: Summary['nodeRows'][number]): Content {
  const exit = commandExit === undefined ? '' : html` <span class="muted">exit code ${commandExit}</span>`;
  if (state === 'done') return html`${badge('good', 'done')}${exit}`;
  return html`${badge('bad', 'lost')} ${lost}${exit}`;
}

function samplesText(
  { emitted, received, stored, rejected, kernelDrops }: Summary['accounting'],
  lost: number | null,
): string {
  const from =
    emitted === null ? `${formatCount(received)} samples received` : `${formatCount(emitted)} samples emitted`;
  const refused = rejected > 0 ? `, ${formatCount(rejected)} rejected` : '';
  const drops = kernelDrops > 0 ? `, ${formatCount(kernelDrops)} datagrams dropped by the kernel` : '';
  const end = lost === null ? 'the accounts do not add up' : lost === 0 ? 'none lost' : `${formatCount(lost)} lost`;
  return `${from}, ${formatCount(stored)} stored${refused}${drops}: ${end}.`;
}

function pointsText({ written, spooled, dropped, problem }: PointAccounting): Html {
  const missing = spooled + dropped > 0;
  return html`<p class="${missing ? 'bad' : ''}">Points for the database: ${formatCount(written)} written, ${formatCount(spooled)} spooled,
${formatCount(dropped)} dropped.${problem !== undefined && ` ${problem}`}</p>`;
}
