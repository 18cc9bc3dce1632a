import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { LoadsError } from '@loads/core';
import type Docker from 'dockerode';
import { type EngineAddress, engineAddress } from './engine-address.ts';
import { EngineRefusal, engineError, isMissing } from './engine-error.ts';

/** The least API version: Docker 20.10, which has `host-gateway`. */
const LEAST_API = '1.41';
const ANSWER_MS = 10_000;
/** Logins at a time: sshd begins to refuse at 10. */
const SSH_CONNECTIONS = 6;

export type Labels = Readonly<Record<string, string>>;
export type ContainerSpec = Docker.ContainerCreateOptions;
export type BuildSpec = Docker.ImageBuildOptions;
export type FoundContainer = {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  /** `created`, `running`, `paused`, `restarting`, `removing`, `exited` or `dead`. */
  readonly state: string;
  /** Epoch ms. */
  readonly createdAtMs: number;
};
export type FoundNetwork = { readonly id: string; readonly name: string; readonly labels: Labels };
export type FoundVolume = { readonly name: string; readonly labels: Labels };
export type ContainerEnd = { readonly exitCode: number; readonly outOfMemory: boolean };
export type ImageInfo = { readonly labels: Labels };

/** A container engine: what of its API is needed here. Errors are `EngineRefusal` and ERR_ENGINE. */
export class Engine {
  readonly address: string;
  /** Whether it is on this machine. */
  readonly isLocal: boolean;
  readonly #docker: Docker;

  private constructor(address: string, isLocal: boolean, docker: Docker) {
    this.address = address;
    this.isLocal = isLocal;
    this.#docker = docker;
  }

  /**
   * The engine at an address, or by default at DOCKER_HOST or the standard socket, once it has answered. Throws
   * ERR_ENGINE when it does not, or is too old.
   */
  static async connect(given: string | undefined, env: NodeJS.ProcessEnv): Promise<Engine> {
    const address = engineAddress(given, env);
    const shown = given ?? env.DOCKER_HOST ?? 'unix:///var/run/docker.sock';
    // Only here: runs on this machine do not need it.
    const { default: Dockerode } = await import('dockerode');
    const engine = new Engine(shown, address.kind === 'socket', new Dockerode(await optionsOf(address)));
    const { ApiVersion } = await engine.#call((docker) => withinMs(ANSWER_MS, docker.version()));
    if (!isAtLeast(ApiVersion, LEAST_API)) {
      const message = `the engine at ${shown} speaks API ${ApiVersion}, and ${LEAST_API} is needed`;
      throw new LoadsError('ERR_ENGINE', message, { hint: 'use Docker 20.10 or later' });
    }
    return engine;
  }

