import type { XmlRecord } from './xml-records.ts';

type Common = {
  /** From 0. */
  readonly cycle: number;
  /** Users of the cycle on this node. */
  readonly users: number;
  /** Which of them. */
  readonly thread: string;
  /** The name of the test. */
  readonly test: string;
  readonly ok: boolean;
  /** Epoch ms. */
  readonly startMs: number;
  readonly durationMs: number;
};

/** A request and its answer. */
export type BenchResponse = Common & {
  readonly kind: 'response';
  /** The number of its page within the test. */
  readonly step: string;
  /** `get`, `post`, `link`, `image`, `redirect`, `xmlrpc` and so on. */
  readonly type: string;
  readonly path: string;
  /** Undefined where there was no answer. */
  readonly status: number | undefined;
  readonly description: string;
  /** The beginning of the page, where the request failed. */
  readonly body?: string | undefined;
};

/** A run of the test by one user. */
export type BenchTest = Common & { readonly kind: 'test'; readonly traceback: string };

/** What FunkLoad has measured. */
export type BenchRecord = BenchResponse | BenchTest;

/** Reads a `<response>` or a `<testResult>`; undefined when something of it is absent or no number. */
export function benchRecord({ name, attributes, text }: XmlRecord): BenchRecord | undefined {
  const of = (key: string): string => attributes.get(key) ?? '';
  const [cycle, users] = [wholeOf(of('cycle')), wholeOf(of('cvus'))];
  const [start, duration] = [numberOf(of('time')), numberOf(of('duration'))];
  const result = of('result');
  if (cycle === undefined || users === undefined || start === undefined || duration === undefined) return undefined;
  if (result === '' || start <= 0) return undefined;
  const common: Common = {
    cycle,
    users,
    thread: of('thread'),
    test: of('name') || 'test',
    ok: result === 'Successful',
    startMs: start * 1000,
    durationMs: duration * 1000,
  };
  if (name === 'testResult') return { ...common, kind: 'test', traceback: of('traceback') };
  const code = wholeOf(of('code'));
  return {
    ...common,
    kind: 'response',
    step: of('step'),
    type: of('type'),
    path: of('url'),
    status: code !== undefined && code >= 100 && code <= 999 ? code : undefined,
    description: of('description'),
    ...(text !== undefined && { body: text.trim() }),
  };
}

function wholeOf(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Seconds, as Python writes them. */
function numberOf(text: string): number | undefined {
  return /^\d{1,15}(?:\.\d*)?(?:e-?\d{1,2})?$/i.test(text) ? Number(text) : undefined;
}
