import type { FaultEvent } from '../proxy/fault-event.ts';

/** A fault as a proxy tells it. */
export function faultEvent(more: Partial<FaultEvent> = {}): FaultEvent {
  return {
    id: '0-web-1-1',
    atMs: 1_000_000,
    proxy: 'web',
    protocol: 'http',
    behavior: 'error',
    rule: 'always',
    connection: 1,
    request: 1,
    operation: 'GET /',
    point: 'before',
    options: { code: 503 },
    ...more,
  };
}
