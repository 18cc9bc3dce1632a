import {
  formatDuration,
  formatRate,
  type LoadGroup,
  ladderOf,
  type NodeShare,
  nodeShare,
  type Profile,
  type RunPlan,
  type SizingPlan,
} from '@loads/core';
import { formatCount, formatRatio, plural } from './format.ts';

/** How the load of a run is made, and what every node does of it: one line. */
export function loadText(plan: RunPlan): string {
  const { scenario, nodes, processes = 1, durationMs, load, workers } = plan;
  if (plan.healthCheck) return `none: ${plural(nodes, 'node')} to see what they reach`;
  if (scenario.kind === 'command') {
    const until = durationMs === null ? 'until the command ends' : `for ${formatDuration(durationMs)}`;
    const { perWorker } = scenario;
    if (!perWorker) return `${plural(nodes, 'node')} ${until}`;
    const cycles = perWorker.cycles ?? [{ workers, hits: perWorker.hits }];
    const each = cycles.map((one) => {
      return plural(one.workers, 'worker') + (one.hits === undefined ? '' : ` of ${plural(one.hits, 'hit')}`);
    });
    const ramp = perWorker.rampUpMs === 0 ? '' : ` begun in ${formatDuration(perWorker.rampUpMs)}`;
    return `a program for each of ${each.join(', then of ')}${ramp} on ${plural(nodes, 'node')} ${until}`;
  }
  if (plan.sizing) return sizingText(plan, plan.sizing);
  const whole = load
    ? load.map(groupText).join('; ')
    : `${plural(plan.each ? workers / nodes : workers, 'worker')} for ${formatDuration(durationMs ?? 0)}`;
  const by = processes > 1 ? ` of ${processes} processes` : '';
  if (plan.each) return `${whole}, on each of ${plural(nodes, 'node')}${by}`;
  const on = load
    ? `${whole}, on ${plural(nodes, 'node')}`
    : whole.replace(' for ', ` on ${plural(nodes, 'node')}${by} for `);
  return `${load ? `${on}${by}` : on}${nodes === 1 ? '' : ` (${sharesText(plan)})`}`;
}

/** The highest load that a sizing tries, and how. */
function sizingText(plan: RunPlan, { tolerance }: SizingPlan): string {
  const { ceiling, nameOf } = ladderOf(plan);
  const on =
    plan.nodes === 1
      ? ''
      : plan.each
        ? ` on each of ${plan.nodes} nodes`
        : `, on ${plan.nodes} nodes (${sharesText(plan)})`;
  const trials = `in trials of ${formatDuration(plan.durationMs ?? 0)}`;
  return `sizing up to ${nameOf(ceiling)}${on}, ${trials}, failures up to ${formatRatio(tolerance)}`;
}

/** What every node does: nodes that do the same are named together. */
function sharesText(plan: RunPlan): string {
  const texts = Array.from({ length: plan.nodes }, (_, i) => shareText(nodeShare(plan, i + 1)));
  const groups: { text: string; from: number; to: number }[] = [];
  for (const [i, text] of texts.entries()) {
    const last = groups.at(-1);
    if (last?.text === text) last.to = i + 1;
    else groups.push({ text, from: i + 1, to: i + 1 });
  }
  const [only] = groups;
  if (only && groups.length === 1) return `${only.text} on each`;
  const shown = groups.length > 3 ? groups.slice(0, 2) : groups;
  const named = shown.map(({ text, from, to }) => `${text} on ${from === to ? `node ${from}` : `nodes ${from}-${to}`}`);
  return [...named, ...(shown.length < groups.length ? ['...'] : [])].join(', ');
}

function shareText({ workers, iterations, arrivals, peakRate = 0 }: NodeShare): string {
  const parts: string[] = [];
  if (iterations !== undefined) parts.push(plural(iterations, 'iteration'));
  if (arrivals !== undefined) parts.push(formatRate(peakRate));
  if (workers > 0 || parts.length === 0) parts.push(plural(workers, 'worker'));
  return parts.join(' and ');
}

/** One group: `read: 100/s for 1m from 10s`. */
function groupText({ scenario, atMs, durationMs, model }: LoadGroup): string {
  const name = scenario === undefined ? '' : `${scenario}: `;
  const from = atMs === 0 ? '' : ` from ${formatDuration(atMs)}`;
  const limit = durationMs === null ? '' : ` in at most ${formatDuration(durationMs)}`;
  switch (model.kind) {
    case 'workers':
      return `${name}${profileText(model.profile, (value) => plural(value, 'worker'))}${from}`;
    case 'arrivals': {
      const random = model.spacing === 'poisson' ? ' (Poisson)' : '';
      const most = ` by at most ${plural(model.maxWorkers, 'worker')}`;
      return `${name}${profileText(model.profile, formatRate)}${random}${most}${from}`;
    }
    case 'iterations':
      return `${name}${plural(model.iterations, 'iteration')} by ${plural(model.workers, 'worker')}${limit}${from}`;
    case 'hits': {
      const rounds = model.rounds.map(({ workers, hits }) => `${plural(workers, 'worker')} x ${formatCount(hits)}`);
      return `${name}${rounds.join(', ')} iterations${limit}${from}`;
    }
    case 'once':
      return `${name}every scenario once${model.workers > 1 ? ` in each of ${plural(model.workers, 'worker')}` : ''}`;
  }
}

/** A course in words: `0 to 50 workers in 30s, 50 workers for 2m`. */
function profileText(profile: Profile, text: (value: number) => string): string {
  const parts = profile.map(({ forMs, from, to }) =>
    from === to
      ? `${text(to)} for ${formatDuration(forMs)}`
      : `${formatCount(from)} to ${text(to)} in ${formatDuration(forMs)}`,
  );
  const shown = parts.length > 4 ? [...parts.slice(0, 3), `... (${parts.length} stages)`] : parts;
  return shown.join(', ');
}
