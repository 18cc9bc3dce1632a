import { chmod, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { CERTIFICATE, PRIVATE_KEY } from '../../node-image/src/http/self-signed.test.fixture.ts';
import { describeOnEngine } from '../support/docker.ts';
import { runLoads, startLoads } from '../support/loads.ts';
import { Workspace } from '../support/workspace.ts';
import { startForward } from './forward.ts';
import { containerOf, containersOf, madeBy } from './made-by.ts';

const IDLE = `import { scenario } from '@loads/node';
scenario('idle', async ({ sleep }) => { await sleep(50); });
`;

/** A folder with the scenario that only waits. */
async function idleWorkspace(): Promise<Workspace> {
  const workspace = await Workspace.create();
  await workspace.write('idle.ts', IDLE);
  return workspace;
}

await describeOnEngine('container engines', ['node:24-bookworm-slim'], () => {
  test('nodes are spread over several engines, and an engine that is away for a while loses nothing', async () => {
    await using forward = await startForward();
    await using workspace = await idleWorkspace();
    const hosts = ['--docker-host', 'unix:///var/run/docker.sock', '--docker-host', `tcp://127.0.0.1:${forward.port}`];
    await using loads = startLoads(workspace, [
      'run',
      'idle.ts',
      '--on',
      'docker',
      '--nodes',
      '3',
      '-d',
      '6s',
      ...hosts,
    ]);
    await loads.shows(/^\S+s \/ 6s/m);
    const run = (await workspace.run()).split('/').at(-1) ?? '';
    const sidecars = (await containersOf(run)).filter(({ labels }) => labels['loads.role'] === 'sidecar');
    const hostOf = ({ name }: { readonly name: string }): string => /-(host\d)-/.exec(name)?.[1] ?? '';
    expect(sidecars.map((one) => `${one.labels['loads.node']} ${hostOf(one)}`).sort()).toEqual([
      '1 host1',
      '2 host2',
      '3 host1',
    ]);
    await forward.cut();
    setTimeout(() => void forward.mend(), 3000);
    const { exitCode, stdout, stderr } = await loads.ended;
    expect(exitCode, stdout + stderr).toBe(0);
    expect(await workspace.summary()).toMatchObject({
      lost: 0,
      nodeRows: [{ state: 'done' }, { state: 'done' }, { state: 'done' }],
    });
    expect(await madeBy(loads.pid)).toEqual([]);
  });

  test('an engine is reached with TLS and through ssh', async () => {
    await using forward = await startForward({ key: PRIVATE_KEY, cert: CERTIFICATE });
    await using workspace = await idleWorkspace();
    for (const [name, content] of [
      ['ca.pem', CERTIFICATE],
      ['cert.pem', CERTIFICATE],
      ['key.pem', PRIVATE_KEY],
    ] as const)
      await workspace.write(name, content);
    const tls = {
      DOCKER_HOST: `tcp://localhost:${forward.port}`,
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: workspace.path,
    };
    const secured = await runLoads(workspace, ['ps', '--json'], tls);
    expect([secured.exitCode, secured.stderr]).toEqual([0, '']);
    const refused = await runLoads(workspace, ['ps'], { DOCKER_HOST: `tcp://localhost:${forward.port}` });
    expect(refused.exitCode).toBe(109);

    // What `ssh host docker system dial-stdio` does, without the host.
    await workspace.write(
      'dial.cjs',
      `require('node:fs').appendFileSync(${JSON.stringify(workspace.file('ssh.log'))}, process.argv.slice(2).join(' ') + '\\n');
const engine = require('node:net').connect('/var/run/docker.sock');
process.stdin.pipe(engine).pipe(process.stdout);
`,
    );
    await writeFile(
      workspace.file('ssh'),
      `#!/bin/sh\nexec '${process.execPath}' '${workspace.file('dial.cjs')}' "$@"\n`,
    );
    await chmod(workspace.file('ssh'), 0o755);
    const ssh = { PATH: `${workspace.path}:${process.env.PATH}`, DOCKER_HOST: 'ssh://load@gen-1:2222' };
    const { exitCode, stdout, stderr } = await runLoads(
      workspace,
      ['run', 'idle.ts', '--on', 'docker', '-i', '5'],
      ssh,
    );
    expect(exitCode, stdout + stderr).toBe(0);
    const logins = await workspace.lines('ssh.log');
    expect(logins[0]).toMatch(/-l load -p 2222 -- gen-1 docker system dial-stdio$/);
    // Requests share connections.
    expect(logins.length).toBeLessThanOrEqual(6);
  });

  test('what is wrong with an engine is one clear message each', async () => {
    await using workspace = await idleWorkspace();
    const run = ['run', 'idle.ts', '--on', 'docker'];
    const none = await runLoads(workspace, run, { DOCKER_HOST: 'unix:///nowhere.sock' });
    expect([none.exitCode, none.stderr]).toEqual([
      109,
      expect.stringMatching(/no container engine answers at unix:.*no such socket\n {2}start Docker/),
    ]);

    const old = createServer((_, answer) =>
      answer.setHeader('content-type', 'application/json').end('{"ApiVersion":"1.24"}'),
    );
    await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
    const { port } = old.address() as AddressInfo;
    const aged = await runLoads(workspace, [...run, '--docker-host', `tcp://127.0.0.1:${port}`]);
    old.closeAllConnections();
    old.close();
    expect([aged.exitCode, aged.stderr]).toEqual([109, expect.stringMatching(/speaks API 1.24, and 1.41 is needed/)]);

    const image = await runLoads(workspace, ['run', '--on', 'docker', '--image', 'loads-test/none:1', '--', 'x']);
    expect([image.exitCode, image.stderr]).toEqual([
      109,
      expect.stringMatching(/there is no image loads-test\/none:1/),
    ]);
    const network = await runLoads(workspace, [...run, '--network', 'loads-test-none']);
    expect([network.exitCode, network.stderr]).toEqual([
      104,
      expect.stringMatching(/there is no network 'loads-test-none'/),
    ]);
    const loopback = await runLoads(workspace, [...run, '-t', 'http://localhost:1']);
    expect([loopback.exitCode, loopback.stderr]).toEqual([
      104,
      expect.stringMatching(/localhost is the container of the node itself/),
    ]);
    await using outside = await idleWorkspace();
    await workspace.write('loads.yml', `{ on: docker, scenario: '${outside.file('idle.ts')}' }`);
    const foreign = await runLoads(workspace, ['run']);
    expect([foreign.exitCode, foreign.stderr]).toEqual([
      104,
      expect.stringMatching(/idle.ts lies outside of the project/),
    ]);
    expect(await workspace.runs()).toEqual([]);
  });

  test('a node whose container is killed is lost, and the run is invalid', async () => {
    await using workspace = await idleWorkspace();
    await using loads = startLoads(workspace, ['run', 'idle.ts', '--on', 'docker', '--nodes', '2', '-d', '6s']);
    await loads.shows(/^\S+s \/ 6s/m);
    const run = (await workspace.run()).split('/').at(-1) ?? '';
    await (await containerOf(run, 2, 'scenario')).kill();
    const { exitCode, stdout } = await loads.ended;
    expect(exitCode, stdout).toBe(98);
    expect(stdout).toMatch(/node 2 was lost: its scenario process ended early \(it was killed: scenario container\)/);
    expect((await workspace.summary()).nodeRows.map(({ state }) => state)).toEqual(['done', 'lost']);
    expect(await madeBy(loads.pid)).toEqual([]);
  });
});
