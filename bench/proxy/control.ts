import { fork } from 'node:child_process';
import { join } from 'node:path';
import { VaurienClient } from '@loads/vaurien';
import { CLIENT_CORE, pin } from '../node/pin.ts';
import { end, freePort, untilListening } from './subject.ts';
import { wrk } from './wrk.ts';

const VAURIEN = join(import.meta.dirname, '../../proxy-image/bin/vaurien.js');
const CHANGES = 300;

/** How long setting and removing faults takes while a proxy is under full load: p99 of 300 changes, ms. */
export async function controlUnderLoad(backendPort: number, connections: number, seconds: number): Promise<number> {
  const [port, control] = [await freePort(), await freePort()];
  const proxy = [`--proxy=127.0.0.1:${port}`, `--backend=127.0.0.1:${backendPort}`, '--protocol=http'];
  const child = fork(VAURIEN, [...proxy, '--http', `--http-port=${control}`, '--log-level=error'], { stdio: 'ignore' });
  try {
    await untilListening(control);
    pin(child.pid ?? 0, CLIENT_CORE);
    const client = new VaurienClient({ host: `http://127.0.0.1:${control}` });
    const load = wrk(port, connections, seconds);
    const tookMs: number[] = [];
    for (let n = 0; n < CHANGES; n++) {
      const begunMs = performance.now();
      // A fault that changes nothing: wrk counts answers, not errors.
      await (n % 2 === 0 ? client.setBehavior('5:dummy') : client.reset());
      tookMs.push(performance.now() - begunMs);
    }
    await load;
    return tookMs.sort((a, b) => a - b)[Math.ceil(CHANGES * 0.99) - 1] ?? Number.NaN;
  } finally {
    await end(child);
  }
}
