import { expect, test } from 'vitest';
import { Registry } from '../api/registry.ts';
import { scenariosOf, withWeights } from './choose.ts';

function fileOf(weights: Readonly<Record<string, number>>): ReturnType<Registry['finish']> {
  const registry = new Registry();
  for (const [name, weight] of Object.entries(weights)) registry.addScenario(name, { weight }, () => undefined);
  return registry.finish();
}

test('weights of the plan stand over those of the file, and 0 leaves a scenario out', () => {
  const file = withWeights(fileOf({ read: 90, write: 10, never: 0 }), { write: 0, never: 2 });
  expect(scenariosOf(file, {}, {}).map(({ name, weight }) => [name, weight])).toEqual([
    ['read', 90],
    ['never', 2],
  ]);
});

test('a weight of no scenario is refused, and so are weights that leave none', () => {
  const file = fileOf({ read: 1, write: 1 });
  expect(() => withWeights(file, { raed: 2 })).toThrow("there is no scenario 'raed'; did you mean 'read'?");
  expect(() => withWeights(file, { read: 0, write: 0 })).toThrow('the weights of all scenarios are 0');
});
