import { expect, test } from 'vitest';
import { closedPort, serveTcp } from '../http/servers.test.fixture.ts';
import { Recorder } from '../recording/recorder.ts';
import { written } from '../recording/samples.test.fixture.ts';
import { briefOf, planOf } from '../runtime/sidecar.test.fixture.ts';
import { runHealthCheck } from './run-health-check.ts';

test('what a node does not reach is a failed check, and one error that names it', async () => {
  await using target = await serveTcp(() => undefined);
  const backend = { host: '127.0.0.1', port: await closedPort() };
  const proxies = [{ name: 'db', backend, protocol: 'tcp', behaviors: [] }];
  const brief = briefOf(planOf({ target: target.url, proxies }), { node: 2 });
  const recorder = new Recorder(() => ({ phase: 'steady', fault: '' }));
  const cut = new AbortController();
  const link = { cut: cut.signal } as Parameters<typeof runHealthCheck>[0]['link'];
  expect(await runHealthCheck({ brief, link, recorder })).toEqual({ interrupted: 0 });
  expect(recorder.errors.all).toMatchObject([
    {
      scenario: 'health check',
      failure: 'refused',
      message: `node 2 does not reach the backend of db, 127.0.0.1:${backend.port}: connection refused`,
    },
  ]);
  const { arrived } = written((sink) => recorder.flush(sink));
  const checks = arrived.flatMap(({ name, tags, value }) => (name === 'checks' ? [[tags.check, value]] : []));
  expect(Object.fromEntries(checks)).toEqual({ 'reaches the target': 1, 'reaches the backend of db': 0 });
  expect(arrived.find(({ name }) => name === 'iteration_failed')?.value).toBe(1);
});
