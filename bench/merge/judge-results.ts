import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { nodeResultFromJson, RunDigest, type RunPlan, summarize } from '@loads/core';

// Reads the results `1.json.gz` to `N.json.gz` of a folder, judges the run, and says what that took.
const [dir = '', nodes = '0'] = process.argv.slice(2);
const plan: RunPlan = {
  version: 1,
  name: 'merge',
  scenario: { kind: 'script', file: 'visit.ts' },
  nodes: Number(nodes),
  workers: Number(nodes),
  durationMs: 120_000,
  gracefulStopMs: 1000,
  recoveryMs: 1000,
  seed: 1,
  env: {},
  proxies: [],
  schedule: [],
  thresholds: [],
};

const begunMs = performance.now();
const digest = new RunDigest(plan);
for (let node = 1; node <= plan.nodes; node++) {
  const json: unknown = JSON.parse(gunzipSync(await readFile(join(dir, `${node}.json.gz`))).toString());
  digest.add({ node, result: nodeResultFromJson(json) });
}
const { total } = summarize(plan, digest, { run: 'r1', tolerateLostNodes: false, stopped: false });
const { user, system } = process.cpuUsage();
console.log(
  JSON.stringify({
    cpuMs: (user + system) / 1000,
    wallMs: performance.now() - begunMs,
    megabytes: process.resourceUsage().maxRSS / 1024,
    requests: total.ok,
  }),
);
