import type { Response } from 'express';
import type { Clock } from '../clock.ts';
import type { FaultLog, RecordedFault } from '../fault-log.ts';

const HEARTBEAT_MS = 15_000;
const RETRY_MS = 1000;
/** A reader that is so far behind is disconnected: it comes back with the last number that it saw. */
const MOST_WAITING_BYTES = 1024 * 1024;

export type EventStreamOptions = {
  readonly faults: FaultLog;
  readonly clock: Clock;
  /** The number after which to begin; undefined: with what happens from now on. */
  readonly after: number | undefined;
  wanted(fault: RecordedFault): boolean;
};

/**
 * Answers with faults as server-sent events until the reader leaves. The id of an event is the fault's number, so that
 * a reader that was away gets what it missed; what is not kept any more is told as an event `lost`.
 */
export function streamFaults(response: Response, { faults, clock, after, wanted }: EventStreamOptions): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write(`retry: ${RETRY_MS}\n\n`);
  if (after !== undefined) {
    const { events, lost } = faults.since(after);
    if (lost > 0) response.write(`event: lost\ndata: {"count":${lost}}\n\n`);
    for (const fault of events) send(fault);
  }
  const unsubscribe = faults.subscribe(send);
  let cancelBeat = beatLater();
  response.on('close', () => {
    unsubscribe();
    cancelBeat();
  });

  function send(fault: RecordedFault): void {
    if (!wanted(fault)) return;
    if (response.writableLength > MOST_WAITING_BYTES) response.destroy();
    else response.write(`id: ${fault.seq}\nevent: fault\ndata: ${JSON.stringify(fault)}\n\n`);
  }

  function beatLater(): () => void {
    return clock.after(HEARTBEAT_MS, () => {
      response.write(': heartbeat\n\n');
      cancelBeat = beatLater();
    });
  }
}
