import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs a command on a machine that stands still for a moment every few seconds, as shared ones do: what it and all that it
 * starts do is frozen for 0.3 to 1.2 s, by a control group of Linux, for which it has to be root. A test that does not hold
 * here races its machine. Usage: `node test/standstill.ts npx vitest run --project system`.
 */
async function main([command, ...args]: readonly string[]): Promise<number> {
  if (command === undefined) throw new Error('usage: node test/standstill.ts COMMAND [ARGUMENT...]');
  using group = freezer();
  // It joins the group before it becomes the command, so that nothing of it stays outside.
  const joining = `echo $$ > '${group.processes}' && exec "$0" "$@"`;
  const child = spawn('sh', ['-c', joining, command, ...args], { stdio: 'inherit' });
  const ended = once(child, 'exit');
  // Who ends it while all is frozen must not leave it so.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  while (child.exitCode === null && child.signalCode === null) {
    await Promise.race([ended, sleep(6000 + 8000 * Math.random())]);
    group.freeze(true);
    await sleep([300, 700, 1200][Math.floor(3 * Math.random())]);
    group.freeze(false);
  }
  return child.exitCode ?? 128 + (child.signalCode ? constants.signals[child.signalCode] : 0);
}

type Freezer = Disposable & { readonly processes: string; freeze(frozen: boolean): void };

/** A control group, of the second version where there is that. */
function freezer(): Freezer {
  const unified = existsSync('/sys/fs/cgroup/cgroup.controllers');
  const path = join(unified ? '/sys/fs/cgroup' : '/sys/fs/cgroup/freezer', `standstill-${process.pid}`);
  mkdirSync(path);
  const freeze = (frozen: boolean): void => {
    if (unified) writeFileSync(join(path, 'cgroup.freeze'), frozen ? '1' : '0');
    else writeFileSync(join(path, 'freezer.state'), frozen ? 'FROZEN' : 'THAWED');
  };
  return { processes: join(path, 'cgroup.procs'), freeze, [Symbol.dispose]: () => rmdirSync(path) };
}

process.exitCode = await main(process.argv.slice(2));
