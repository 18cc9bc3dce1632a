import { once } from 'node:events';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inspectScenario } from './inspect-scenario.ts';
import { isWaiting, startInspector } from './inspector.ts';

const NODE_API = import.meta.resolve('@loads/node');
const NEVER = new AbortController().signal;

test('one that waits is asked once, and its scenario sees the environment of the request alone', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-inspector-'));
  const file = join(dir.path, 'shop.ts');
  const name = `[process.env.GIVEN, process.env.EARLIER, process.env.NODE_COMPILE_CACHE].join('/')`;
  await writeFile(file, `import { scenario } from '${NODE_API}'; scenario(${name}, async () => {});`);
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => key !== 'NODE_COMPILE_CACHE'));
  const inspector = startInspector({ ...process.env, EARLIER: 'x' });
  expect(isWaiting(inspector)).toBe(true);
  for (const given of ['one', 'two']) {
    // The second time it is gone, and another one is started.
    const { scenarios } = await inspectScenario(file, { ...env, GIVEN: given }, NEVER, [], inspector);
    expect(scenarios).toEqual([{ name: `${given}//`, weight: 1 }]);
    expect(isWaiting(inspector)).toBe(false);
  }
});

test('one that is never asked ends with whoever started it, and one that has ended is not asked', async () => {
  const inspector = startInspector(process.env);
  inspector.stdin.end();
  const [code] = (await once(inspector, 'close')) as [number | null];
  expect(code).toBe(0);
  expect(isWaiting(inspector)).toBe(false);
});
