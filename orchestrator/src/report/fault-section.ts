import {
  type FaultRow,
  formatAddress,
  type PlannedWindow,
  plannedWindows,
  type RunPlan,
  type ScheduleEntry,
  type Summary,
  type WeightedBehavior,
} from '@loads/core';
import { formatCount, formatMs, plural } from '../console/format.ts';
import { badge, type Tone } from '../page/badge.ts';
import { type Content, type Html, html } from '../page/html.ts';
import type { Section } from '../page/page.ts';
import { table } from '../page/table.ts';
import { redactedText } from './redact.ts';
import type { RunReport } from './run-report.ts';
import { clockText } from './time-text.ts';

/** A card for each fault: what was asked for, what was injected, what was observed, and how the service got over it. */
export function faultSection(report: RunReport): readonly Section[] {
  const { record, summary } = report;
  const scheduled = [...new Set(record.plan.schedule.map(({ name }) => name))];
  const others = [...new Set(summary.faults.map(({ fault }) => fault))].filter((name) => !scheduled.includes(name));
  if (scheduled.length + others.length === 0) return [];
  const cards = [...scheduled, ...others].map((name) => card(name, report));
  return [{ id: 'faults', title: 'Faults', content: html`<div class="cards">${cards}</div>` }];
}

function card(name: string, report: RunReport): Html {
  const { record, summary } = report;
  const entries = record.plan.schedule.filter((entry) => entry.name === name);
  const found = summary.recovery?.find(({ fault }) => fault === name);
  const effects = found?.windows.map(({ effect }) => effect) ?? [];
  const worst = EFFECTS.find(({ effect }) => effects.includes(effect));
  return html`<article class="card">
<h3>${name}${worst && html` ${badge(worst.tone, worst.text)}`}</h3>
<dl class="pairs">
<dt>Asked</dt><dd>${askedFor(entries, record.plan)}</dd>
<dt>Injected</dt><dd>${injected(
    summary.faults.filter(({ fault }) => fault === name),
    summary,
  )}</dd>
${found && html`<dt>Observed</dt><dd>${observed(found)}</dd>`}
${found && html`<dt>Recovery</dt><dd>${recovered(found)}</dd>`}
</dl>
${entries.length > 0 && windowTable(name, report)}
</article>
`;
}

type Recovery = NonNullable<Summary['recovery']>[number];
type Effect = Recovery['windows'][number]['effect'];

/** The worst first. */
const EFFECTS: readonly { readonly effect: Effect; readonly tone: Tone; readonly text: string }[] = [
  { effect: 'collapsed', tone: 'bad', text: 'service collapsed' },
  { effect: 'degraded', tone: 'warn', text: 'service degraded' },
  { effect: 'unknown', tone: 'plain', text: 'effect unknown' },
  { effect: 'none', tone: 'good', text: 'no effect' },
];

function askedFor(entries: readonly ScheduleEntry[], { proxies, remotes = [] }: RunPlan): Content {
  const [first] = entries;
  if (!first) return 'in force during the whole run';
  const proxy = proxies.find((one) => one.name === first.proxy);
  const remote = remotes.some((one) => one.name === first.proxy);
  const where = proxy ? ` (${proxy.protocol} to ${formatAddress(proxy.backend)})` : remote ? ' (elsewhere)' : '';
  const ramp = new Set(entries.map(({ step }) => step)).size > 1 ? ', as a ramp' : '';
  const windows = plannedWindows(entries).length;
  const times = windows > 1 ? `, ${windows} times` : '';
  const { scope, match, optional } = first;
  return html`${first.behaviors.map(behaviorText)} on proxy <strong>${first.proxy}</strong>${where}${ramp}${times}${
    scope && `, by ${scope}`
  }${match && html`, matching <code>${redactedText(match)}</code>`}${optional && ', optional'}`;
}

function behaviorText({ percent, behavior, options }: WeightedBehavior, i: number): Html {
  const said = Object.entries(options).filter(([, value]) => value !== undefined && value !== '' && value !== 0);
  const text = redactedText(Object.fromEntries(said));
  return html`${i > 0 && ', '}<strong>${percent} % ${behavior}</strong>${said.length > 0 && html` <code>${text}</code>`}`;
}

function injected(rows: readonly FaultRow[], { startedAtMs }: Summary): Content {
  if (rows.length === 0) return html`<span class="bad">nothing: it touched no connection</span>`;
  const lines = rows.map(({ behavior, proxy, protocol, count, first, last }) => {
    const at = (ms: number): string => (startedAtMs === undefined ? '' : ` at ${clockText((ms - startedAtMs) / 1000)}`);
    const ids =
      first && last
        ? html`<br><span class="small muted">first <code>${first.id}</code>${at(first.atMs)}, last <code>${last.id}</code>${at(last.atMs)}</span>`
        : '';
    return html`<li>${formatCount(count)} × ${behavior} on ${proxy} (${protocol})${ids}</li>`;
  });
  return html`<ul class="plain">${lines}</ul>`;
}

function observed({ requests, failed, failedBecause }: Recovery): Content {
  if (requests === 0) return 'no request met it';
  const because =
    failedBecause > 0 ? html`, <strong class="bad">${formatCount(failedBecause)} because of it</strong>` : '';
  return html`${plural(requests, 'request')} met it, ${formatCount(failed)} of them failed${because}`;
}

function recovered({ windows }: Recovery): Content {
  const unknown = windows.find(({ recoveryMs }) => recoveryMs === undefined);
  if (unknown) return html`<span class="bad">${unknown.reason ?? 'not known'}</span>`;
  const longest = Math.max(...windows.map(({ recoveryMs = 0 }) => recoveryMs));
  if (windows.every(({ effect }) => effect === 'none')) return 'nothing to recover from';
  return longest === 0 ? 'at once' : `${windows.length > 1 ? 'at most ' : ''}${formatMs(longest)} after its end`;
}

/** Each window: as planned, as it was, and what came of it. */
function windowTable(name: string, { record, summary, timeline }: RunReport): Html {
  const judged = summary.recovery?.find(({ fault }) => fault === name)?.windows ?? [];
  const rows = plannedWindows(record.plan.schedule.filter((entry) => entry.name === name)).map((planned) => {
    const seen = timeline?.windows.find((one) => one.fault === name && one.plannedMs === planned.atMs);
    const fromMs = seen?.fromMs ?? planned.atMs;
    const window = judged.find((one) => Math.abs(one.fromMs - fromMs) < 1);
    const was = seen
      ? `${clockText(seen.fromMs / 1000)} to ${seen.toMs === null ? '?' : clockText(seen.toMs / 1000)}`
      : '-';
    return {
      cells: [
        span(planned),
        was,
        window?.effect ?? '-',
        window?.detectionMs === undefined ? '-' : formatMs(window.detectionMs),
        window?.recoveryMs === undefined ? '-' : recoveryText(window.recoveryMs),
      ],
    };
  });
  const columns = ['Was', 'Effect', 'Seen after', 'Recovered in'].map((title) => ({ title, numeric: true }));
  return table({ caption: `Windows of ${name}`, quiet: true, columns: [{ title: 'Planned' }, ...columns], rows });
}

function recoveryText(ms: number): string {
  return ms === 0 ? 'at once' : formatMs(ms);
}

function span({ atMs, forMs }: PlannedWindow): string {
  return `${clockText(atMs / 1000)} to ${clockText((atMs + forMs) / 1000)}`;
}
