import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { withDotEnv } from './dot-env.ts';

test('of a .env file the variables of loads are taken, and those of the environment stand over them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loads-env-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, '.env');
  await writeFile(path, '# secrets\nLOADS_INFLUX_TOKEN="a b"\nLOADS_NODES=3\nLOADS_INFLUX_ORG=\nPATH=/nowhere\n');
  const env = { PATH: '/bin', LOADS_NODES: '5' };
  expect(withDotEnv(env, path)).toEqual({ PATH: '/bin', LOADS_INFLUX_TOKEN: 'a b', LOADS_NODES: '5' });
  expect(withDotEnv(env, join(folder, 'none'))).toBe(env);
});
