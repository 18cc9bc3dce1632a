import { basename } from 'node:path';
import { formatDuration } from '@loads/core';
import { loadText } from '../console/load-text.ts';
import { type Content, type Html, html } from '../page/html.ts';
import type { Section } from '../page/page.ts';
import { redactedPlan, withoutSecrets } from './redact.ts';
import { repeatCommand } from './repeat-command.ts';
import type { RunReport } from './run-report.ts';

/** What was run, so that it can be run again: the plan without secrets, the seed, versions, and the command. */
export function planSection(report: RunReport): Section {
  const { record, version } = report;
  const { plan, metadata, createdAt, launcher } = record;
  const { scenario } = plan;
  const git = metadata?.git;
  const rows: readonly (readonly [string, Content])[] = [
    ['Run', record.run],
    ['Scenario', scenario.kind === 'script' ? basename(scenario.file) : withoutSecrets(scenario.command.join(' '))],
    ['Target', plan.target === undefined ? undefined : withoutSecrets(plan.target)],
    ['Load', loadText(plan)],
    ['Recovery phase', plan.schedule.length > 0 && formatDuration(plan.recoveryMs)],
    ['Seed', String(plan.seed)],
    ['Nodes', `${plan.nodes}, on ${launcher}`],
    ['Begun', createdAt],
    ['Labels', record.labels && labelsText(record.labels)],
    ['Git', git && gitText(git)],
    ['Host', metadata && `${metadata.host.name}: ${metadata.host.system}, ${metadata.host.cpus} CPUs`],
    ['Versions', metadata && `loads ${metadata.versions.loads}, node ${metadata.versions.node}`],
    ['Report by', `loads ${version}`],
  ];
  return {
    id: 'plan',
    title: 'What was run',
    content: html`<dl class="pairs">${rows.map(([name, value]) => pair(name, value))}</dl>
<h3>To run it again</h3>
<pre><code>${repeatCommand(record)}</code></pre>
<details><summary>The plan, without secrets</summary>
<pre><code>${JSON.stringify(redactedPlan(plan), undefined, 2)}</code></pre>
</details>`,
  };
}

function pair(name: string, value: Content): Html | undefined {
  if (value === undefined || value === false || value === '') return undefined;
  return html`<dt>${name}</dt><dd>${value}</dd>`;
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

function gitText({
  revision,
  branch,
  dirty,
}: NonNullable<NonNullable<RunReport['record']['metadata']>['git']>): string {
  const at = revision === undefined ? 'no commit' : revision.slice(0, 12);
  return `${at}${branch === undefined ? '' : ` on ${branch}`}${dirty ? ', with changes' : ''}`;
}
