import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runModule } from './node-process.test.fixture.ts';

test('a file anywhere gets the very objects, by names of every kind', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'loads-provided-'));
  const plugin = join(folder.path, 'plugin.mjs');
  await writeFile(
    plugin,
    `import given, { count, null as nothing } from '@scope/given';
     import * as all from '@scope/given';
     export const seen = [given.same, count === given.count, nothing(), Object.keys(all).toSorted()];`,
  );
  const { stdout } = await runModule(
    `const { provideModules } = await import(${JSON.stringify(new URL('./provided-modules.ts', import.meta.url).href)});
     const count = () => 1;
     provideModules({ '@scope/given': { default: { same: true, count }, count, null: () => 'null' } });
     console.log(JSON.stringify((await import(${JSON.stringify(plugin)})).seen));`,
  );
  expect(JSON.parse(stdout)).toEqual([true, true, 'null', ['count', 'default', 'null']]);
});
