import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientLoad, Competitor } from './competitor.ts';
import { cpuSeconds } from './cpu-time.ts';
import { CLIENT_CORE, pin, preferOverAll } from './pin.ts';
import type { Target } from './target.ts';

/** A client is in full flow after so many answers; before that it still starts. */
const FLOWING_ANSWERS = 1000;
const FLOWING_WITHIN_MS = 20_000;
const POLL_MS = 20;
/** CPU that a client needs to start, s, and answers that the compiler of V8 needs to see the hot functions. */
const WARM_UP_CPU = 2;
const WARM_UP_ANSWERS = 50_000;
/** At most so long after its start: a slow client, or one that the server holds back, takes longer for both, s. */
const WARM_UP = 10;
/** So long the client goes on after the window, s. */
const SLACK = 1;

/** What a client did in the window that was measured; CPU as shares of a core. */
export type Measured = {
  readonly requestsPerCpuSecond: number;
  readonly requestsPerSecond: number;
  readonly clientCpu: number;
  readonly serverCpu: number;
};

export type MeasureOptions = {
  /** `seconds` is the length of the window. */
  readonly load: ClientLoad;
  /** Moves the client to its own core. */
  readonly pinned: boolean;
  /** Lets it go before all else on its core. */
  readonly realtime: boolean;
  readonly signal: AbortSignal;
};

/**
 * Runs a client, and measures it from outside over a window in which it is warm: CPU by /proc, requests by what the
 * server answered. Throws an Error when the client fails, or counts other than the server does.
 */
export async function measure(
  competitor: Competitor,
  target: Target,
  { load, pinned, realtime, signal }: MeasureOptions,
): Promise<Measured> {
  const before = await target.answered();
  await using client = await competitor.start({ ...load, seconds: WARM_UP + load.seconds + SLACK }, signal);
  if (pinned) pin(client.pid, CLIENT_CORE);
  if (realtime) preferOverAll(client.pid);
  const counting = client.finish();
  const early = counting.then(() => {
    throw new Error(`${competitor.name} ended before it was measured`);
  });
  const window = measureWindow(client.pid, target, { flowAt: before + FLOWING_ANSWERS, seconds: load.seconds, signal });
  const { from, to } = await Promise.race([window, early]);
  const counted = await counting;
  const served = (await target.answered()) - before;
  // Some clients drop what is under way when their time is over.
  if (counted > served || counted < served - load.connections) {
    throw new Error(`${competitor.name} counted ${counted} answers, and the server gave ${served}`);
  }
  const [requests, seconds] = [to.answered - from.answered, to.atSeconds - from.atSeconds];
  return {
    requestsPerCpuSecond: requests / (to.clientSeconds - from.clientSeconds),
    requestsPerSecond: requests / seconds,
    clientCpu: (to.clientSeconds - from.clientSeconds) / seconds,
    serverCpu: (to.serverSeconds - from.serverSeconds) / seconds,
  };
}

type Window = { readonly flowAt: number; readonly seconds: number; readonly signal: AbortSignal };

/** Reads the meters at both ends of the window, which begins when the client is warm. */
async function measureWindow(
  clientPid: number,
  target: Target,
  { flowAt, seconds, signal }: Window,
): Promise<{ readonly from: Reading; readonly to: Reading }> {
  const deadline = performance.now() + FLOWING_WITHIN_MS;
  while ((await target.answered()) < flowAt) {
    if (performance.now() > deadline) throw new Error('the client made no load within its time');
    await sleep(POLL_MS, undefined, { signal });
  }
  const warmBy = performance.now() + WARM_UP * 1000;
  const warmAt = flowAt + WARM_UP_ANSWERS;
  while (performance.now() < warmBy && (cpuSeconds(clientPid) < WARM_UP_CPU || (await target.answered()) < warmAt)) {
    await sleep(POLL_MS, undefined, { signal });
  }
  const from = await read(target, clientPid);
  await sleep(seconds * 1000, undefined, { signal });
  return { from, to: await read(target, clientPid) };
}

type Reading = {
  readonly answered: number;
  readonly clientSeconds: number;
  readonly serverSeconds: number;
  readonly atSeconds: number;
};

async function read(target: Target, clientPid: number): Promise<Reading> {
  const answered = await target.answered();
  return {
    answered,
    clientSeconds: cpuSeconds(clientPid),
    serverSeconds: cpuSeconds(target.pid),
    atSeconds: performance.now() / 1000,
  };
}
