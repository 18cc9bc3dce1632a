import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Resident memory of a process, bytes (Linux). */
export function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1024;
}

/** What one idle connection costs a proxy, bytes: each has made one request, and is kept open. */
export async function bytesPerConnection(pid: number, port: number, connections: number): Promise<number> {
  const before = residentBytes(pid);
  const sockets: Socket[] = [];
  for (let i = 0; i < connections; i += 100) {
    sockets.push(...(await Promise.all(Array.from({ length: Math.min(100, connections - i) }, () => greet(port)))));
  }
  await sleep(1000);
  const after = residentBytes(pid);
  for (const socket of sockets) socket.destroy();
  return (after - before) / connections;
}

/** Resident memory, MiB, at the end of every tenth of a time in which connections come, ask once and go. */
export async function churn(pid: number, port: number, perSecond: number, seconds: number): Promise<readonly number[]> {
  const samples: number[] = [];
  const startMs = performance.now();
  let opened = 0;
  while (performance.now() - startMs < seconds * 1000) {
    const due = Math.floor(((performance.now() - startMs) / 1000) * perSecond);
    const batch = Math.min(50, due - opened);
    await Promise.all(Array.from({ length: batch }, () => greet(port).then((socket) => socket.destroy())));
    opened += batch;
    if (batch === 0) await sleep(1);
    if (performance.now() - startMs >= ((samples.length + 1) * seconds * 1000) / 10)
      samples.push(residentBytes(pid) / 1024 ** 2);
  }
  return samples;
}

/** Opens a connection and makes one request on it. */
function greet(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', reject);
    socket.once('data', () => resolve(socket));
    socket.write('GET / HTTP/1.1\r\nHost: bench\r\n\r\n');
  });
}
