import { Worker } from 'node:worker_threads';

const BEAT_MS = 100;
/** An event loop that has not turned for so long is blocked, ms, unless the plan lets the generator be later than that. */
const BLOCKED_MS = 1000;

/**
 * Watches this process's event loop from a thread of its own. When it does not turn for a second, or for `maxLagMs` where that
 * is longer, the thread asks V8 where it is, and tells the sidecar at `link` the place in the scenario, also when the loop
 * never turns again.
 */
export function watchLoop(link: string, scenario: string, maxLagMs = 0): Disposable {
  const shared = new SharedArrayBuffer(4);
  const beats = new Int32Array(shared);
  const beat = setInterval(() => Atomics.add(beats, 0, 1), BEAT_MS).unref();
  // As text: in the image everything is one file, and a thread needs a file of its own, or none.
  const thread = new Worker(`(${watch.toString()})()`, {
    eval: true,
    workerData: { shared, link, scenario, blockedMs: Math.max(BLOCKED_MS, maxLagMs) },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  thread.unref();
  // Without its watch a process works as well.
  thread.on('error', () => undefined);
  return {
    [Symbol.dispose]() {
      clearInterval(beat);
      void thread.terminate();
    },
  };
}

/** What the thread runs. It stands for itself: nothing of this file's can be used in it, nor `require`, which a bundler renames. */
function watch(): void {
  const { workerData } = process.getBuiltinModule('node:worker_threads');
  const { Session } = process.getBuiltinModule('node:inspector');
  const { connect } = process.getBuiltinModule('node:net');
  const { basename } = process.getBuiltinModule('node:path');
  const { pathToFileURL } = process.getBuiltinModule('node:url');
  const { shared, link, scenario, blockedMs } = workerData as {
    shared: SharedArrayBuffer;
    link: string;
    scenario: string;
    blockedMs: number;
  };
  const beats = new Int32Array(shared);
  const own = pathToFileURL(scenario).href;
  let [last, sinceMs, told] = [-1, 0, false];
  setInterval(() => {
    const now = Atomics.load(beats, 0);
    const atMs = performance.now();
    if (now !== last) [last, sinceMs, told] = [now, atMs, false];
    if (told || atMs - sinceMs < blockedMs) return;
    told = true;
    ask((stack) => tell(stack));
  }, 200);

  /** Stops the blocked thread for a moment to see where it is. */
  function ask(then: (stack: readonly { name: string; url: string; line: number; column: number }[]) => void): void {
    const session = new Session();
    // Frames name their script by its number alone.
    const urls = new Map<string, string>();
    session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url));
    session.connectToMainThread();
    const done = (stack: Parameters<typeof then>[0]): void => {
      clearTimeout(timer);
      session.post('Debugger.resume', () => {
        session.post('Debugger.disable', () => session.disconnect());
      });
      then(stack);
    };
    // In a call that is not V8's it cannot be stopped; on a busy machine it takes its time.
    const timer = setTimeout(() => done([]), 4000);
    session.once('Debugger.paused', ({ params }) =>
      done(
        params.callFrames.map(({ functionName, location }) => {
          return {
            name: functionName,
            url: urls.get(location.scriptId) ?? '',
            line: location.lineNumber + 1,
            column: (location.columnNumber ?? 0) + 1,
          };
        }),
      ),
    );
    session.post('Debugger.enable');
    session.post('Debugger.pause');
  }

  function tell(stack: readonly { name: string; url: string; line: number; column: number }[]): void {
    const frame = stack.find(({ url }) => url === own) ?? stack.find(({ url }) => url.startsWith('file:'));
    const place =
      frame === undefined
        ? ` somewhere in ${basename(scenario)}`
        : ` at ${basename(frame.url)}:${frame.line}:${frame.column}`;
    const message = `the event loop was blocked for over ${blockedMs / 1000} s${place}`;
    const lines = stack.map(
      ({ name, url, line, column }) => `    at ${name || '<anonymous>'} (${url}:${line}:${column})`,
    );
    const error = {
      scenario: '(event loop)',
      failure: 'blocked',
      message,
      count: 1,
      stack: [message, ...lines].join('\n'),
    };
    const colon = link.lastIndexOf(':');
    const socket = connect({ host: link.slice(0, colon), port: Number(link.slice(colon + 1)) });
    socket.on('error', () => undefined);
    socket.end(`${JSON.stringify({ type: 'blocked', error })}\n`);
  }
}
