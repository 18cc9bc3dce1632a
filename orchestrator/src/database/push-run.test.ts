import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startTestInflux, type TestAnswer } from './influx.test.support.ts';
import { pushRun } from './push-run.ts';

const LINES = ['m v=1 1', 'm v=2 2', 'm v=3 3'];

async function runFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const dir = await mkdtempDisposable(join(tmpdir(), 'loads-run-'));
  await writeFile(join(dir.path, 'points.lp'), `${LINES.join('\n')}\n`);
  return dir;
}

test('all points are pushed, and again as often as one likes', async () => {
  await using influx = await startTestInflux();
  await using dir = await runFolder();
  for (let time = 1; time <= 2; time++) {
    expect(await pushRun(dir.path, influx.plan, new AbortController().signal)).toEqual({ written: 3, refused: 0 });
  }
  expect(influx.lines).toEqual([...LINES, ...LINES]);
});

test('a database that is busy is asked again, when it says', async () => {
  await using influx = await startTestInflux();
  await using dir = await runFolder();
  const answers: TestAnswer[] = [{ status: 429, headers: { 'retry-after': '1' } }, { status: 503 }];
  influx.onWrite = () => answers.shift() ?? { status: 204 };
  const begunMs = performance.now();
  const pushed = await pushRun(dir.path, influx.plan, new AbortController().signal);
  expect(pushed).toEqual({ written: 3, refused: 0 });
  expect(performance.now() - begunMs).toBeGreaterThan(1900);
  expect(influx.requests).toHaveLength(3);
});

test.each([
  [
    401,
    'ERR_DATABASE_DENIED',
    104,
    'correct `influx.token` (LOADS_INFLUX_TOKEN): it must be allowed to write to `loads`',
  ],
  [
    404,
    'ERR_DATABASE_DENIED',
    104,
    'make the bucket `loads` of the organisation `acme`, or correct `influx.url`, `bucket` and `org`',
  ],
])('one answer of %d is enough', async (status, code, exitCode, hint) => {
  await using influx = await startTestInflux();
  await using dir = await runFolder();
  influx.onWrite = () => ({ status, body: '{"message":"no"}', headers: { 'content-type': 'application/json' } });
  await expect(pushRun(dir.path, influx.plan, new AbortController().signal)).rejects.toMatchObject({
    ...{ code, exitCode, hint },
    message: `${influx.plan.url} answers ${status}: no`,
  });
  expect(influx.requests).toHaveLength(1);
});

test('where nothing answers it is said at once', async () => {
  await using dir = await runFolder();
  const { plan } = await startTestInflux().then(async (influx) => {
    await influx[Symbol.asyncDispose]();
    return influx;
  });
  const begunMs = performance.now();
  await expect(pushRun(dir.path, plan, new AbortController().signal)).rejects.toMatchObject({
    code: 'ERR_DATABASE',
    exitCode: 109,
    message: expect.stringContaining('ECONNREFUSED'),
  });
  expect(performance.now() - begunMs).toBeLessThan(400);
});

test('points that are refused for good are counted, with the reason, and do not hold up the others', async () => {
  await using influx = await startTestInflux();
  await using dir = await runFolder();
  influx.onWrite = (lines) => ({ status: lines.includes('m v=2 2') ? 400 : 204 });
  const pushed = await pushRun(dir.path, influx.plan, new AbortController().signal);
  expect(pushed).toEqual({ written: 2, refused: 1, refusal: expect.stringContaining('answers 400') });
});
