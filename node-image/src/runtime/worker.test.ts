import type { Pace } from '@loads/core';
import { expect, test } from 'vitest';
import { check as checkAnywhere, getContext } from '../api/active.ts';
import type { ScenarioContext } from '../api/context.ts';
import { EventHub } from '../api/events.ts';
import { feed } from '../api/feed.ts';
import type { RegisteredScenario, ScenarioFile } from '../api/registry.ts';
import { closedPort, serve } from '../http/servers.test.fixture.ts';
import { type Arrived, written } from '../recording/samples.test.fixture.ts';
import { pickForWorker } from './choose.ts';
import { type Work, workOff } from './closed-load.ts';
import { crewOf } from './crew.test.fixture.ts';
import type { Crew, EndReason } from './crew.ts';
import { briefOf, planOf } from './sidecar.test.fixture.ts';
import { Worker } from './worker.ts';

type CrewChange = Partial<Omit<Crew, 'file'>> & {
  readonly iterations?: number;
  readonly work?: Partial<Work>;
  readonly scenarios?: Readonly<Record<string, RegisteredScenario['run']>>;
  readonly file?: Partial<ScenarioFile>;
};

/** A worker's crew and work: so many iterations, each as soon as the last one has ended. */
class Stand {
  readonly crew: Crew;
  readonly ends: EndReason[] = [];
  readonly #change: CrewChange;

  constructor(change: CrewChange) {
    const { scenarios = {}, iterations: _, work: __, file, ...crew } = change;
    const plan = planOf();
    const stop = new AbortController();
    this.#change = change;
    const named = Object.entries(scenarios).map(([name, run]) => ({ name, weight: 1, run }));
    const end: Crew['end'] = (reason) => {
      this.ends.push(reason);
      stop.abort();
    };
    this.crew = crewOf(plan, { scenarios: named, ...file }, { stopped: stop.signal, end, ...crew });
  }

  /** Runs a worker from its fixtures to its teardowns. */
  async live(id: number): Promise<Worker> {
    const { crew } = this;
    const { iterations = 1, work } = this.#change;
    const worker = new Worker(id, crew);
    const pick = pickForWorker(crew.file, crew.file.scenarios, { seed: crew.brief.plan.seed, worker: id });
    const pace: Work['pace'] = (_, begun) => (begun < iterations ? { kind: 'start' } : { kind: 'stop' });
    await worker.enter(async () => {
      if (await worker.begin()) await workOff(worker, { atMs: 0, pace, pick, ...work }, crew);
      await worker.finish();
    });
    return worker;
  }

  recorded(metric: string): readonly Arrived[] {
    const { recorder, measures } = this.crew;
    return written((sink) => {
      recorder.flush(sink);
      measures.flush(sink);
    }).arrived.filter(({ name }) => name === metric);
  }
}

test('a worker runs iteration after iteration, with variables and connections of its own', async () => {
  await using server = await serve((_, response) => response.end('hello'));
  const seen: unknown[] = [];
  const stand = new Stand({
    iterations: 3,
    data: { token: 't' },
    brief: briefOf(planOf({ target: server.url, env: { SIZE: '3' } }), { node: 2 }),
    scenarios: {
      visit: async ({ http, check, vars, data, worker, iteration, node, env }: ScenarioContext) => {
        vars.visits = Number(vars.visits ?? 0) + 1;
        const { status } = await http.get('/');
        seen.push([check(status === 200, 'is there'), vars.visits, data, worker, iteration, node, env.SIZE]);
      },
    },
  });
  const worker = await stand.live(5);
  expect(seen).toEqual([0, 1, 2].map((i) => [true, i + 1, { token: 't' }, 5, i, 2, '3']));
  expect(server.connections).toHaveLength(1);
  expect([worker.running, worker.cutIterations]).toEqual([false, 0]);

  const { arrived } = written((sink) => stand.crew.recorder.flush(sink));
  const counted = Object.fromEntries(arrived.map(({ name, value, weight }) => [name, value * weight]));
  expect(counted).toMatchObject({ http_reqs: 3, iterations: 3, checks: 3, iteration_failed: 0 });
  const request = arrived.find(({ name }) => name === 'http_reqs');
  expect(request?.tags).toMatchObject({ scenario: 'visit', name: 'GET /', phase: 'steady' });
});

