import { expect, test } from 'vitest';
import { describeOnEngine } from '../support/docker.ts';
import { runLoads } from '../support/loads.ts';
import { requestsByName } from '../support/requests-by-name.ts';
import { startTarget } from '../support/target.ts';
import { Workspace } from '../support/workspace.ts';

const TESTS = `
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

let ready = false;
before(() => { ready = true; console.log('made ready'); });
after(() => console.log('cleaned up'));
test('lists its items', async (t) => {
  assert.ok(ready);
  const response = await fetch(process.env.SHOP + '/items');
  await t.test('as a list', async () => assert.ok(Array.isArray(await response.json())));
});
`;

await describeOnEngine('functional tests in containers', ['node:24-bookworm-slim'], () => {
  test('a file for node:test is load there, too, over two processes; -v shows their requests, and ends with the run', async () => {
    await using target = await startTarget('0.0.0.0');
    await using workspace = await Workspace.create();
    await workspace.write('shop.test.ts', TESTS);
    const { exitCode, stdout, stderr, tookMs } = await runLoads(workspace, [
      ...['run', 'shop.test.ts', '--on', 'docker', '-p', '2', '-w', '2', '-i', '20', '-v'],
      ...['-e', `SHOP=http://host.docker.internal:${new URL(target.url).port}`],
    ]);
    expect(exitCode, stdout + stderr).toBe(0);
    const summary = await workspace.summary();
    expect(requestsByName(summary)).toEqual({ 'GET /items': 20 });
    expect(summary.steps).toMatchObject([{ name: 'as a list', duration: { count: 20 } }]);
    expect((await target.stats()).requests['GET /items']).toBe(20);
    for (const line of ['made ready', 'cleaned up', '* lists its items: GET /items'])
      expect(stdout.split('\n')).toContain(`node 1 scenario | ${line}`);
    expect(stdout.match(/\| cleaned up$/gm)).toHaveLength(2);
    // An answer of the engine that nobody reads would keep the command for minutes.
    expect(tookMs).toBeLessThan(60_000);
  });
});
