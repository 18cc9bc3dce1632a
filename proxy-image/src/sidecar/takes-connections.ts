import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProxyAddress } from '../proxy/start-proxy.ts';

const WITHIN_MS = 1000;
const AGAIN_MS = 20;

/** Whether something takes a connection at an address within a second. It is closed at once. */
export async function takesConnections({ host, port }: ProxyAddress): Promise<boolean> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    if (await connects(host, port)) return true;
    if (performance.now() >= deadline) return false;
    await sleep(AGAIN_MS);
  }
}

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: WITHIN_MS });
    const end = (taken: boolean): void => {
      socket.destroy();
      resolve(taken);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
