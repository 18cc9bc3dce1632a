import { expect, test } from 'vitest';
import type { ProcessTeardownContext, ScenarioContext, SetupContext } from '../api/context.ts';
import { Registry, type ScenarioFile } from '../api/registry.ts';
import { declareTests } from './declare-tests.ts';
import { nodeTestApi } from './node-test-api.ts';
import { TestFile } from './test-file.ts';
import { vitestApi } from './vitest-api.ts';
import type { VitestModule } from './vitest-module.ts';

type Declare = {
  (...args: unknown[]): unknown;
  readonly skip: Declare;
  readonly todo: Declare;
  readonly only: Declare;
  readonly fails: Declare;
  readonly concurrent: Declare;
  readonly skipIf: (condition: boolean) => Declare;
  readonly each: (table: readonly unknown[]) => Declare;
  readonly for: (table: readonly unknown[]) => Declare;
};
type Hook = 'before' | 'after' | 'beforeEach' | 'afterEach' | 'onTestFinished';
type Api = Readonly<Record<'test' | 'it' | 'describe', Declare>> &
  Readonly<Record<Hook, (run: () => unknown) => void>> & {
    readonly vi: Readonly<Record<string, (module: string) => void>>;
  };

/** What a file declares that is written for a runner. */
async function declared(runner: 'node:test' | 'vitest', write: (api: Api) => unknown): Promise<ScenarioFile> {
  const file = new TestFile();
  const registry = new Registry();
  const vitest: VitestModule = { expect: expect as unknown as VitestModule['expect'], vi: {} };
  await write((runner === 'vitest' ? vitestApi(file, vitest) : nodeTestApi(file)) as unknown as Api);
  await declareTests(file, registry);
  return registry.finish();
}

/** A context that runs steps and nothing else. */
function contextOf(steps: string[] = []): ScenarioContext {
  const step = async (name: string, run: () => unknown): Promise<unknown> => {
    steps.push(name);
    return await run();
  };
  return { step, signal: new AbortController().signal } as unknown as ScenarioContext;
}

async function runAll({ scenarios }: ScenarioFile, steps?: string[]): Promise<readonly string[]> {
  const outcomes: string[] = [];
  for (const { name, run } of scenarios) {
    const context = contextOf(steps);
    const outcome = await Promise.resolve(run(context)).then(
      () => 'ok',
      (error: unknown) => (error as Error).message,
    );
    outcomes.push(`${name}: ${outcome}`);
  }
  return outcomes;
}

const none = (): void => undefined;

test.each(['node:test', 'vitest'] as const)('of %s every test that is not skipped is a scenario', async (runner) => {
  const { scenarios } = await declared(runner, ({ test: one, it, describe }) => {
    one('alone', none);
    one.skip('skipped', none);
    one.todo('to do');
    describe('basket', async () => {
      await Promise.resolve();
      it('takes', none);
      describe('empty', () => void it('takes', none));
      describe.skip('closed', () => void it('takes', none));
      it('takes', none);
    });
    one('without a function');
  });
  expect(scenarios.map(({ name, weight }) => [name, weight])).toEqual([
    ['alone', 1],
    ['basket > takes', 1],
    ['basket > empty > takes', 1],
    ['basket > takes (2)', 1],
  ]);
});

test('an only leaves out what stands beside it', async () => {
  const { scenarios } = await declared('vitest', ({ test: one, describe }) => {
    one('beside', none);
    describe.only('chosen', () => {
      one('a', none);
      one('b', none);
    });
    describe('other', () => {
      one.only('c', none);
      one('d', none);
    });
  });
  expect(scenarios.map(({ name }) => name)).toEqual(['chosen > a', 'chosen > b', 'other > c']);
});

test('a file whose tests are all skipped is refused, and so is a describe that throws later', async () => {
  const skipped = declared('node:test', ({ test: one }) => one.skip('a', none));
  await expect(skipped).rejects.toMatchObject({
    code: 'ERR_SCENARIO_LOAD',
    message: expect.stringContaining('all are skipped'),
  });
  const broken = declared(
    'node:test',
    ({ describe }) => void describe('a', () => Promise.reject(new Error('no stock'))),
  );
  await expect(broken).rejects.toThrow('no stock');
});

test.each<['node:test' | 'vitest', string]>([
  ['node:test', 'outer inner1 inner2 test after-inner1 after-inner2 after-outer'],
  ['vitest', 'outer inner1 inner2 test after-inner2 after-inner1 after-outer'],
])('hooks of %s are around each test in its order, also when it fails', async (runner, order) => {
  const ran: string[] = [];
  const note = (what: string) => (): void => void ran.push(what);
  const file = await declared(runner, ({ beforeEach, afterEach, describe, test: one }) => {
    beforeEach(note('outer'));
    afterEach(note('after-outer'));
    describe('inner', () => {
      for (const i of [1, 2]) {
        beforeEach(note(`inner${i}`));
        afterEach(note(`after-inner${i}`));
      }
      one('fails', () => {
        ran.push('test');
        throw new Error('no');
      });
    });
  });
  expect(await runAll(file)).toEqual(['inner > fails: no']);
  expect(ran.join(' ')).toBe(order);
});

