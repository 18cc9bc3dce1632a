import { hostname } from 'node:os';
import { identify, isAlive } from '../process-identity.ts';

/** Names this process so that others can tell whether it lives: `host/pid/start/boot`. */
export async function ownerLabel(): Promise<string> {
  const { pid, startedAt = '', boot = '' } = await identify(process.pid);
  return [hostname(), pid, startedAt, boot].join('/');
}

/** Whether the process of a label lives; undefined when it is one of another machine. */
export async function ownerLives(label: string): Promise<boolean | undefined> {
  const [host, pid, startedAt = '', boot = ''] = label.split('/');
  if (host !== hostname()) return undefined;
  return await isAlive({ pid: Number(pid), startedAt: startedAt || undefined, boot: boot || undefined });
}
