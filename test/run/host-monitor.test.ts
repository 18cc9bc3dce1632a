import { expect, test } from 'vitest';
import { runLoads, startLoads } from '../support/loads.ts';
import { Workspace } from '../support/workspace.ts';

const IDLE = `import { scenario } from '@loads/node';
scenario('idle', async ({ sleep }) => { await sleep(100); });
`;
const PLUGIN = `let asked = 0;
export const queue = { name: 'queue', read: () => ({ length: 7, asked: ++asked, broken: Number.NaN }) };
`;
const TOKEN = 'not-for-the-logs';

test('a run watches hosts: what they tell is shown for each and judged, and one that is away disturbs nothing', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('idle.ts', IDLE);
  await workspace.write('queue.ts', PLUGIN);
  await using monitor = startLoads(
    workspace,
    ['monitor', '--listen', '127.0.0.1:0', '--plugin', './queue.ts', '--json'],
    { LOADS_MONITOR_TOKEN: TOKEN },
  );
  await monitor.shows(/"url":"http:\/\/127\.0\.0\.1:\d+"/);
  const url = /"url":"([^"]+)"/.exec(monitor.stdout)?.[1] ?? '';
  await workspace.write(
    'loads.yml',
    `scenario: ./idle.ts
nodes: 2
workers: 2
duration: 3s
monitors:
  here: { url: '${url}', token: '\${TOKEN}' }
thresholds:
  host_load{host:here}: ['min>=0', 'max<0']
  host_queue_length{host:here}: value==7
`,
  );
  const args = ['run', '--monitor', 'gone=http://127.0.0.1:1', '--report', 'report.html'];
  const { exitCode, stdout, stderr } = await runLoads(workspace, args, { TOKEN });
  expect(exitCode, stdout + stderr).toBe(99);
  expect(stdout).toMatch(/^ *host_queue_length\{host:here\} +gauge +7/m);

  const { custom, thresholds, total, lost, durationMs } = await workspace.summary();
  const rows = new Map(custom.map((row) => [row.metric, row.value ?? Number.NaN]));
  const names = ['host_load', 'host_memory', 'host_net_in', 'host_net_out', 'host_queue_asked'];
  for (const name of names) expect(rows.get(`${name}{host:here}`), name).toBeGreaterThanOrEqual(0);
  expect(rows.get('host_cpu{host:here}')).toBeGreaterThan(0);
  expect(rows.get('host_cpu{host:here}')).toBeLessThanOrEqual(1);
  // One of the two nodes asked, once a second.
  expect(rows.get('host_queue_asked{host:here}')).toBeLessThan((1.5 * durationMs) / 1000 + 1);
  expect(rows.get('host_refused{host:here}')).toBeGreaterThan(0);
  expect(rows.get('host_missed{host:gone,reason:connection}')).toBeGreaterThan(0);
  expect([...rows.keys()].filter((name) => name.includes('gone'))).toHaveLength(1);
  expect(thresholds.map(({ metric, expression, ok }) => [metric, expression, ok])).toEqual([
    ['host_load{host:here}', 'min>=0', true],
    ['host_load{host:here}', 'max<0', false],
    ['host_queue_length{host:here}', 'value==7', true],
  ]);
  expect([total.ko, lost]).toEqual([0, 0]);
  const report = (await workspace.lines('report.html')).join('\n');
  expect(report).toContain('host_cpu{host:here}');
  expect(stdout + stderr + report).not.toContain(TOKEN);

  monitor.kill('SIGTERM');
  expect((await monitor.ended).exitCode).toBe(0);
});
