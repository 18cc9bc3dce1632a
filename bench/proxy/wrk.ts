import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What wrk saw. */
export type WrkResult = { readonly requests: number; readonly p50Us: number };

/** Loads a port with wrk, one thread. Throws an Error when a request failed. */
export async function wrk(port: number, connections: number, seconds: number): Promise<WrkResult> {
  const args = ['--latency', '-t1', `-c${connections}`, `-d${seconds}s`, `http://127.0.0.1:${port}/`];
  const { stdout } = await promisify(execFile)('wrk', args);
  if (/Socket errors|Non-2xx/.test(stdout)) throw new Error(`wrk met errors:\n${stdout}`);
  return {
    requests: Number(/(\d+) requests in/.exec(stdout)?.[1]),
    p50Us: microseconds(/50%\s+(\S+)/.exec(stdout)?.[1] ?? ''),
  };
}

function microseconds(text: string): number {
  const [, amount, unit] = /^([\d.]+)(us|ms|s)$/.exec(text) ?? [];
  return Number(amount) * (unit === 'us' ? 1 : unit === 'ms' ? 1000 : 1_000_000);
}
