import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { until } from '../support/until.ts';

const ENGINE = '/var/run/docker.sock';
const START_MS = 30_000;
const STOP_MS = 30_000;
/** Fewer than are asked for: where it may not raise its own limit, its containers get no more. */
const OPEN_FILES = 4096;

/** A container engine of the test's own, which it may stop as it likes. */
export type SecondEngine = AsyncDisposable & {
  /** As DOCKER_HOST. */
  readonly address: string;
  readonly docker: Docker;
  /** Ends the engine, and with it all its containers, as an operator does. */
  stop(): Promise<void>;
  start(): Promise<void>;
};

/** Why no second engine can be started here, or undefined. */
export function secondEngineAbsence(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may start an engine';
  const found = spawnSync('dockerd', ['--version'], { stdio: 'ignore' }).status === 0;
  return found ? undefined : 'there is no dockerd on this machine';
}

/**
 * Starts an engine with a place, a socket and a pool of one network of its own, in a network namespace of its own: in that
 * of the machine it would take away `docker0`, whoever uses it. Throws an Error with its last words when it does not start.
 */
export async function startSecondEngine(): Promise<SecondEngine> {
  const dir = await mkdtemp(join(tmpdir(), 'loads-engine-'));
  const socketPath = join(dir, 'docker.sock');
  const docker = new Docker({ socketPath });
  let engine: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const limited = ['prlimit', `--nofile=${OPEN_FILES}:${OPEN_FILES}`, 'dockerd', ...flagsOf(dir, socketPath)];
    const child = spawn('unshare', ['--net', ...limited], { stdio: ['ignore', 'pipe', 'pipe'] });
    engine = child;
    const log = createWriteStream(join(dir, 'log'), { flags: 'a' });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    const answers = async (): Promise<boolean> => {
      if (child.exitCode !== null) throw new Error(`dockerd ended with ${child.exitCode}: ${await lastWords(dir)}`);
      return await docker.ping().then(
        () => true,
        () => false,
      );
    };
    await until(answers, 'dockerd does not answer', START_MS);
  };
  const stop = async (): Promise<void> => {
    const child = engine;
    if (!child || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  };
  const dispose = async (): Promise<void> => {
    await stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await dispose();
    throw error;
  }
  return { address: `unix://${socketPath}`, docker, start, stop, [Symbol.asyncDispose]: dispose };
}

function flagsOf(dir: string, socketPath: string): readonly string[] {
  return [
    `--host=unix://${socketPath}`,
    `--data-root=${join(dir, 'data')}`,
    `--exec-root=${join(dir, 'exec')}`,
    `--pidfile=${join(dir, 'pid')}`,
    // A containerd that serves the whole machine would show it the containers of the other engine.
    '--containerd-namespace=loads-test',
    '--containerd-plugins-namespace=loads-test-plugins',
    '--bridge=none',
    '--iptables=false',
    '--ip-forward=false',
    '--ip-masq=false',
    '--default-address-pool=base=10.213.0.0/24,size=24',
    '--host-gateway-ip=127.0.0.1',
    '--shutdown-timeout=10',
  ];
}

async function lastWords(dir: string): Promise<string> {
  const text = await readFile(join(dir, 'log'), 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-3).join('\n');
}

/** Gives an engine the images of the one on this machine, with what they have in common once. */
export async function lendImages(to: Docker, names: readonly string[]): Promise<void> {
  const query = names.map((name) => `names=${encodeURIComponent(name)}`).join('&');
  const request = get({ socketPath: ENGINE, path: `/images/get?${query}` });
  const [images] = (await once(request, 'response')) as [IncomingMessage];
  if (images.statusCode !== 200) throw new Error(`the engine gives no images: ${images.statusCode}`);
  const output = await to.loadImage(images);
  await new Promise<void>((resolve, reject) => {
    to.modem.followProgress(output, (error) => (error ? reject(error) : resolve()));
  });
}
