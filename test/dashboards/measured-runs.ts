import { expect } from 'vitest';
import type { InfluxServer } from '../servers/influx.ts';
import type { Echo } from '../support/echo.ts';
import { runLoads } from '../support/loads.ts';
import type { Target } from '../support/target.ts';
import type { Workspace } from '../support/workspace.ts';

/** Two faults, one after the other. */
export const CHAOS: string = `
chaos:
  - { name: slow, at: 2s, for: 3s, proxy: web, behavior: '30:delay', sleep: 300ms }
  - { name: broken, at: 7s, for: 2s, proxy: web, behavior: '40:error', code: 503 }`;

/** Runs an open model with too few workers for the slow phase, so that iterations are late and dropped. Gives the link. */
export async function runInto(
  server: InfluxServer,
  target: Target,
  workspace: Workspace,
  { duration, chaos }: { readonly duration: string; readonly chaos: string },
): Promise<string> {
  await workspace.write(
    'loads.yml',
    `
scenario: ./visit.ts
target: ${target.url}
nodes: 2
rate: 50/s
maxWorkers: 6
duration: ${duration}
recovery: 1s
seed: 7
grafana: http://localhost:3000
proxies:
  web: { protocol: http }${chaos}
thresholds:
  http_req_failed{phase:steady}: rate<0.5
influx: { url: '${server.url}', bucket: ${server.bucket}, org: ${server.org}, token: ${server.token} }
`,
  );
  const { stdout, stderr } = await runLoads(workspace, ['run']);
  const links = stdout.match(/http:\/\/localhost:3000\/d\/\S+/g) ?? [];
  // One to follow the run, and one when it has ended.
  expect(links, stdout + stderr).toHaveLength(2);
  return links[1] ?? '';
}

/** Runs a scenario that speaks TCP alone. */
export async function runLines(server: InfluxServer, echo: Echo, workspace: Workspace): Promise<void> {
  await workspace.write(
    'lines.ts',
    `import { scenario } from '@loads/node';
scenario('lines', async ({ tcp, env, sleep }) => {
  const line = await tcp.connect(env.ECHO, { name: 'echo' });
  await line.sendAll('hello\\n');
  await line.receiveUntil('\\n');
  await sleep(50);
});
`,
  );
  await workspace.write(
    'loads.yml',
    `
scenario: ./lines.ts
nodes: 1
workers: 2
duration: 3s
env: { ECHO: '${echo.address}' }
influx: { url: '${server.url}', bucket: ${server.bucket}, org: ${server.org}, token: ${server.token} }
`,
  );
  const { exitCode, stdout, stderr } = await runLoads(workspace, ['run']);
  expect(exitCode, stdout + stderr).toBe(0);
}