test('an iteration that throws has failed, at once or later, and the worker goes on', async () => {
  const stand = new Stand({
    iterations: 4,
    scenarios: {
      fail: ({ iteration }) => {
        if (iteration === 0) throw new Error('at once');
        return iteration === 1 ? Promise.reject(new Error('later')) : undefined;
      },
    },
  });
  await stand.live(0);
  expect(stand.crew.recorder.errors.all).toMatchObject([
    { scenario: 'fail', failure: 'assertion', message: 'at once', count: 1 },
    { scenario: 'fail', failure: 'assertion', message: 'later', count: 1 },
  ]);
  const { arrived } = written((sink) => stand.crew.recorder.flush(sink));
  expect(arrived.filter(({ name }) => name === 'iteration_failed').map(({ value, weight }) => [value, weight])).toEqual(
    [
      [1, 2],
      [0, 2],
    ],
  );
  expect(arrived.find(({ name }) => name === 'failures')).toMatchObject({ value: 2, tags: { class: 'assertion' } });
});

test('an iteration that fails by a request is counted under the class of the request, once', async () => {
  const port = await closedPort();
  const stand = new Stand({
    brief: briefOf(planOf({ target: `http://127.0.0.1:${port}` })),
    scenarios: { visit: ({ http }) => http.get('/') },
  });
  await stand.live(0);
  expect(stand.crew.recorder.errors.all).toMatchObject([{ failure: 'refused', count: 1 }]);
  expect(stand.recorded('failures')).toMatchObject([{ value: 1, tags: { class: 'refused' } }]);
});

test('a worker waits as its pacer says, and a stop ends the wait', async () => {
  const stop = new AbortController();
  const paces: Pace[] = [{ kind: 'wait', ms: 5 }, { kind: 'start' }, { kind: 'wait', ms: 60_000 }];
  let iterations = 0;
  const stand = new Stand({
    work: {
      pace: () => {
        const pace = paces.shift() ?? { kind: 'stop' };
        // The worker is in its long wait one turn later.
        if (pace.kind === 'wait' && pace.ms > 1000) setImmediate(() => stop.abort());
        return pace;
      },
    },
    stopped: stop.signal,
    scenarios: { count: () => void iterations++ },
  });
  await stand.live(0);
  expect(iterations).toBe(1);
});

test('after a stop no further iteration begins, and the one in flight ends by itself', async () => {
  const stop = new AbortController();
  let ended = 0;
  const stand = new Stand({
    iterations: 100,
    stopped: stop.signal,
    scenarios: {
      slow: async ({ sleep }) => {
        stop.abort();
        await sleep(5);
        ended += 1;
      },
    },
  });
  const worker = await stand.live(0);
  expect([ended, worker.cutIterations]).toEqual([1, 0]);
  expect(stand.recorded('iterations')).toMatchObject([{ value: 1 }]);
});

test('a cut ends what waits, and the iteration counts as cut, neither as done nor as failed', async () => {
  const cut = new AbortController();
  const stand = new Stand({
    cut: cut.signal,
    scenarios: {
      endless: async ({ sleep, signal }) => {
        const slept = sleep(60_000);
        cut.abort();
        expect(signal.aborted).toBe(true);
        await slept;
      },
    },
  });
  const worker = await stand.live(0);
  expect([worker.running, worker.cutIterations, stand.crew.recorder.errors.all]).toEqual([false, 1, []]);
  expect(stand.recorded('iterations')).toEqual([]);
});

test('a scenario that never waits leaves turns to the rest of the node', async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  // Without turns nothing else could end this.
  const endMs = performance.now() + 3000;
  const stand = new Stand({
    work: { pace: () => ({ kind: turns < 3 && performance.now() < endMs ? 'start' : 'stop' }) },
    scenarios: { busy: () => undefined },
  });
  await stand.live(0);
  clearInterval(timer);
  expect(turns).toBe(3);
});

test('which scenario is next depends on the seed and the worker alone', async () => {
  const picks = async (seed: number, id: number): Promise<readonly string[]> => {
    const picked: string[] = [];
    const stand = new Stand({
      iterations: 40,
      brief: briefOf(planOf({ seed })),
      scenarios: { a: () => void picked.push('a'), b: () => void picked.push('b') },
    });
    await stand.live(id);
    return picked;
  };
  const first = await picks(7, 0);
  expect(await picks(7, 0)).toEqual(first);
  expect(await picks(7, 1)).not.toEqual(first);
  expect(await picks(8, 0)).not.toEqual(first);
  expect(new Set(first)).toEqual(new Set(['a', 'b']));
});

