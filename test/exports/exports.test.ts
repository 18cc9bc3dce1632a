import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { summarySchema } from '@loads/core';
import { parse } from 'csv-parse/sync';
import { HistogramLogReader } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import { runLoads } from '../support/loads.ts';
import { startTarget } from '../support/target.ts';
import { Workspace } from '../support/workspace.ts';

/** Reads an XML file with a parser that takes nothing that is not well-formed, and gives the attributes of its root. */
function readXml(path: string): Readonly<Record<string, string>> {
  const program =
    'import json, sys, xml.etree.ElementTree as x; print(json.dumps(x.parse(sys.argv[1]).getroot().attrib))';
  const { status, stdout, stderr } = spawnSync('python3', ['-c', program, path], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, string>;
}

test('a run leaves what CI asks for, and whoever comes later gets the same', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('visit.ts');
  await workspace.write(
    'loads.yml',
    `
scenario: ./visit.ts
target: ${target.url}
nodes: 2
workers: 4
duration: 2s
thresholds:
  http_req_failed: rate<0.01
  checks: rate>0.9
  http_reqs: count<1
`,
  );
  await workspace.write('step.md', '# before\n');
  const step = workspace.file('step.md');
  const outs = ['junit=ci/junit.xml', `markdown=${step}`, 'json=ci/summary.json'].flatMap((out) => ['--out', out]);
  const { exitCode, stdout, stderr } = await runLoads(workspace, ['run', ...outs], { GITHUB_STEP_SUMMARY: step });
  expect(exitCode, stdout + stderr).toBe(99);

  expect(readXml(workspace.file('ci/junit.xml'))).toMatchObject({ name: 'loads visit', failures: '1', errors: '0' });
  expect(await readFile(step, 'utf8')).toMatch(/^# before\n## ❌ FAILED visit\n[\s\S]*\| ❌ \| `http_reqs` \|/);
  const summary = summarySchema.parse(JSON.parse(await readFile(workspace.file('ci/summary.json'), 'utf8')));
  expect(summary).toEqual(await workspace.summary());

  for (const [format, file] of Object.entries({ junit: 'ci/junit.xml', json: 'ci/summary.json' })) {
    const exported = await runLoads(workspace, ['export', '--format', format]);
    expect(exported.stdout, exported.stderr).toBe(await readFile(workspace.file(file), 'utf8'));
  }

  // What is in these comes from the result files of both nodes, and adds up to the requests of the service.
  const { total: requests } = await target.stats();
  const hlog = await runLoads(workspace, ['export', '-f', 'hlog', '-o', 'deep/er/latencies.hlog']);
  expect(hlog.exitCode, hlog.stderr).toBe(0);
  const reader = new HistogramLogReader(await readFile(workspace.file('deep/er/latencies.hlog'), 'utf8'), 64);
  const counts = new Map<string, number>();
  for (let one = reader.nextIntervalHistogram(); one; one = reader.nextIntervalHistogram()) {
    const tag = one.tag === 'NO TAG' || one.tag === '' ? 'over time' : one.tag;
    counts.set(tag, (counts.get(tag) ?? 0) + one.totalCount);
  }
  expect([counts.get('(all)'), counts.get('over time')]).toEqual([requests, requests]);
  expect(counts.get('GET_/items')).toBeGreaterThan(0);

  const csv = await runLoads(workspace, ['export', '-f', 'csv']);
  const rows = parse(csv.stdout, { columns: true }) as Readonly<Record<string, string>>[];
  const sum = rows.filter(({ name }) => name === '(all)').reduce((all, row) => all + Number(row.requests), 0);
  expect(sum).toBe(requests);
});

test('what --out cannot do is said before anything runs', async () => {
  await using workspace = await Workspace.create('visit.ts');
  await workspace.write('file', '');
  for (const [out, says] of [
    ['junti=x.xml', /did you mean 'junit'/],
    ['markdown=', /--out markdown has no file/],
    ['junit=file/x.xml', /file\/x\.xml cannot be written/],
  ] as const) {
    const { exitCode, stderr } = await runLoads(workspace, [
      'run',
      'visit.ts',
      '-t',
      'http://127.0.0.1:9',
      '--out',
      out,
    ]);
    expect(exitCode, stderr).toBe(104);
    expect(stderr).toMatch(says);
  }
  expect(await workspace.runs()).toEqual([]);
});
