import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { runLoads } from '../support/loads.ts';
import { startTarget } from '../support/target.ts';
import { Workspace } from '../support/workspace.ts';

/** A service whose proxy delays all requests, and breaks some for a while; `delay` and `broken` are what versions differ by. */
function config(target: string, delay: string, broken: number): string {
  return `
name: shop
scenario: ./visit.ts
target: ${target}
workers: 8
duration: 5s
recovery: 1s
seed: 7
proxies:
  web: { protocol: http, behavior: delay, sleep: ${delay} }
chaos:
  - { name: errors, at: 2s, for: 1500ms, proxy: web, behavior: "${broken}:error", code: 503 }
`;
}

type Compared = {
  readonly comparison: {
    readonly change: string;
    readonly separatedBy?: string;
    readonly unlike: readonly { readonly what: string; readonly load: boolean }[];
    readonly parts: readonly {
      readonly name?: string;
      readonly phase?: string;
      readonly fault?: string;
      readonly change: string;
      readonly figures: readonly {
        readonly figure: string;
        readonly change: string;
        readonly a: number;
        readonly b: number;
      }[];
    }[];
  };
};

test('a slower version under the same load is named worse, by phase and fault, and fails where that is wanted', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('visit.ts');
  await workspace.write('loads.yml', config(target.url, '20ms', 1));

  // The first version passes, and becomes the baseline.
  const first = await runLoads(workspace, ['run', '--label', 'version=1', '--label', 'tier=web']);
  expect(first.exitCode, first.stdout).toBe(0);
  const before = basename(await workspace.run());
  const record = JSON.parse(await readFile(join(await workspace.run(), 'run.json'), 'utf8')) as Record<string, unknown>;
  expect(record).toMatchObject({
    labels: { version: '1', tier: 'web' },
    metadata: { versions: { node: process.versions.node }, host: { cpus: expect.any(Number) } },
  });
  const saved = await runLoads(workspace, ['baseline', 'save']);
  expect(saved.exitCode, saved.stderr).toBe(0);
  const baseline = JSON.parse(await readFile(workspace.file('loads.baseline.json'), 'utf8')) as { run: string };
  expect(baseline.run).toBe(before);

  // The second one is three times as slow, and most of its requests fail under the fault.
  await workspace.write('loads.yml', config(target.url, '60ms', 80));
  const second = await runLoads(workspace, [
    ...['run', '--label', 'version=2', '--baseline', 'loads.baseline.json', '--fail-on-regression'],
  ]);
  expect(second.exitCode, second.stdout).toBe(99);
  expect((await workspace.summary()).outcome).toBe('passed');
  expect(second.stdout).toContain('errors separates them: ');
  expect(second.stdout).toMatch(/^WORSE {2}B against A: worse in /m);
  const after = basename(await workspace.run());

  // The same from the two runs, for programs.
  const compared = await runLoads(workspace, ['compare', before, after, '--json', '--fail-on-regression']);
  expect(compared.exitCode, compared.stderr).toBe(99);
  const { comparison } = JSON.parse(compared.stdout) as Compared;
  expect(comparison).toMatchObject({ change: 'worse', separatedBy: 'errors' });
  expect(comparison.unlike).toContainEqual(expect.objectContaining({ what: 'fault errors', load: true }));
  const steady = comparison.parts.find(({ name, phase }) => name === undefined && phase === 'steady');
  const p50 = steady?.figures.find(({ figure }) => figure === 'p50');
  expect(p50).toMatchObject({ change: 'worse' });
  expect(p50?.a).toBeGreaterThan(19);
  expect(p50?.b).toBeGreaterThan(59);
  const failures = comparison.parts
    .find(({ fault }) => fault === 'errors')
    ?.figures.find(({ figure }) => figure === 'failures');
  expect(failures).toMatchObject({ change: 'worse' });
  expect(failures?.b).toBeGreaterThan(0.5);

  // Turned round it is better, which is no failure. By failures alone: on a busy machine some duration is longer by chance.
  const back = await runLoads(workspace, [
    ...['compare', after, before, '--min-difference', '10s', '--fail-on-regression', '-o', 'pages/back.html'],
  ]);
  expect(back.exitCode, back.stderr).toBe(0);
  expect(back.stdout).toContain('better: better in ');
  expect(await readFile(workspace.file('pages/back.html'), 'utf8')).toContain('errors separates them');

  const trend = await runLoads(workspace, ['trend', '--format', 'markdown']);
  expect(trend.exitCode, trend.stderr).toBe(0);
  expect(trend.stdout.split('\n').filter((line) => line.startsWith('| 2'))).toHaveLength(2);
});

test('a baseline that cannot be read costs no run, and a run that did not pass becomes none', async () => {
  await using workspace = await Workspace.create('visit.ts');
  await workspace.write('loads.yml', 'scenario: ./visit.ts\ntarget: http://127.0.0.1:9\n');
  const absent = await runLoads(workspace, ['run', '--baseline', 'loads.baseline.json']);
  expect(absent.exitCode).toBe(104);
  expect(absent.stderr).toContain('there is no baseline loads.baseline.json');
  const nothing = await runLoads(workspace, ['run', '--fail-on-regression']);
  expect(nothing.exitCode).toBe(104);
  expect(nothing.stderr).toContain('there is nothing to compare the run with');
  const label = await runLoads(workspace, ['run', '--label', 'version']);
  expect(label.exitCode).toBe(104);
  expect(label.stderr).toContain("--label 'version' is no name=value");
  expect(await workspace.runs()).toEqual([]);
});
