import { expect, test } from 'vitest';
import { Recorder } from '../recording/recorder.ts';
import { EarlyStop } from './early-stop.ts';
import { Fixtures } from './fixtures.ts';
import type { Load } from './load.ts';
import { briefOf, planOf } from './sidecar.test.fixture.ts';

/** The fixtures of one process, which write down that they run; `change` are those that a test is about. */
function stand(change: Partial<Load>, place: { node?: number; process?: number } = {}) {
  const log: unknown[] = [];
  const stopping = new AbortController();
  const data = Promise.withResolvers<unknown>();
  const recorder = new Recorder(() => ({ phase: 'setup', fault: '' }));
  const load: Load = {
    waitsForSetup: true,
    setup: async () => log.push('setup') && 'made',
    setupProcess: async (setup) => void log.push(['setupProcess', setup]),
    teardownProcess: async (setup) => void log.push(['teardownProcess', setup]),
    run: () => Promise.resolve({ interrupted: 0 }),
    uncaught: () => undefined,
    teardown: async (setup) => void log.push(['teardown', setup]),
    ...change,
  };
  const fixtures = new Fixtures(load, {
    brief: briefOf(planOf({ gracefulStopMs: 60_000 }), place),
    link: { send: ({ type }) => void log.push(type === 'setup' ? 'passed on' : type), data: data.promise },
    recorder,
    stop: new EarlyStop({ stopped: stopping.signal, cut: new AbortController().signal }, 60_000),
    siblings: undefined,
  });
  return { fixtures, log, data, errors: recorder.errors, stop: () => stopping.abort() };
}

test('all of them run in the first process, and the value of the setup goes through all', async () => {
  const { fixtures, log, data } = stand({});
  data.resolve('made, as it came back');
  expect(await fixtures.setUp()).toBe('made');
  expect(log).toEqual(['setup', 'passed on', ['setupProcess', 'made, as it came back']]);
  await fixtures.undo();
  expect(log.slice(3)).toEqual([
    ['teardownProcess', 'made, as it came back'],
    ['teardown', 'made'],
  ]);
});

test('a stop while the setup runs: it gives its value to the teardown, and nothing more begins', async () => {
  const setup = Promise.withResolvers<string>();
  const { fixtures, log, stop } = stand({ setup: () => setup.promise });
  const setUp = fixtures.setUp();
  stop();
  setup.resolve('late');
  await expect(setUp).rejects.toMatchObject({ code: 'ERR_STOPPED' });
  await fixtures.undo();
  expect(log).toEqual([['teardown', 'late']]);
});

test('a stop while another node prepares: what waits ends, and only what was entered is undone', async () => {
  const other = stand({}, { node: 2 });
  const setUp = other.fixtures.setUp();
  other.stop();
  await expect(setUp).rejects.toMatchObject({ code: 'ERR_STOPPED' });
  await other.fixtures.undo();
  expect(other.log).toEqual([]);
});

test('a stop before anything was set up leaves nothing to undo', async () => {
  const { fixtures, log, stop } = stand({});
  stop();
  await expect(fixtures.setUp()).rejects.toMatchObject({ code: 'ERR_STOPPED' });
  await fixtures.undo();
  expect(log).toEqual([]);
});

test('the teardown of a fixture that threw runs, too, and what it throws is kept', async () => {
  const { fixtures, log, data, errors } = stand({
    setupProcess: () => Promise.reject(new Error('no licence')),
    teardown: () => Promise.reject(new Error('cannot tidy up')),
  });
  data.resolve(1);
  await expect(fixtures.setUp()).rejects.toThrow('no licence');
  await fixtures.undo();
  expect(log).toEqual(['setup', 'passed on', ['teardownProcess', 1]]);
  expect(errors.all).toMatchObject([{ scenario: 'teardown', message: 'cannot tidy up' }]);
});
