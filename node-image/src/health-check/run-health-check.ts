import { formatAddress } from '@loads/core';
import { networkReason, tooLate } from '../connection/connection-error.ts';
import { classifyFailure } from '../http/classify-failure.ts';
import { readySocket } from '../http/ready-socket.ts';
import type { LoadContext, LoadEnd } from '../runtime/load.ts';
import { type Place, placesOf } from './places.ts';

/** How long a connection may take, ms. */
const CONNECT_MS = 10_000;
/** The iteration's name. */
const NAME = 'health check';

/**
 * Connects to all that this node has to reach, at the same time, and ends the connections again. It is one iteration, with a
 * check for each; what is not reached is an error that names the node.
 */
export async function runHealthCheck({
  brief,
  link,
  recorder,
}: Pick<LoadContext, 'brief' | 'link' | 'recorder'>): Promise<LoadEnd> {
  const fromMs = performance.now();
  const places = placesOf(brief.plan, brief.proxies);
  const failures = await Promise.all(places.map((place) => reach(place, link.cut)));
  const toMs = performance.now();
  if (link.cut.aborted) return { interrupted: 1 };
  for (const [i, { what, address }] of places.entries()) {
    const failed = failures[i];
    recorder.check(NAME, `reaches ${what}`, failed === undefined, toMs);
    if (failed === undefined) continue;
    const message = `node ${brief.node} does not reach ${what}, ${formatAddress(address)}: ${failed.reason}`;
    recorder.errors.add(NAME, failed.failure, message);
  }
  const first = failures.find((one) => one !== undefined);
  recorder.iteration(NAME, fromMs, toMs, first !== undefined, first?.failure);
  return { interrupted: 0 };
}

type Unreached = { readonly failure: string; readonly reason: string };

/** Why a place is not reached; undefined when it is. */
async function reach({ address }: Place, cut: AbortSignal): Promise<Unreached | undefined> {
  const late = AbortSignal.timeout(CONNECT_MS);
  const endpoint = { secure: false, hostname: address.host, dial: address, tls: {} };
  try {
    const socket = await readySocket(endpoint, { signal: AbortSignal.any([late, cut]) });
    socket.on('error', () => undefined).destroy();
    return undefined;
  } catch (error) {
    if (late.aborted) return tooLate('connection', CONNECT_MS);
    const failure = classifyFailure(error);
    return { failure, reason: networkReason(failure, error) };
  }
}
