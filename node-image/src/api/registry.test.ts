import { expect, test } from 'vitest';
import {
  events,
  Registry,
  registry,
  scenario,
  scenarioPicker,
  setup,
  setupProcess,
  setupSession,
  setupWorker,
  teardown,
  teardownProcess,
  teardownSession,
  teardownWorker,
} from './registry.ts';

const run = (): undefined => undefined;

test('a file is what it declared, in that order', () => {
  const own = new Registry();
  own.addScenario('read', { weight: 90 }, run);
  own.addScenario('never', { weight: 0 }, run);
  own.addFixture('setup', run);
  own.addSessionFactory('queue', run);
  expect(() => own.addSessionFactory('queue', run)).toThrow("sessionFactory 'queue' is declared twice");
  const file = own.finish();
  expect(file).toEqual({
    scenarios: [
      { name: 'read', weight: 90, run },
      { name: 'never', weight: 0, run },
    ],
    setup: run,
    events: own.events,
    sessionFactories: new Map([['queue', run]]),
  });
});

test.each<[string, (own: Registry) => void, string]>([
  ['nothing', () => undefined, 'it declares no scenario'],
  ['only weights of 0', (own) => own.addScenario('a', { weight: 0 }, run), 'the weights of all scenarios are 0'],
  [
    'a name twice',
    (own) => {
      own.addScenario('a', { weight: 1 }, run);
      own.addScenario('a', { weight: 2 }, run);
    },
    "scenario 'a' is declared twice",
  ],
  ['a negative weight', (own) => own.addScenario('a', { weight: -1 }, run), "scenario 'a' has weight -1"],
  [
    'a weight that is no number',
    (own) => own.addScenario('a', { weight: Number.NaN }, run),
    "scenario 'a' has weight NaN",
  ],
  [
    'an option that there is not',
    (own) => own.addScenario('a', { wight: 2 } as never, run),
    "scenario 'a' has no option 'wight' (did you mean 'weight'?): there are weight, delay",
  ],
  ['no function', (own) => own.addScenario('a', { weight: 1 }, undefined as never), "scenario 'a' has no function"],
  ['a negative delay', (own) => own.addScenario('a', { delay: -5 }, run), "scenario 'a' has delay -5"],
  ['a delay of no sense', (own) => own.addScenario('a', { delay: '3s-1s' }, run), "scenario 'a' has delay 3s-1s"],
  ['a fixture that is none', (own) => own.addFixture('setupWorker', 5 as never), '`setupWorker` has no function'],
  [
    'two setups',
    (own) => {
      own.addFixture('setup', run);
      own.addFixture('setup', run);
    },
    '`setup` is declared twice',
  ],
  [
    'two teardowns',
    (own) => {
      own.addFixture('teardown', run);
      own.addFixture('teardown', run);
    },
    '`teardown` is declared twice',
  ],
])('%s is refused', (_, declare, message) => {
  const own = new Registry();
  expect(() => {
    declare(own);
    own.finish();
  }).toThrow(expect.objectContaining({ code: 'ERR_SCENARIO_LOAD', message }));
});

test('the functions of the API write into the registry of the process', () => {
  scenario('plain', run);
  scenario('weighted', { weight: 3 }, run);
  scenario('without a weight', {}, run);
  scenario('with a pause', { delay: '1s-3s' }, run);
  setup(run);
  teardown(run);
  setupProcess(run);
  teardownProcess(run);
  setupWorker(run);
  teardownWorker(run);
  setupSession(run);
  teardownSession(run);
  scenarioPicker(() => 'plain');
  events('scenario_failure', run);
  const { scenarios, ...file } = registry.finish();
  expect(scenarios.map(({ name, weight }) => [name, weight])).toEqual([
    ['plain', 1],
    ['weighted', 3],
    ['without a weight', 1],
    ['with a pause', 1],
  ]);
  expect(scenarios.at(-1)?.delay).toEqual({ minMs: 1000, maxMs: 3000 });
  expect([file.events.hears('scenario_failure'), file.events.hears('scenario_start')]).toEqual([true, false]);
  expect(file).toMatchObject({
    setup: run,
    teardown: run,
    setupProcess: run,
    teardownProcess: run,
    setupWorker: run,
    teardownWorker: run,
    setupSession: run,
    teardownSession: run,
  });
  expect(file.scenarioPicker?.(0, 0)).toBe('plain');
  expect(() => events('scenario_start', undefined as never)).toThrow("`events('scenario_start')` has no function");
  expect(() => (scenario as (name: string) => void)('nothing')).toThrow("scenario 'nothing' has no function");
});