test('a test is not run when a hook before it throws, and the hooks after it are', async () => {
  const ran: string[] = [];
  const file = await declared('vitest', ({ beforeEach, afterEach, test: one }) => {
    beforeEach(() => () => void ran.push('cleanup'));
    beforeEach(() => Promise.reject(new Error('not ready')));
    afterEach(() => void ran.push('after'));
    one('a', () => void ran.push('test'));
  });
  expect(await runAll(file)).toEqual(['a: not ready']);
  expect(ran).toEqual(['after', 'cleanup']);
});

test('hooks around suites are fixtures of the process, for suites with a test', async () => {
  const ran: string[] = [];
  const note = (what: string) => (): void => void ran.push(what);
  const { setupProcess, teardownProcess } = await declared('node:test', ({ before, after, describe, test: one }) => {
    before(note('before'));
    after(note('after'));
    describe('inner', () => {
      before(note('before inner'));
      after(() => {
        ran.push('after inner');
        throw new Error('no');
      });
      one('a', none);
    });
    describe('empty', () => before(note('never')));
  });
  await setupProcess?.({} as SetupContext);
  await expect(teardownProcess?.({} as ProcessTeardownContext)).rejects.toThrow('no');
  expect(ran).toEqual(['before', 'before inner', 'after inner', 'after']);
});

type T = {
  test(name: string, run: (t: T) => unknown): Promise<void>;
  plan(count: number): void;
  beforeEach(run: () => unknown): void;
  after(run: () => unknown): void;
  waitFor<R>(run: () => R, options?: object): Promise<R>;
  assert: { ok(value: unknown): void };
  mock: { method(on: object, name: string, as: () => unknown): void };
};

test('sub-tests of node:test are steps, one after the other, and their failure is the test’s', async () => {
  const steps: string[] = [];
  const ran: string[] = [];
  const file = await declared('node:test', ({ test: one, it }) => {
    one('outer', async (t: T) => {
      t.beforeEach(() => void ran.push('each'));
      // Not waited for, as in many files.
      void t.test('a', async (inner) => {
        await inner.test('deep', () => void ran.push('deep'));
        ran.push('a');
      });
      await t.test('b', () => Promise.reject(new Error('b fails')));
      await it('global', () => void ran.push('global'));
      ran.push('end');
    });
  });
  expect(await runAll(file, steps)).toEqual(['outer: b fails']);
  expect(steps).toEqual(['a', 'deep', 'b', 'global']);
  expect(ran).toEqual(['each', 'deep', 'a', 'each', 'each', 'global', 'end']);
});

test('the context of node:test has a plan, mocks that end with the test, hooks and callbacks', async () => {
  const shop = { open: () => true };
  let closed = 0;
  const file = await declared('node:test', ({ test: one }) => {
    one('kept', (t: T) => {
      t.plan(1);
      t.assert.ok(true);
      t.after(() => void closed++);
      t.mock.method(shop, 'open', () => false);
      if (shop.open()) throw new Error('is not mocked');
    });
    one('broken', (t: T) => t.plan(2));
    one('callback', (_: T, done: (error?: Error) => void) => setImmediate(done, new Error('called')));
    one('waits', async (t: T) => {
      let calls = 0;
      await t.waitFor(
        () => {
          if (++calls < 3) throw new Error('not yet');
        },
        { interval: 1 },
      );
    });
    one('never', { timeout: 5 }, () => new Promise(() => undefined));
  });
  expect(await runAll(file)).toEqual([
    'kept: ok',
    'broken: plan expected 2 assertions but received 0',
    'callback: called',
    'waits: ok',
    'never: the test has not ended within 5 ms',
  ]);
  expect([shop.open(), closed]).toEqual([true, 1]);
});

test('tests of vitest take values, fail on purpose, and tell who listens of their end', async () => {
  const ran: unknown[] = [];
  const file = await declared('vitest', ({ test: one, describe, onTestFinished }) => {
    one.each([
      [1, 2],
      [3, 4],
    ])('%i and %i', (a: number, b: number) => void ran.push(a + b));
    one.for([{ n: 5 }])(
      'for $n',
      ({ n }: { n: number }, { task }: { task: { name: string } }) => void ran.push([n, task.name]),
    );
    one.fails('on purpose', () => Promise.reject(new Error('no')));
    one.fails('by mistake', none);
    one('skips itself', ({ skip }: { skip: () => void }) => {
      skip();
      ran.push('never');
    });
    one.concurrent('finishes', () => void onTestFinished(() => void ran.push('finished')));
    describe.each(['x'])('in %s', (value: string) => {
      one('is', () => void ran.push(value));
    });
    one.skipIf(true)('not here', none);
  });
  expect(await runAll(file)).toEqual([
    '1 and 2: ok',
    '3 and 4: ok',
    'for 5: ok',
    'on purpose: ok',
    'by mistake: the test was expected to fail, and did not',
    'skips itself: ok',
    'finishes: ok',
    'in x > is: ok',
  ]);
  expect(ran).toEqual([3, 7, [5, 'for 5'], 'finished', 'x']);
});

// Written out, vitest would take it for its own.
const MOCK: string = 'mock';

test('what only vitest itself can do is refused by its name', async () => {
  const mocked = declared('vitest', ({ vi }) => vi[MOCK]?.('./stock.ts'));
  await expect(mocked).rejects.toThrow("vi.mock() needs vitest's own runner");
});
