import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { runLoads } from '../support/loads.ts';
import { Workspace } from '../support/workspace.ts';

const docs = await readFile(join(import.meta.dirname, '../../docs/ci.md'), 'utf8');
const [github = '', gitlab = ''] = [...docs.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text);

type GithubStep = { readonly run?: string; readonly uses?: string };
type Github = { readonly jobs: Readonly<Record<string, { readonly steps: readonly GithubStep[] }>> };
type GitlabJob = Readonly<Record<'before_script' | 'script' | 'after_script', readonly string[]>> & {
  readonly artifacts: { readonly paths: readonly string[]; readonly reports: { readonly junit: string } };
};

/** What a shell would run of the steps, in their order. */
function commandsOf(lines: readonly string[]): readonly (readonly string[])[] {
  return lines.map((line) => line.trim().split(/\s+/)).filter(([npx, loads]) => npx === 'npx' && loads === 'loads');
}

const fromGithub = commandsOf(
  Object.values((parse(github) as Github).jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? [])),
);
const job = (parse(gitlab) as { readonly load: GitlabJob }).load;
const fromGitlab = commandsOf([...job.before_script, ...job.script, ...job.after_script]);
const inText = commandsOf([...docs.matchAll(/`(npx loads [^`]+)`/g)].flatMap(([, command]) => command ?? []));

test('the examples check, run and keep', () => {
  expect(fromGithub.map(([, , command]) => command)).toEqual(['check', 'run']);
  expect(fromGitlab.map(([, , command]) => command)).toEqual(['check', 'run', 'export', 'ps']);
  const steps = Object.values((parse(github) as Github).jobs).flatMap(({ steps: all }) => all);
  for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^actions\/[\w-]+@v\d+$/);
  expect(job.artifacts.paths).toContain('.loads/runs');
  expect(job.script.join(' ')).toContain(`--out junit=${job.artifacts.reports.junit}`);
});

test('every command of the examples is one that loads takes, on a run that was made by them', async () => {
  await using workspace = await Workspace.create();
  await workspace.write(
    'wait.ts',
    `import { scenario } from '@loads/node';\nscenario('wait', ({ sleep }) => sleep(50));`,
  );
  await workspace.write('loads.yml', 'scenario: ./wait.ts\niterations: 3\n');
  const step = workspace.file('step.md');
  for (const [, , ...args] of [...fromGithub, ...fromGitlab, ...inText]) {
    const given = args.map((arg) => arg.replace('$GITHUB_STEP_SUMMARY', step));
    const { exitCode, stdout, stderr } = await runLoads(workspace, given, { GITHUB_STEP_SUMMARY: step });
    expect(exitCode, `${given.join(' ')}\n${stdout}${stderr}`).toBe(0);
  }
  expect(await readFile(step, 'utf8')).toContain('PASSED wait');
  expect(await readFile(workspace.file(job.artifacts.reports.junit), 'utf8')).toContain('<testsuites ');
});

test('the variables of the examples are ones that loads reads', async () => {
  const cli = await readFile(join(import.meta.dirname, '../../docs/cli.md'), 'utf8');
  const names = new Set([...`${github}${gitlab}`.matchAll(/LOADS_\w+/g)].map(([name]) => name));
  expect(names.size).toBeGreaterThan(2);
  for (const name of names) expect(cli).toContain(`| \`${name}\` |`);
});
