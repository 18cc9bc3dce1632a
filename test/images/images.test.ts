import { chmod, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { beforeAll, expect, test } from 'vitest';
import { describeOnEngine, TEST_LABELS } from '../support/docker.ts';
import { runLoads } from '../support/loads.ts';
import { Workspace } from '../support/workspace.ts';

const engine = new Docker();
const ROOT = join(import.meta.dirname, '../..');
const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const [NODE, VAURIEN] = [`loads-node:${version}`, `loads-vaurien:${version}`] as const;

/** As strict as a launcher starts them. */
const STRICT = { ReadonlyRootfs: true, CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'] };

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs a command in a container to its end. */
async function run(image: string, command: readonly string[], hostConfig: Docker.HostConfig = {}): Promise<Ended> {
  const container = await engine.createContainer({
    Image: image,
    Cmd: [...command],
    Labels: TEST_LABELS,
    HostConfig: { ...STRICT, ...hostConfig },
  });
  try {
    await container.start();
    const { StatusCode: code } = (await container.wait()) as { StatusCode: number };
    const log = async (stdout: boolean): Promise<string> =>
      withoutFrames(await container.logs({ stdout, stderr: !stdout, follow: false }));
    return { code, stdout: await log(true), stderr: await log(false) };
  } finally {
    await container.remove({ force: true });
  }
}

/** The text of a log, whose pieces have a header of 8 bytes with their length at its end. */
function withoutFrames(log: Buffer): string {
  let content = '';
  for (let at = 0; at < log.length; ) {
    const end = at + 8 + log.readUInt32BE(at + 4);
    content += log.toString('utf8', at + 8, end);
    at = end;
  }
  return content;
}

/** Starts vaurien, whose control API says how it is. */
function startVaurien(...args: readonly string[]): Promise<StartedTestContainer> {
  return new GenericContainer(VAURIEN)
    .withLabels({ ...TEST_LABELS })
    .withCommand(['vaurien', '--backend', '127.0.0.1:9', '--proxy', '127.0.0.1:8000', ...args])
    .withHealthCheck({ test: ['CMD', 'loads-health'], interval: 200 })
    .withWaitStrategy(Wait.forHealthCheck())
    .start();
}

await describeOnEngine('images', ['node:24-bookworm-slim'], () => {
  beforeAll(async () => {
    await using workspace = await Workspace.create();
    const { exitCode, stdout, stderr } = await runLoads(workspace, ['images', 'build', '--json']);
    expect([exitCode, stderr]).toEqual([0, '']);
    const tags = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { tags: unknown }).tags);
    expect(tags).toEqual([
      [NODE, 'loads-node:latest'],
      [VAURIEN, 'loads-vaurien:latest'],
    ]);
  });

  test.each([
    [NODE, 'loads-node'],
    [VAURIEN, 'loads-vaurien'],
  ])('%s says what it is', async (image, title) => {
    const { Config: config } = await engine.getImage(image).inspect();
    expect(config.User).toBe('1000:1000');
    expect(config.Labels).toMatchObject({
      'org.opencontainers.image.title': title,
      'org.opencontainers.image.version': version,
      'org.opencontainers.image.revision': expect.stringMatching(/^[0-9a-f]{40}(-dirty)?$/),
      'org.opencontainers.image.licenses': 'Apache-2.0',
    });
  });

  test('a node runs as a user without rights, and can write to its folders alone', async () => {
    const script = `id -u; touch /loads/a /scenario/a && echo written; touch /tmp/a /etc/a /loads-node.mjs`;
    const { stdout, stderr } = await run(NODE, ['sh', '-c', script], { Tmpfs: {}, ReadonlyRootfs: false });
    expect(stdout).toBe('1000\nwritten\n');
    expect(stderr).toContain('/etc/a');
    expect(stderr).toContain('/loads-node.mjs');
    expect(stderr).not.toContain('/tmp/a');
  });

  test.each([
    [VAURIEN, ['vaurien', '--help'], /^Usage: vaurien /],
    [VAURIEN, ['vaurien', '--version'], new RegExp(`^${version}\n$`)],
    [VAURIEN, ['vaurienctl', '--version'], new RegExp(`^${version}\n$`)],
  ])('%s on a read-only file system: %j', async (image, command, said) => {
    const { code, stdout, stderr } = await run(image, command);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(said);
  });

  test('a sidecar without an order says what is missing', async () => {
    const { code, stderr } = await run(VAURIEN, ['loads-sidecar', '/loads'], { Tmpfs: { '/loads': 'uid=1000' } });
    expect(code).toBe(104);
    expect(stderr).toContain('there is no node.json in /loads');
  });

  test('a scenario that imports @loads/node declares its scenarios to the bundled runtime', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'loads-images-'));
    // The container's user is another one.
    await chmod(folder.path, 0o755);
    await writeFile(
      join(folder.path, 'shop.ts'),
      `import { RequestError, scenario, setup } from '@loads/node';
       import { part } from './part.ts';
       setup((): string => RequestError.name);
       scenario('shop', { weight: 3 }, async ({ http }): Promise<void> => void (await http.get(part)));`,
    );
    await writeFile(join(folder.path, 'part.ts'), `export const part: string = '/';`);
    const mount = { Binds: [`${folder.path}:/scenario:ro`] };
    const { code, stdout, stderr } = await run(NODE, ['loads-node', 'inspect', 'shop.ts'], mount);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({ scenarios: [{ name: 'shop', weight: 3 }], setup: true, teardown: false });
  });

  test('a plug-in that imports @loads/vaurien, @loads/core and zod is a behavior of the bundled proxy', async () => {
    const mount = { Binds: [`${join(ROOT, 'docs/examples/vaurien')}:/plugins:ro`] };
    const command = ['vaurien', '--use-extension', '/plugins/cold-start.ts', '--behavior', 'none'];
    const { code, stderr } = await run(VAURIEN, command, mount);
    expect(code).toBe(104);
    // It tells what there is.
    expect(stderr).toMatch(/there are .*\bcold-start\b/);
  });

  test('a proxy gets healthy by its control API, wherever it listens, and ends at once on SIGTERM', async () => {
    await using container = await startVaurien('--http', '--http-port', '9123');
    const { exitCode } = await container.exec(['loads-health']);
    expect(exitCode).toBe(0);
    const started = engine.getContainer(container.getId());
    const fromMs = performance.now();
    await started.stop({ t: 20 });
    // Long before the engine would kill it.
    expect(performance.now() - fromMs).toBeLessThan(15_000);
    expect((await started.inspect()).State.ExitCode).toBe(0);
  });

  test.each([
    ['as the first process', false, 'SIGTERM', 143],
    ['as the first process', false, 'SIGINT', 130],
    ['under an init', true, 'SIGTERM', 143],
  ])('a node that waits for its sidecar ends at once %s (init: %s) on %s', async (_, init, signal, code) => {
    // Accepts the link and says nothing: the node waits for its plan.
    const sidecar = `require('node:net').createServer(() => {}).listen(4000, '127.0.0.1', () => console.log('up'))`;
    await using container = await new GenericContainer(VAURIEN)
      .withLabels({ ...TEST_LABELS })
      .withCommand(['node', '-e', sidecar])
      .withWaitStrategy(Wait.forLogMessage('up'))
      .start();
    const node = await engine.createContainer({
      Image: NODE,
      Env: ['LOADS_LINK=127.0.0.1:4000'],
      Labels: TEST_LABELS,
      // The image's own check, asked more often (ns).
      Healthcheck: { Interval: 2e8 },
      HostConfig: { ...STRICT, Init: init, NetworkMode: `container:${container.getId()}` },
    });
    try {
      await node.start();
      await expect.poll(async () => (await node.inspect()).State.Health?.Status, { timeout: 60_000 }).toBe('healthy');
      const fromMs = performance.now();
      await node.kill({ signal });
      const { StatusCode } = (await node.wait()) as { StatusCode: number };
      expect(performance.now() - fromMs).toBeLessThan(10_000);
      expect(StatusCode).toBe(code);
    } finally {
      await node.remove({ force: true });
    }
  });

  test('the orphans of a program are not left as zombies under an init', async () => {
    // The shell is gone at once, and its child belongs to the first process from then on.
    const script = `
      const { execFileSync, spawn } = require('node:child_process');
      spawn('sh', ['-c', 'sleep 0.1 &']);
      setTimeout(() => {
        console.log(execFileSync('sh', ['-c', 'grep -l "^State:.Z" /proc/[0-9]*/status | wc -l'], { encoding: 'utf8' }));
        process.exit();
      }, 300)`;
    const { stdout } = await run(NODE, ['node', '-e', script], { Init: true });
    expect(stdout.trim()).toBe('0');
  });

  test('a base image that cannot be had is named', async () => {
    await using workspace = await Workspace.create();
    const build = await runLoads(workspace, ['images', 'build', '--base-image', 'loads-test.invalid/none:1']);
    expect(build.exitCode).toBe(109);
    expect(build.stderr).toMatch(
      /loads-node could not be built: .*\n {2}its base image loads-test\.invalid\/none:1 is/,
    );
  });
});

test('without an engine `loads images build` says what to do', async () => {
  await using workspace = await Workspace.create();
  const env = { DOCKER_HOST: 'tcp://127.0.0.1:1' };
  const { exitCode, stderr } = await runLoads(workspace, ['images', 'build'], env);
  expect(exitCode).toBe(109);
  expect(stderr).toMatch(/^error: no container engine answers at tcp:\/\/127\.0\.0\.1:1: .*\n {2}start Docker, or set/);
});
