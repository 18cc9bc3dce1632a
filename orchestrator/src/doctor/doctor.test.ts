import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startTestInflux, type TestInflux } from '../database/influx.test.support.ts';
import { checkClock, checkDatabase } from './check-database.ts';
import { checkEngine, type EngineProbe } from './check-engine.ts';
import { checkFolder, checkNode, checkOpenFiles } from './check-machine.ts';
import { exitCodeOfFindings, type Finding } from './finding.ts';

const ALL_IMAGES: EngineProbe = {
  version: async () => ({ Version: '29.1', ApiVersion: '1.52' }),
  imageLabels: async () => ({ 'org.opencontainers.image.version': '2.0.0' }),
};

/** Gives back what was written, as InfluxQL does. */
function remembering(influx: TestInflux): void {
  influx.onQuery = () => {
    const [, value, time] = /value=(\d+) (\d+)$/.exec(influx.lines.at(-1) ?? '') ?? [];
    const series = [{ name: 'loads_doctor', columns: ['time', 'value'], values: [[Number(time), Number(value)]] }];
    return { status: 200, body: JSON.stringify({ results: [{ series }] }) };
  };
}

test.each([
  ['v24.0.0', 'ok'],
  ['v26.1.2', 'ok'],
  ['v22.9.0', 'fail'],
])('Node %s is %s', (version, status) => {
  expect(checkNode(version).status).toBe(status);
});

test('a folder that can be written is ok, and is left as it was; one that cannot fails with what to do', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-doctor-'));
  expect(await checkFolder(join(dir.path, 'a', 'b'))).toMatchObject({
    check: 'folder',
    status: expect.stringMatching(/ok|warn/),
  });
  await writeFile(join(dir.path, 'file'), '');
  expect(await checkFolder(join(dir.path, 'file', 'x'))).toMatchObject({
    status: 'fail',
    message: expect.stringMatching(/cannot be written: E/),
    hint: expect.any(String),
  });
});

test.each([
  ['Max open files            1024                 1048576              files', 'warn'],
  ['Max open files            1048576              1048576              files', 'ok'],
  ['Max open files            unlimited            unlimited            files', 'ok'],
  [undefined, 'ok'],
])('limits %j are %s', (limits, status) => {
  expect(checkOpenFiles(limits).status).toBe(status);
});

test('an engine with the images of this version is ok', async () => {
  const findings = await checkEngine(ALL_IMAGES, '2.0.0', true);
  expect(findings.map(({ check, status, message }) => `${check} ${status} ${message}`)).toEqual([
    'engine ok Docker 29.1 (API 1.52)',
    'image ok loads-node:2.0.0',
    'image ok loads-vaurien:2.0.0',
  ]);
});

test.each([
  [true, 'fail', 109],
  [false, 'warn', 0],
] as const)('without an engine, or its images, and needed: %s', async (needed, status, exitCode) => {
  const gone: EngineProbe = { ...ALL_IMAGES, version: () => Promise.reject(new Error('connect ENOENT')) };
  const findings = await checkEngine(gone, '2.0.0', needed);
  expect(findings).toEqual([
    expect.objectContaining({ check: 'engine', status, hint: expect.stringContaining('DOCKER_HOST') }),
  ]);
  expect(exitCodeOfFindings(findings)).toBe(exitCode);

  const images = await checkEngine({ ...ALL_IMAGES, imageLabels: async () => undefined }, '2.0.0', needed);
  expect(images.map((one) => one.status)).toEqual(['ok', status, status]);
  const old = await checkEngine(ALL_IMAGES, '2.0.1', needed);
  const message = 'the image loads-node:2.0.1 holds version 2.0.0, and this is 2.0.1';
  expect(old[1]).toMatchObject({ status, message, hint: 'loads images build' });
  expect(exitCodeOfFindings(old)).toBe(exitCode);
});

test('a database that gives back the point is ok', async () => {
  await using influx = await startTestInflux();
  remembering(influx);
  const findings = await checkDatabase(influx.plan, 'this host');
  expect(findings.map(({ check, status }) => [check, status])).toEqual([
    ['database', 'ok'],
    ['clock', 'ok'],
  ]);
  expect(influx.lines[0]).toMatch(/^loads_doctor,host=this\\ host value=\d+ \d+$/);
});

test('without a database there is nothing to find', async () => {
  expect(exitCodeOfFindings(await checkDatabase(undefined, 'h'))).toBe(0);
});

test.each([
  [
    'refuses the token to write',
    (influx: TestInflux) => (influx.onWrite = () => ({ status: 401 })),
    104,
    /influx\.token/,
  ],
  ['has no such bucket', (influx: TestInflux) => (influx.onWrite = () => ({ status: 404 })), 104, /make the bucket/],
  ['is not ready', (influx: TestInflux) => (influx.onWrite = () => ({ status: 503 })), 109, /overloaded or not there/],
  [
    'may not be read',
    (influx: TestInflux) => (influx.onQuery = () => ({ status: 403, body: 'no' })),
    104,
    /allowed to read/,
  ],
  ['is none', (influx: TestInflux) => (influx.onQuery = () => ({ status: 200, body: '<html>' })), 104, /influx\.url/],
  [
    'has no such database',
    (influx: TestInflux) =>
      (influx.onQuery = () => ({ status: 200, body: '{"results":[{"error":"database not found: loads"}]}' })),
    104,
    /influx/,
  ],
])('a database that %s', async (_, break_, exitCode, hint) => {
  await using influx = await startTestInflux();
  break_(influx);
  const findings = await checkDatabase(influx.plan, 'h');
  expect(findings).toEqual([expect.objectContaining({ status: 'fail', exitCode, hint: expect.stringMatching(hint) })]);
});

test('a point that cannot be read back fails', async () => {
  await using influx = await startTestInflux();
  const [finding] = await checkDatabase(influx.plan, 'h', () => 5, 50);
  expect(finding).toMatchObject({ status: 'fail', message: expect.stringContaining('cannot be read') });
});

test.each([
  [0, 'ok'],
  [1400, 'ok'],
  [-1400, 'ok'],
  [4000, 'warn'],
  [-4000, 'warn'],
])('a clock that is %d ms behind ours is %s', (skewMs, status) => {
  const nowMs = 1_750_000_000_500;
  expect(checkClock(nowMs - 500 - skewMs, nowMs).status).toBe(status);
});

test('what has to be mended here decides over what does not answer', () => {
  const finding = (exitCode: Finding['exitCode']): Finding => ({ check: 'x', status: 'fail', message: '', exitCode });
  expect(exitCodeOfFindings([finding(109), finding(104)])).toBe(104);
  expect(exitCodeOfFindings([finding(109)])).toBe(109);
  expect(exitCodeOfFindings([{ ...finding(109), status: 'warn' }])).toBe(0);
});
