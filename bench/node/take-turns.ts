import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientProcess } from './client-process.ts';
import type { ClientLoad, Competitor } from './competitor.ts';
import { threadSeconds } from './cpu-time.ts';
import { CLIENT_CORE, pin, preferOverAll } from './pin.ts';
import type { Target } from './target.ts';

/** A client is in full flow after so many answers. */
const FLOWING_ANSWERS = 1000;
const FLOWING_WITHIN_MS = 20_000;
const POLL_MS = 20;
export const TURN_SECONDS = 0.5;
/** So many turns of each client are not measured: the compiler of V8 has to see the hot functions. */
const WARM_UP_TURNS = 8;
/** How long a client may take to start, and so much longer it goes on in the end, s. */
const START = 5;
/** Until the server has answered what a client had asked for when it was stopped, ms. */
const SETTLE_MS = 20;
/** What a turn may take beyond itself, s: to settle, and to read the meters on a busy machine. */
const AROUND = 0.15;

/** What a client did in one turn; CPU as shares of a core. */
export type Turn = {
  readonly requestsPerCpuSecond: number;
  readonly requestsPerSecond: number;
  readonly clientCpu: number;
  readonly serverCpu: number;
};

export type TurnsOptions = {
  /** `seconds` is how long each client is measured. */
  readonly load: ClientLoad;
  /** Moves the clients to a core of their own. */
  readonly pinned: boolean;
  /** Lets them go before all else on their core. */
  readonly realtime: boolean;
  readonly signal: AbortSignal;
};

/**
 * Runs all clients at the same time, of which one goes and the others stand still (SIGSTOP), in short turns: what the machine
 * does meanwhile touches all of them alike. They are measured from outside: CPU by /proc, requests by what the server
 * answered. Gives each one's turns. Throws an Error when a client fails, or they count other than the server does.
 */
export async function takeTurns(
  competitors: readonly Competitor[],
  target: Target,
  { load, pinned, realtime, signal }: TurnsOptions,
): Promise<ReadonlyMap<Competitor, readonly Turn[]>> {
  const before = await target.answered();
  await using stack = new AsyncDisposableStack();
  const turns = WARM_UP_TURNS + Math.ceil(load.seconds / TURN_SECONDS);
  const clients = new Map<Competitor, ClientProcess>();
  for (const competitor of competitors) {
    const startsLeft = competitors.length - clients.size;
    const seconds = (startsLeft + 1) * START + Math.ceil(turns * competitors.length * (TURN_SECONDS + AROUND));
    const client = stack.use(await competitor.start({ ...load, seconds }, signal));
    clients.set(competitor, client);
    if (pinned) pin(client.pid, CLIENT_CORE);
    if (realtime) preferOverAll(client.pid);
    await untilFlowing(competitor, target, signal);
    process.kill(client.pid, 'SIGSTOP');
    stack.defer(() => goOn(client));
  }
  const measured = new Map<Competitor, Turn[]>(competitors.map((competitor) => [competitor, []]));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [competitor, client] of clients) {
      const one = await takeTurn(client, target, signal).catch((cause: unknown) => {
        throw new Error(`${competitor.name} was not measured to its end`, { cause });
      });
      if (turn >= WARM_UP_TURNS) measured.get(competitor)?.push(one);
    }
  }
  for (const client of clients.values()) goOn(client);
  const counted = await Promise.all(Array.from(clients.values(), (client) => client.finish()));
  const served = (await target.answered()) - before;
  const all = counted.reduce((sum, count) => sum + count, 0);
  // Some clients drop what is under way when their time is over.
  if (all > served || all < served - load.connections * clients.size) {
    throw new Error(`the clients counted ${counted.join(' + ')} answers, and the server gave ${served}`);
  }
  return measured;
}

async function takeTurn({ pid }: ClientProcess, target: Target, signal: AbortSignal): Promise<Turn> {
  const from = await read(target, pid);
  process.kill(pid, 'SIGCONT');
  await sleep(TURN_SECONDS * 1000, undefined, { signal });
  process.kill(pid, 'SIGSTOP');
  const toMs = performance.now();
  await sleep(SETTLE_MS, undefined, { signal });
  const to = await read(target, pid);
  const [requests, seconds] = [to.answered - from.answered, (toMs - from.atMs) / 1000];
  const clientSeconds = to.clientSeconds - from.clientSeconds;
  return {
    requestsPerCpuSecond: requests / clientSeconds,
    requestsPerSecond: requests / seconds,
    clientCpu: clientSeconds / seconds,
    serverCpu: (to.serverSeconds - from.serverSeconds) / seconds,
  };
}

function goOn({ pid }: ClientProcess): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It has ended.
  }
}

async function untilFlowing({ name }: Competitor, target: Target, signal: AbortSignal): Promise<void> {
  const flowAt = (await target.answered()) + FLOWING_ANSWERS;
  const deadline = performance.now() + FLOWING_WITHIN_MS;
  while ((await target.answered()) < flowAt) {
    if (performance.now() > deadline) throw new Error(`${name} made no load within its time`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

type Reading = {
  readonly answered: number;
  readonly clientSeconds: number;
  readonly serverSeconds: number;
  readonly atMs: number;
};

async function read(target: Target, clientPid: number): Promise<Reading> {
  const answered = await target.answered();
  return {
    answered,
    clientSeconds: threadSeconds(clientPid),
    serverSeconds: threadSeconds(target.pid),
    atMs: performance.now(),
  };
}
