import { expect, test } from 'vitest';
import { Registry, registry, scenario, setup, teardown } from './registry.ts';

const run = (): undefined => undefined;

test('a file is what it declared, in that order', () => {
  const own = new Registry();
  own.addScenario('read', 90, run);
  own.addScenario('never', 0, run);
  own.setSetup(run);
  const file = own.finish();
  expect(file).toEqual({
    scenarios: [
      { name: 'read', weight: 90, run },
      { name: 'never', weight: 0, run },
    ],
    setup: run,
    teardown: undefined,
  });
});

test.each<[string, (own: Registry) => void, string]>([
  ['nothing', () => undefined, 'it declares no scenario'],
  ['only weights of 0', (own) => own.addScenario('a', 0, run), 'the weights of all scenarios are 0'],
  [
    'a name twice',
    (own) => {
      own.addScenario('a', 1, run);
      own.addScenario('a', 2, run);
    },
    "scenario 'a' is declared twice",
  ],
  ['a negative weight', (own) => own.addScenario('a', -1, run), "scenario 'a' has weight -1"],
  ['a weight that is no number', (own) => own.addScenario('a', Number.NaN, run), "scenario 'a' has weight NaN"],
  ['no function', (own) => own.addScenario('a', 1, undefined as never), "scenario 'a' has no function"],
  [
    'two setups',
    (own) => {
      own.setSetup(run);
      own.setSetup(run);
    },
    '`setup` is declared twice',
  ],
  [
    'two teardowns',
    (own) => {
      own.setTeardown(run);
      own.setTeardown(run);
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
  setup(run);
  teardown(run);
  const { scenarios, ...file } = registry.finish();
  expect(scenarios.map(({ name, weight }) => [name, weight])).toEqual([
    ['plain', 1],
    ['weighted', 3],
    ['without a weight', 1],
  ]);
  expect(file).toEqual({ setup: run, teardown: run });
  expect(() => (scenario as (name: string) => void)('nothing')).toThrow("scenario 'nothing' has no function");
});
