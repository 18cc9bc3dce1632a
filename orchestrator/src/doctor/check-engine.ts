import { EXIT } from '@loads/core';
import { IMAGES, taggedImage } from '../images/image.ts';
import { imageProblem } from '../images/image-version.ts';
import type { Finding } from './finding.ts';

/** The part of a container engine that is looked at. */
export type EngineProbe = {
  /** Version and API version. Rejects when it does not answer. */
  version(): Promise<{ readonly Version: string; readonly ApiVersion: string }>;
  /** The labels of an image, or undefined when there is none of that name. */
  imageLabels(name: string): Promise<Readonly<Record<string, string>> | undefined>;
};

/** Whether the engine answers and has the images of this version. Without `needed` what is missing is only a warning. */
export async function checkEngine(engine: EngineProbe, version: string, needed: boolean): Promise<readonly Finding[]> {
  const missing = needed ? ('fail' as const) : ('warn' as const);
  const lacks = { status: missing, exitCode: EXIT.engineUnavailable };
  try {
    const { Version, ApiVersion } = await engine.version();
    const found: Finding = { check: 'engine', status: 'ok', message: `Docker ${Version} (API ${ApiVersion})` };
    return [
      found,
      ...(await Promise.all(Object.values(IMAGES).map((image) => checkImage(taggedImage(image, version))))),
    ];
  } catch (error) {
    const message = `no container engine answers: ${error instanceof Error ? error.message : String(error)}`;
    const hint = 'start Docker, or set DOCKER_HOST; `--on process` needs none';
    return [{ check: 'engine', message, hint, ...lacks }];
  }

  async function checkImage(name: string): Promise<Finding> {
    const message = imageProblem(name, await engine.imageLabels(name), version);
    if (message === undefined) return { check: 'image', status: 'ok', message: name };
    return { check: 'image', message, hint: 'loads images build', ...lacks };
  }
}

/** The engine of DOCKER_HOST, or the local one. */
export async function dockerProbe(): Promise<EngineProbe> {
  // Only here: runs on this machine do not need it.
  const { default: Docker } = await import('dockerode');
  const docker = new Docker({ timeout: 5000 });
  return {
    version: () => docker.version(),
    async imageLabels(name) {
      try {
        return (await docker.getImage(name).inspect()).Config.Labels ?? {};
      } catch (error) {
        if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return undefined;
        throw error;
      }
    },
  };
}