  async image(name: string): Promise<ImageInfo | undefined> {
    return await this.#unlessMissing(async (docker) => ({
      labels: (await docker.getImage(name).inspect()).Config.Labels ?? {},
    }));
  }

  /** Pulls an image. Rejects with what the registry said. */
  async pull(name: string, signal: AbortSignal): Promise<void> {
    await this.#call(async (docker) => {
      const output = await docker.pull(name, { abortSignal: signal });
      await new Promise<void>((resolve, reject) => {
        docker.modem.followProgress(output, (error) => (error ? reject(error) : resolve()));
      });
    });
  }

  /** Builds an image from an archive of its context. Gives what the engine says, a line of JSON at a time. */
  async build(context: Buffer, options: BuildSpec): Promise<NodeJS.ReadableStream> {
    return await this.#call((docker) => docker.buildImage(Readable.from([context]), options));
  }

  /** Gives an image one more name, and its id. */
  async tag(image: string, repo: string, tag: string): Promise<string> {
    return await this.#call(async (docker) => {
      await docker.getImage(image).tag({ repo, tag });
      return (await docker.getImage(image).inspect()).Id;
    });
  }

  async hasNetwork(name: string): Promise<boolean> {
    return (await this.#unlessMissing((docker) => docker.getNetwork(name).inspect())) !== undefined;
  }

  async createNetwork(name: string, labels: Labels): Promise<void> {
    await this.#call((docker) => docker.createNetwork({ Name: name, Labels: labels, CheckDuplicate: true }));
  }

  async createContainer(spec: ContainerSpec): Promise<string> {
    return (await this.#call((docker) => docker.createContainer(spec))).id;
  }

  async start(container: string): Promise<void> {
    await this.#call((docker) => docker.getContainer(container).start());
  }

  /** Kills a container that runs. */
  async kill(container: string): Promise<void> {
    await this.#unlessOver((docker) => docker.getContainer(container).kill());
  }

  async end(container: string): Promise<ContainerEnd | undefined> {
    const info = await this.#unlessMissing((docker) => docker.getContainer(container).inspect());
    return info && { exitCode: info.State.ExitCode, outOfMemory: info.State.OOMKilled };
  }

  /** The containers with all of these labels (`key` or `key=value`), whatever their state. */
  async containers(labels: readonly string[]): Promise<readonly FoundContainer[]> {
    const found = await this.#call((docker) => docker.listContainers({ all: true, filters: { label: [...labels] } }));
    return found.map(({ Id, Names, Labels: own, State, Created }) => ({
      id: Id,
      name: (Names[0] ?? '').replace(/^\//, ''),
      labels: own,
      state: State,
      createdAtMs: Created * 1000,
    }));
  }

  async networks(labels: readonly string[]): Promise<readonly FoundNetwork[]> {
    const found = await this.#call((docker) => docker.listNetworks({ filters: { label: [...labels] } }));
    return found.map(({ Id, Name, Labels: own }) => ({ id: Id, name: Name, labels: own ?? {} }));
  }

  async volumes(labels: readonly string[]): Promise<readonly FoundVolume[]> {
    const { Volumes: found } = await this.#call((docker) => docker.listVolumes({ filters: { label: [...labels] } }));
    return (found ?? []).map(({ Name, Labels: own }) => ({ name: Name, labels: own ?? {} }));
  }

  /** Removes a container whether it runs or not, with what it wrote outside of named volumes. */
  async removeContainer(id: string): Promise<void> {
    await this.#unlessOver((docker) => docker.getContainer(id).remove({ force: true, v: true }));
  }

  async removeNetwork(id: string): Promise<void> {
    await this.#unlessMissing((docker) => docker.getNetwork(id).remove());
  }

  async removeVolume(name: string): Promise<void> {
    await this.#unlessMissing((docker) => docker.getVolume(name).remove());
  }

  /** Unpacks an archive in a container, also in one that does not run, as far as it is in its volumes. */
  async put(container: string, path: string, archive: Buffer): Promise<void> {
    await this.#call((docker) => docker.getContainer(container).putArchive(archive, { path }));
  }

  /** An archive of a file or a folder of a container, or undefined when it is not there. */
  async get(container: string, path: string): Promise<NodeJS.ReadableStream | undefined> {
    return await this.#unlessMissing((docker) => docker.getContainer(container).getArchive({ path }));
  }

  /** What a container wrote to stdout and stderr, in the engine's frames (see `readFrames`). */
  async logs(container: string, follow: boolean): Promise<NodeJS.ReadableStream | undefined> {
    const options = { follow: true as const, stdout: true, stderr: true };
    if (follow) return await this.#unlessMissing((docker) => docker.getContainer(container).logs(options));
    return await this.#unlessMissing(async (docker) => {
      // Without `follow` a stream in all but name: the client gives it whole.
      const whole = await docker.getContainer(container).logs({ ...options, follow: false });
      return Readable.from([whole]);
    });
  }

  async #call<Result>(request: (docker: Docker) => Promise<Result>): Promise<Result> {
    try {
      return await request(this.#docker);
    } catch (error) {
      throw engineError(error, this.address);
    }
  }

  async #unlessMissing<Result>(request: (docker: Docker) => Promise<Result>): Promise<Result | undefined> {
    try {
      return await this.#call(request);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Does nothing about what has ended, has gone, or is being removed by somebody else. */
  async #unlessOver(request: (docker: Docker) => Promise<unknown>): Promise<void> {
    try {
      await this.#unlessMissing(request);
    } catch (error) {
      if (!(error instanceof EngineRefusal && error.status === 409)) throw error;
    }
  }
}

/** What the client makes its own defaults of is given in full: it would mix them with DOCKER_HOST. */
async function optionsOf(address: EngineAddress): Promise<Docker.DockerOptions> {
  if (address.kind === 'ssh') {
    const { sshConnections } = await import('./ssh-connections.ts');
    const agent = sshConnections(address.destination, SSH_CONNECTIONS);
    return { protocol: 'http', host: 'docker', port: 80, agent } as Docker.DockerOptions;
  }
  if (address.kind === 'socket') {
    if (address.path === undefined) return {};
    return { protocol: 'http', host: undefined, port: undefined, socketPath: address.path } as Docker.DockerOptions;
  }
  const { host, port, certPath } = address;
  if (certPath === undefined) return { protocol: 'http', host, port };
  const [ca, cert, key] = await Promise.all(['ca.pem', 'cert.pem', 'key.pem'].map((name) => pem(certPath, name)));
  return { protocol: 'https', host, port, ca, cert, key };
}

async function pem(folder: string, name: string): Promise<string> {
  return await readFile(join(folder, name), 'utf8').catch((cause: unknown) => {
    const hint = 'DOCKER_CERT_PATH is the folder with ca.pem, cert.pem and key.pem';
    throw new LoadsError(
      'ERR_ENGINE',
      `${join(folder, name)} cannot be read, and the engine is to be spoken to with TLS`,
      {
        hint,
        cause,
      },
    );
  });
}

async function withinMs<Result>(ms: number, answer: Promise<Result>): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`it does not answer within ${ms / 1000} s`)), ms);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function isAtLeast(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
