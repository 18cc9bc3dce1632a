import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A proxy in a process of its own, to be measured from outside. */
export type RunningSubject = AsyncDisposable & { readonly pid: number; readonly port: number };

/** Something that stands between client and server. `dir` is for its files. */
export type Subject = { readonly name: string; start(backendPort: number, dir: string): Promise<RunningSubject> };

/** A program of ours that forwards to the port that it is given, and sends the port on which it listens. */
function nodeProxy(name: string, file: string, ...args: readonly string[]): Subject {
  return {
    name,
    async start(backendPort) {
      const child = fork(join(import.meta.dirname, file), [String(backendPort), ...args]);
      const gone = once(child, 'exit').then(() => {
        throw new Error(`${name} ended before it listened`);
      });
      const [port] = (await Promise.race([once(child, 'message'), gone])) as [number];
      return { pid: child.pid ?? 0, port, [Symbol.asyncDispose]: () => end(child) };
    },
  };
}

export const barePipe: Subject = nodeProxy('bare a.pipe(b)', 'bare-pipe.ts');
export const vaurienTcp: Subject = nodeProxy('vaurien tcp', 'vaurien.ts', 'tcp');
/** With a rule in force that draws for every request and hits none. */
export const vaurienHttp: Subject = nodeProxy('vaurien http, armed at 0 %', 'vaurien.ts', 'http');

/** Debian's HAProxy in TCP mode, one thread. */
export const haproxy: Subject = {
  name: 'haproxy tcp',
  async start(backendPort, dir) {
    const port = await freePort();
    const config = join(dir, 'haproxy.cfg');
    await writeFile(
      config,
      [
        'global',
        '  nbthread 1',
        '  maxconn 8000',
        'defaults',
        '  mode tcp',
        '  timeout connect 5s',
        '  timeout client 1h',
        '  timeout server 1h',
        'listen proxy',
        `  bind 127.0.0.1:${port}`,
        `  server backend 127.0.0.1:${backendPort}`,
        '',
      ].join('\n'),
    );
    const child = spawn('haproxy', ['-f', config, '-db'], { stdio: 'ignore' });
    await once(child, 'spawn');
    await untilListening(port);
    return { pid: child.pid ?? 0, port, [Symbol.asyncDispose]: () => end(child) };
  },
};

/** A port of the loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** Waits until somebody listens there, at most 10 s. */
export async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const socket = connect(port, '127.0.0.1');
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
    await sleep(50);
  }
  throw new Error(`nobody listens on port ${port}`);
}

/** Ends a child process, and waits until it has. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
