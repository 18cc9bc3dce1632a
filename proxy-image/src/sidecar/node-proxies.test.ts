import { setImmediate } from 'node:timers/promises';
import { parseAddress, type RunPlan } from '@loads/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FaultEvent } from '../proxy/fault-event.ts';
import { type Backend, deadAddress, dial, startEcho } from '../proxy/peers.test.support.ts';
import { NodeProxies } from './node-proxies.ts';
import { cutEntry, planOf } from './plan.test.fixture.ts';
import { RunClock } from './run-clock.ts';

const START_MS = 1_000_000;
let nowMs: number;

beforeEach(() => {
  nowMs = START_MS;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => void vi.useRealTimers());

/** Lets time pass, for the clock and for timers. */
function pass(ms: number): void {
  for (let i = 0; i < ms; i++) {
    nowMs += 1;
    vi.advanceTimersByTime(1);
  }
}

/** The proxies `web` and `db` of a plan, before an echo. */
async function open(backend: Backend, plan: Partial<RunPlan>): Promise<{ proxies: NodeProxies; faults: FaultEvent[] }> {
  const faults: FaultEvent[] = [];
  const clock = new RunClock(() => nowMs);
  clock.start(START_MS);
  const both = ['web', 'db'].map((name) => ({ name, backend: backend.address, protocol: 'tcp', behaviors: [] }));
  const options = { plan: planOf({ proxies: both, ...plan }), node: 3, clock };
  return { proxies: await NodeProxies.open({ ...options, onFault: (fault) => faults.push(fault) }), faults };
}

/** Whether a new connection through a proxy reaches the backend; otherwise it is cut. */
async function passes(proxies: NodeProxies, name: string): Promise<boolean> {
  const address = parseAddress(proxies.addresses[name] ?? '');
  if (!address) throw new Error(`no proxy ${name}`);
  const peer = await dial(address);
  const passed = await peer
    .send('x')
    .untilHas('x')
    .then(
      () => true,
      () => false,
    );
  peer.socket.destroy();
  return passed;
}

async function both(proxies: NodeProxies): Promise<readonly [web: boolean, db: boolean]> {
  return [await passes(proxies, 'web'), await passes(proxies, 'db')];
}

test('the schedule is kept on the clock of the run, each entry on its own proxy', async () => {
  await using backend = await startEcho();
  const schedule = [cutEntry('first', 'web', 100, 100), cutEntry('second', 'db', 150, 100)];
  const { proxies } = await open(backend, { schedule });
  await using _ = proxies;
  proxies.follow();
  const seen: (readonly string[])[] = [];
  for (const step of [99, 1, 49, 1, 50, 49, 1]) {
    pass(step);
    seen.push(proxies.active);
  }
  expect(seen).toEqual([[], ['first'], ['first'], ['first', 'second'], ['second'], ['second'], []]);
});

test('what is in force is in force on new connections, and every fault says what it was', async () => {
  await using backend = await startEcho();
  const { proxies, faults } = await open(backend, { schedule: [cutEntry('first', 'web', 100, 100)] });
  await using _ = proxies;
  proxies.follow();
  expect(await both(proxies)).toEqual([true, true]);
  pass(100);
  expect(await both(proxies)).toEqual([false, true]);
  pass(100);
  expect(await both(proxies)).toEqual([true, true]);
  const fault = { proxy: 'web', protocol: 'tcp', behavior: 'blackout', rule: 'first', id: '3-web-2-0-first' };
  expect(faults.at(-1)).toMatchObject({ atMs: START_MS + 100, ...fault });
});

test('the behaviors of a proxy itself are in force from the start of the run, not before', async () => {
  await using backend = await startEcho();
  const [entry] = [cutEntry('', 'web', 0, 1)];
  const plans = [{ name: 'web', backend: backend.address, protocol: 'tcp', behaviors: entry?.behaviors ?? [] }];
  const { proxies, faults } = await open(backend, { proxies: plans });
  await using _ = proxies;
  expect(await passes(proxies, 'web')).toBe(true);
  proxies.follow();
  expect(await passes(proxies, 'web')).toBe(false);
  expect([faults[0]?.rule, proxies.active]).toEqual(['(always)', []]);
});

test('changes that came due while nothing ran are made up for', async () => {
  await using backend = await startEcho();
  const schedule = [cutEntry('a', 'web', 10, 10), cutEntry('b', 'web', 30, 10), cutEntry('c', 'web', 45, 100)];
  const { proxies } = await open(backend, { schedule });
  await using _ = proxies;
  proxies.follow();
  nowMs += 50;
  vi.advanceTimersByTime(50);
  expect(proxies.active).toEqual(['c']);
});

test('a timer that fires a little early puts in force what is due then', async () => {
  await using backend = await startEcho();
  const { proxies } = await open(backend, { schedule: [cutEntry('first', 'web', 100, 100)] });
  await using _ = proxies;
  proxies.follow();
  nowMs += 99;
  vi.advanceTimersByTime(100);
  expect(proxies.active).toEqual(['first']);
});

test('healing ends every fault, and the schedule with it', async () => {
  await using backend = await startEcho();
  const schedule = [cutEntry('now', 'web', 0, 100), cutEntry('then', 'db', 50, 100)];
  const { proxies } = await open(backend, { schedule });
  await using _ = proxies;
  proxies.follow();
  expect(proxies.active).toEqual(['now']);
  expect(await proxies.heal()).toEqual([]);
  expect([proxies.active, await passes(proxies, 'web')]).toEqual([[], true]);
  pass(60);
  expect([proxies.active, await passes(proxies, 'db')]).toEqual([[], true]);
});

test('when one proxy cannot be started, none is left', async () => {
  const backend = await deadAddress();
  const plans = ['tcp', 'none'].map((protocol) => ({ name: protocol, backend, protocol, behaviors: [] }));
  const options = { plan: planOf({ proxies: plans }), node: 1, clock: new RunClock(), onFault: () => undefined };
  await expect(NodeProxies.open(options)).rejects.toThrow(/no protocol 'none'/);
  // A server that is closed is gone some turns later; one that is not would never be.
  while (listening() > 0) await setImmediate();
});

/** How many servers listen in this process. */
function listening(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;
}

test('a proxy that refused connections takes them again when it is healed', async () => {
  await using backend = await startEcho();
  const refuse = {
    ...cutEntry('gone', 'web', 0, 100),
    behaviors: [{ percent: 100, behavior: 'blackout', options: { mode: 'refuse' } }],
  };
  const { proxies } = await open(backend, { schedule: [refuse] });
  await using _ = proxies;
  proxies.follow();
  expect(proxies.windows).toEqual([{ fault: 'gone', proxy: 'web', plannedMs: 0, fromMs: 0, toMs: null }]);
  pass(50);
  expect(await proxies.heal()).toEqual([]);
  expect(proxies.windows).toMatchObject([{ fault: 'gone', toMs: 50 }]);
  expect(await passes(proxies, 'web')).toBe(true);
});