test('fixtures run in order around the iterations, and a session begins as the worker says', async () => {
  await using server = await serve((request, response) => response.end(request.headers['x-user']));
  const log: unknown[] = [];
  const stand = new Stand({
    iterations: 2,
    brief: briefOf(planOf({ target: server.url })),
    shared: 'pool',
    scenarios: { visit: ({ vars, iteration }) => void log.push(['visit', vars.user, iteration]) },
    file: {
      setupWorker: ({ worker, shared }) => {
        log.push(['setupWorker', worker, shared]);
        return { headers: { 'x-user': `user ${worker}` } };
      },
      setupSession: async ({ http, vars }) => {
        vars.user = await (await http.get('/me')).text();
        log.push('setupSession');
      },
      teardownSession: async ({ http, vars }) => {
        log.push(['teardownSession', vars.user, (await http.get('/bye')).status]);
      },
      teardownWorker: ({ vars }) => void log.push(['teardownWorker', vars.user]),
    },
  });
  await stand.live(3);
  expect(log).toEqual([
    ['setupWorker', 3, 'pool'],
    'setupSession',
    ['visit', 'user 3', 0],
    ['visit', 'user 3', 1],
    ['teardownSession', 'user 3', 200],
    ['teardownWorker', 'user 3'],
  ]);
  expect(stand.recorded('http_reqs').map(({ tags }) => tags.scenario)).toEqual(['setupSession', 'teardownSession']);
});

test.each(['setupWorker', 'setupSession'] as const)(
  'a %s that throws ends the run, and its teardowns run',
  async (name) => {
    const torn: string[] = [];
    const stand = new Stand({
      scenarios: { never: () => void torn.push('an iteration ran') },
      file: {
        [name]: () => Promise.reject(new Error('no licence')),
        teardownWorker: () => void torn.push('worker'),
        teardownSession: () => void torn.push('session'),
      },
    });
    await stand.live(0);
    expect(stand.ends).toEqual([{ setupFailed: `${name} failed: no licence` }]);
    expect(torn).toEqual(name === 'setupWorker' ? ['worker'] : ['session', 'worker']);
  },
);

test('a teardown that throws is told, and the next one runs all the same', async () => {
  let torn = false;
  const stand = new Stand({
    scenarios: { visit: () => undefined },
    file: {
      teardownSession: () => {
        throw new Error('cannot log out');
      },
      teardownWorker: () => {
        torn = true;
      },
    },
  });
  await stand.live(0);
  expect(torn).toBe(true);
  expect(stand.crew.recorder.errors.all).toMatchObject([{ scenario: 'teardownSession', message: 'cannot log out' }]);
  expect(stand.recorded('failures')).toMatchObject([{ value: 1, tags: { class: 'teardown' } }]);
});

test('listeners hear of all that happens, with the right payloads, and one that fails harms nobody', async () => {
  await using server = await serve((_, response) => response.end('hello'));
  const events = new EventHub();
  const heard: unknown[] = [];
  events.addToAll(({ event }) => {
    if (event === 'sending_request') throw new Error('deaf');
    heard.push(event);
  });
  events.add('sending_request', ({ request, session, worker }) => {
    heard.push([request.method, request.url, request.options.name, typeof session.get, worker]);
  });
  events.add('response_received', async ({ response }) => {
    heard.push(await response.text());
  });
  events.add('scenario_failure', ({ exception, scenario }) => heard.push([String(exception), scenario.name]));
  const stand = new Stand({
    iterations: 2,
    brief: briefOf(planOf({ target: server.url })),
    scenarios: {
      visit: async ({ http, iteration }) => {
        if (iteration === 0) await http.get('/a', { name: 'a' });
        else throw new Error('no');
      },
    },
    file: { events },
  });
  await stand.live(4);
  expect(heard).toEqual([
    'scenario_start',
    ['GET', '/a', 'a', 'function', 4],
    'hello',
    'response_received',
    'scenario_success',
    'scenario_start',
    ['Error: no', 'visit'],
    'scenario_failure',
  ]);
  expect(stand.crew.recorder.errors.all).toMatchObject([
    { scenario: '(event listener)', message: 'deaf', count: 1 },
    { scenario: 'visit', message: 'no' },
  ]);
});

