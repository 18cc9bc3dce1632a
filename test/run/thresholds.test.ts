import { expect, test } from 'vitest';
import { runLoads } from '../support/loads.ts';
import { startTarget } from '../support/target.ts';
import { Workspace } from '../support/workspace.ts';

test('a threshold that is crossed, or has no samples, fails the run and is named', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('visit.ts');
  await workspace.write(
    'loads.yml',
    `
scenario: ./visit.ts
iterations: 5
thresholds:
  http_req_duration: p(95)<0.001
  http_req_failed: rate<0.01
  http_req_duration{name:nowhere}: p(95)<500
  orders_placed: count>=0
`,
  );
  const { exitCode, stdout } = await runLoads(workspace, ['run', '-t', target.url]);
  expect(exitCode, stdout).toBe(99);
  const { outcome, reasons, thresholds } = await workspace.summary();
  expect(outcome).toBe('failed');
  expect(reasons).toEqual([
    expect.stringMatching(/^threshold http_req_duration: p\(95\)<0\.001 does not hold: it is \d/),
    'threshold http_req_duration{name:nowhere}: p(95)<500 does not hold: no samples',
    'threshold orders_placed: count>=0 does not hold: no samples',
  ]);
  expect(thresholds.map(({ metric, ok }) => [metric, ok])).toEqual([
    ['http_req_duration', false],
    ['http_req_failed', true],
    ['http_req_duration{name:nowhere}', false],
    ['orders_placed', false],
  ]);
  expect(stdout).toContain('FAILED');
  for (const reason of reasons) expect(stdout).toContain(reason);
});

test('iterations that throw fail the run only where that is asked for', async () => {
  await using workspace = await Workspace.create();
  await workspace.write(
    'shop.ts',
    `import { scenario } from '@loads/node';
scenario('buy', async ({ iteration, sleep }) => {
  await sleep(50);
  if (iteration % 2 === 0) throw new Error('no rope left');
});`,
  );
  const tolerant = await runLoads(workspace, ['run', 'shop.ts', '-i', '10']);
  expect(tolerant.exitCode, tolerant.stdout).toBe(0);
  const { iterations, errors } = await workspace.summary();
  const failed = iterations[0]?.failed ?? 0;
  expect(failed).toBeGreaterThan(3);
  expect(errors).toMatchObject([{ scenario: 'buy', failure: 'assertion', message: 'no rope left', count: failed }]);
  expect(tolerant.stdout).toContain(`${failed} × buy: no rope left`);

  const strict = await runLoads(workspace, ['run', 'shop.ts', '-i', '6', '--fail']);
  expect(strict.exitCode, strict.stdout).toBe(97);
  expect((await workspace.summary()).reasons).toEqual([expect.stringMatching(/^\d+ iterations failed$/)]);

  const lenient = await runLoads(workspace, ['run', 'shop.ts', '-i', '6', '--fail', '1000']);
  expect(lenient.exitCode, lenient.stdout).toBe(0);
});
