import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE_FILES, type RunPlan } from '@loads/core';
import { expect, test } from 'vitest';
import { ForeignProgram } from './foreign-program.ts';
import { NodeFiles } from './node-files.ts';

/** A program whose processes the test makes come and go; `clock` adds to the time. */
async function programWith(
  work: (part: {
    program: ForeignProgram;
    files: NodeFiles;
    pids: number[];
    signals: string[];
    clock: { addMs: number };
  }) => Promise<void>,
  plan: Partial<RunPlan> = {},
): Promise<void> {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-foreign-'));
  const files = new NodeFiles(dir.path);
  const [pids, signals, clock] = [[] as number[], [] as string[], { addMs: 0 }];
  const table = { others: () => pids, signal: (signal: NodeJS.Signals) => void signals.push(signal) };
  const now = (): number => performance.now() + clock.addMs;
  await using program = new ForeignProgram({ durationMs: 60_000, ...plan } as RunPlan, files, table, now);
  program.send({ type: 'start', atMs: now(), setup: undefined });
  await work({ program, files, pids, signals, clock });
}

test('it has ended when its exit code is told', async () => {
  await programWith(async ({ program, files }) => {
    await files.write(NODE_FILES.exit, { code: 3 });
    expect(await program.done).toMatchObject({ commandExit: 3, emitted: null });
  });
});

test('it has ended when its processes have gone, and nobody says how', async () => {
  await programWith(async ({ program, pids, clock }) => {
    pids.push(7);
    await new Promise((resolve) => setTimeout(resolve, 120));
    pids.length = 0;
    await new Promise((resolve) => setTimeout(resolve, 120));
    clock.addMs = 4000;
    expect((await program.done).commandExit).toBeUndefined();
  });
});

test("when its time is over it is told, then killed, then left to the namespace's end; that is no failure", async () => {
  await programWith(async ({ program, pids, signals, clock }) => {
    pids.push(7);
    await new Promise((resolve) => setTimeout(resolve, 120));
    clock.addMs = 60_000;
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(signals).toEqual(['SIGTERM']);
    clock.addMs = 66_000;
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(signals).toContain('SIGKILL');
    clock.addMs = 72_000;
    expect((await program.done).commandExit).toBe(0);
  });
});

test('one that never begins is lost', async () => {
  await programWith(async ({ program, clock }) => {
    clock.addMs = 61_000;
    await program.closed;
  });
});

test('a stop is passed on as a signal', async () => {
  await programWith(async ({ program, pids, signals }) => {
    pids.push(7);
    program.send({ type: 'stop', graceful: true });
    program.send({ type: 'stop', graceful: false });
    expect(signals).toEqual(['SIGTERM', 'SIGKILL']);
  });
});
