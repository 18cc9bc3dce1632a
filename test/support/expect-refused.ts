import { expect } from 'vitest';
import { runLoads } from './loads.ts';
import type { Workspace } from './workspace.ts';

/** A mistake of the user, and how `loads` answers it. */
export type Refusal = {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly exitCode: number;
  /** What stderr says; a text is contained in it. */
  readonly says: readonly (string | RegExp)[];
};

/** Expects that a mistake is told before anything happens: no stack, no process and no run folder. Gives stderr. */
export async function expectRefused(workspace: Workspace, { args, env, exitCode, says }: Refusal): Promise<string> {
  const refused = await runLoads(workspace, args, env);
  const { stdout, stderr } = refused;
  expect(refused.exitCode, stdout + stderr).toBe(exitCode);
  for (const text of says)
    expect(stderr).toEqual(typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text));
  expect(stderr).toMatch(/^error: /);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).not.toContain('bug');
  expect(stdout).toBe('');
  await workspace.quiet();
  expect(await workspace.runs()).toEqual([]);
  return stderr;
}
