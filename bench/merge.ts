import { spawnSync } from 'node:child_process';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeResults } from './merge/simulated-nodes.ts';

// `npm run bench:merge`: what it takes to judge a run from the result files of many nodes. They are simulated; what reads,
// merges and judges them is a process of its own on one core, as the orchestrator does it.
const MOST_SECONDS = 10;
const MOST_MEGABYTES = 500;

const { values: flags } = parseArgs({
  options: { nodes: { type: 'string', default: '1000' }, seconds: { type: 'string', default: '120' } },
});
const [nodes, seconds] = [Number(flags.nodes), Number(flags.seconds)];

await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-merge-'));
const { series, bytes } = await writeResults(dir.path, { nodes, seconds });
console.log(
  `${nodes} nodes with ${series} series and ${seconds} s of timeline each, ${(bytes / 1e6).toFixed(1)} MB compressed`,
);

const judge = join(import.meta.dirname, 'merge/judge-results.ts');
const { stdout, status } = spawnSync('taskset', ['-c', '1', process.execPath, judge, dir.path, String(nodes)], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
if (status !== 0) throw new Error(`the judge ended with ${status}`);
const { cpuMs, wallMs, megabytes, requests } = JSON.parse(stdout) as Record<string, number>;
const [took, memory] = [(cpuMs ?? 0) / 1000, megabytes ?? 0];
console.log(
  `judged ${requests} requests in ${took.toFixed(1)} s of CPU (${((wallMs ?? 0) / 1000).toFixed(1)} s), ${Math.round(memory)} MB at most`,
);
console.log(
  `to reach: ${MOST_SECONDS} s and ${MOST_MEGABYTES} MB: ${took <= MOST_SECONDS && memory <= MOST_MEGABYTES ? 'reached' : 'NOT reached'}`,
);