test('steps are measured under their names, below the steps around them, also when they throw', async () => {
  const stand = new Stand({
    scenarios: {
      buy: async ({ step }) => {
        const result = await step('basket', async () => {
          await step('add', () => undefined);
          return 7;
        });
        expect(result).toBe(7);
        await step('pay', () => Promise.reject(new Error('no money')));
      },
    },
  });
  await stand.live(0);
  const groups = stand.recorded('group_duration').map(({ tags }) => `${tags.scenario} ${tags.group} ${tags.phase}`);
  expect(groups.sort()).toEqual(['buy basket steady', 'buy basket::add steady', 'buy pay steady']);
  expect(stand.crew.recorder.errors.all).toMatchObject([{ message: 'no money' }]);
});

test('steps that run at the same time are beside each other, and leave nothing behind', async () => {
  const stand = new Stand({
    iterations: 2,
    scenarios: {
      buy: async ({ step, check }) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        const basket = step('basket', async () => {
          await promise;
          check(true, 'is full');
        });
        await step('search', async () => {
          await step('sort', () => undefined);
          resolve();
        });
        await basket;
      },
    },
  });
  await stand.live(0);
  const { arrived } = written((sink) => {
    stand.crew.recorder.flush(sink);
    stand.crew.measures.flush(sink);
  });
  const groupsOf = (metric: string): Set<string | undefined> =>
    new Set(arrived.filter(({ name }) => name === metric).map(({ tags }) => tags.group));
  expect(groupsOf('group_duration')).toEqual(new Set(['basket', 'search', 'search::sort']));
  expect(groupsOf('checks')).toEqual(new Set(['basket']));
});

test('requests and checks within a step know it, also when they fail', async () => {
  await using server = await serve((_, response) => response.end('hello'));
  const stand = new Stand({
    brief: briefOf(planOf({ target: server.url })),
    scenarios: {
      buy: async ({ step, http, check }) => {
        await http.get('/');
        await step('basket', async () => {
          await step('add', async () => void check((await http.get('/')).ok, 'is there'));
          await http.get('/', { expectStatus: () => false });
        });
        check(true, 'is there');
      },
    },
  });
  await stand.live(0);
  const { arrived } = written((sink) => stand.crew.recorder.flush(sink));
  const groupsOf = (metric: string): unknown =>
    arrived.filter(({ name }) => name === metric).map(({ tags }) => tags.group);
  expect(groupsOf('http_reqs')).toEqual([undefined, 'basket::add', 'basket']);
  expect(groupsOf('checks')).toEqual(['basket::add', undefined]);
});

test('sessions that an iteration leaves open end with it, those of a fixture with the worker', async () => {
  await using server = await serve((_, response) => response.end('hello'));
  const open = (): number => server.connections.filter(({ closed }) => !closed).length;
  const seen: number[] = [];
  const stand = new Stand({
    iterations: 3,
    brief: briefOf(planOf({ target: server.url })),
    file: { setupSession: async ({ http }) => void (await http.session().get('/')) },
    scenarios: {
      visit: async ({ http }) => {
        await until(() => open() <= 1);
        seen.push(open());
        await http.session({ headers: { a: 'b' } }).get('/');
      },
    },
  });
  await stand.live(0);
  await until(() => open() === 0);
  expect(seen).toEqual([1, 1, 1]);
  expect(server.connections).toHaveLength(4);
});

