import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { identify, isAlive, killGroup } from './process-identity.ts';

/** A shell of its own process group, with what it printed first. */
async function shell(script: string): Promise<{ child: ChildProcess; pid: number; line: string }> {
  const child = spawn('sh', ['-c', script], { detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  onTestFinished(() => {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // The test has ended it.
    }
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, pid, line };
}

test('a process is alive until it has ended', async () => {
  const { child, pid } = await shell('echo ready; read _');
  const identity = await identify(pid);
  expect(identity).toEqual({
    pid,
    startedAt: expect.stringMatching(/^\d+$/),
    boot: expect.stringMatching(/^[\da-f-]+$/),
  });
  expect(await isAlive(identity)).toBe(true);
  child.stdin?.end();
  await once(child, 'exit');
  expect(await isAlive(identity)).toBe(false);
});

test('a process with parentheses and spaces in its name has an identity', async () => {
  const { child, pid } = await shell("printf ') S 1 (' > /proc/$$/comm; echo ready; read _");
  expect(await readFile(`/proc/${pid}/comm`, 'utf8')).toBe(') S 1 (\n');
  const identity = await identify(pid);
  expect(identity.startedAt).toMatch(/^\d{2,}$/);
  expect(await isAlive(identity)).toBe(true);
  child.stdin?.end();
});

test('a zombie is not alive', async () => {
  // The shell becomes a program that does not wait for its children, so the one that ends stays a zombie.
  const { line } = await shell('sleep 0.2 & echo $!; exec sleep 60');
  const zombie = await identify(Number(line));
  await expect.poll(() => readFile(`/proc/${line}/stat`, 'utf8'), { timeout: 10_000 }).toMatch(/ Z /);
  expect(await isAlive(zombie)).toBe(false);
});

test.each([
  ['started at another time', { startedAt: '1' }],
  ['lived before a reboot', { boot: 'another' }],
])('a process that %s is another one: it is not alive, and nobody is killed', async (_, difference) => {
  const { child, pid } = await shell('echo ready; read _');
  const identity = await identify(pid);
  const former = { ...identity, ...difference };
  expect(await isAlive(former)).toBe(false);
  await killGroup(former);
  expect(await isAlive(identity)).toBe(true);
  child.stdin?.end();
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  expect(code === null ? signal : 'ended by itself').toBe('ended by itself');
});

test('a group is killed whole, also when its leader has ended', async () => {
  const { child, pid, line } = await shell('sleep 60 & echo $!; read _');
  const leader = await identify(pid);
  const member = await identify(Number(line));
  child.stdin?.end();
  await once(child, 'exit');
  expect([await isAlive(leader), await isAlive(member)]).toEqual([false, true]);
  await killGroup(leader);
  await expect.poll(() => isAlive(member), { timeout: 10_000 }).toBe(false);
});

test('a group that is gone can be killed again', async () => {
  const { child, pid } = await shell('echo ready; read _');
  const identity = await identify(pid);
  await killGroup(identity);
  await once(child, 'exit');
  await killGroup(identity);
  expect(await isAlive(identity)).toBe(false);
});