/** The server hears of a connection's end a moment after its client. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

test('the check of the module counts for the scenario whose code calls it, also after it has waited', async () => {
  const check = async ({ sleep }: ScenarioContext): Promise<void> => {
    await sleep(1);
    checkAnywhere(true, 'holds');
  };
  const stand = new Stand({ iterations: 2, scenarios: { a: check } });
  await stand.live(0);
  expect(stand.recorded('checks')).toMatchObject([{ value: 1, weight: 2, tags: { scenario: 'a', check: 'holds' } }]);
  // Outside of a run nothing is counted.
  expect([checkAnywhere(true, 'holds'), checkAnywhere(false, 'holds')]).toEqual([true, false]);
});

test('code that a scenario or fixture calls finds its context, each its own', async () => {
  const seen: (string | number | undefined)[] = [];
  const helper = async (): Promise<void> => {
    await Promise.resolve();
    const { worker, iteration, http, vars } = getContext() ?? {};
    seen.push(`${worker} ${iteration} ${http === undefined ? 'no session' : 'session'} ${vars?.mark}`);
  };
  const stand = new Stand({
    iterations: 2,
    scenarios: { a: helper },
    file: {
      setupWorker: async ({ vars }) => {
        vars.mark = 'x';
        await helper();
      },
      teardownWorker: helper,
    },
  });
  await stand.live(3);
  expect(seen).toEqual(['3 undefined no session x', '3 0 session x', '3 1 session x', '3 undefined session x']);
  expect(getContext()).toBeUndefined();
});

test('names of checks are bounded', async () => {
  const stand = new Stand({
    scenarios: {
      many: ({ check }) => {
        for (let i = 0; i < 100_000; i++) check(true, `check ${i}`);
      },
    },
  });
  await stand.live(0);
  const checks = stand.recorded('checks');
  expect(checks).toHaveLength(501);
  expect(checks.find(({ tags }) => tags.check === '(other)')?.weight).toBe(99_500);
});

test('a pause follows each iteration, and pacing takes what it took', async () => {
  const begins: number[] = [];
  const stand = new Stand({
    iterations: 3,
    work: { pacingMs: 40 },
    scenarios: {
      quick: async ({ sleep }) => {
        begins.push(performance.now());
        await sleep(15);
      },
    },
  });
  await stand.live(0);
  const gaps = begins.slice(1).map((at, i) => at - (begins[i] ?? 0));
  for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(39);
});

test('a picker of the file decides, and one that names no scenario has failed the iteration', async () => {
  const ran: string[] = [];
  const stand = new Stand({
    iterations: 3,
    scenarios: { a: () => void ran.push('a'), b: () => void ran.push('b') },
    file: { scenarioPicker: (worker, iteration) => (iteration === 1 ? 'nobody' : worker === 6 ? 'b' : 'a') },
  });
  await stand.live(6);
  expect(ran).toEqual(['b', 'b']);
  expect(stand.crew.recorder.errors.all).toMatchObject([
    { scenario: 'scenarioPicker', message: "the scenario picker named 'nobody', which is no scenario" },
  ]);
});

test('a feeder without rows ends the load, or fails the iteration, as it was told', async () => {
  const stops = feed([1], { order: 'unique' });
  const stand = new Stand({ iterations: 5, scenarios: { take: () => void stops.next() } });
  await stand.live(0);
  expect(stand.ends).toEqual(['empty']);
  expect(stand.recorded('iterations')).toMatchObject([{ value: 1 }]);

  const fails = feed([1], { order: 'unique', whenEmpty: 'fail' });
  const failing = new Stand({ iterations: 3, scenarios: { take: () => void fails.next() } });
  await failing.live(0);
  expect(failing.ends).toEqual([]);
  expect(failing.crew.recorder.errors.all).toMatchObject([{ message: 'the feeder has no row left', count: 2 }]);
});

test('where the first failure ends the run, it does', async () => {
  const stand = new Stand({
    iterations: 9,
    brief: briefOf(planOf({ stopOnFailure: true })),
    scenarios: {
      fail: ({ iteration }) => {
        if (iteration === 2) throw new Error('no');
      },
    },
  });
  await stand.live(0);
  expect(stand.ends).toEqual(['failure']);
  expect(stand.recorded('iterations')).toMatchObject([{ value: 3 }]);
});

test('a session of a kind of its own is made once for a worker, and closed after the fixtures that end its session', async () => {
  const order: string[] = [];
  const stand = new Stand({
    iterations: 2,
    scenarios: {
      publish: async ({ session }) => {
        const queue = await session<{ send(text: string): void }>('queue');
        queue.send('hello');
      },
    },
    file: {
      sessionFactories: new Map([
        [
          'queue',
          ({ worker }) => {
            order.push(`open ${worker}`);
            return { send: (text: string) => order.push(text), close: () => order.push('close') };
          },
        ],
      ]),
      teardownSession: async ({ session }) => (await session<{ send(text: string): void }>('queue')).send('bye'),
      teardownWorker: () => order.push('teardownWorker'),
    },
  });
  await stand.live(5);
  expect(order).toEqual(['open 5', 'hello', 'hello', 'bye', 'close', 'teardownWorker']);
  expect(stand.recorded('iteration_failed').map(({ value }) => value)).toEqual([0]);
});
