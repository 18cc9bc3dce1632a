import Docker from 'dockerode';
import { afterAll, describe } from 'vitest';

/** Carried by every container, network and volume that a test makes; the value is the process that made it. */
export const TEST_LABEL = 'loads.test';

/** The labels of what this process's tests make. */
export const TEST_LABELS: Readonly<Record<string, string>> = { [TEST_LABEL]: String(process.pid) };

const engine = new Docker();

/** Whether a container engine answers, at DOCKER_HOST or the standard socket. */
export async function engineAvailable(): Promise<boolean> {
  return (await absenceOf([])) === undefined;
}

/**
 * A suite on a real container engine. Where none answers, or one of the `images` is not there, it is skipped, and its
 * name says why. What carries TEST_LABELS is removed at its end.
 */
export async function describeOnEngine(name: string, images: readonly string[], body: () => void): Promise<void> {
  const absence = await absenceOf(images);
  const title = absence === undefined ? name : `${name} [skipped: ${absence}]`;
  describe.skipIf(absence !== undefined)(title, () => {
    afterAll(() => removeLabelled(`${TEST_LABEL}=${process.pid}`));
    body();
  });
}

/** Removes every container, network and volume with a label (`key` or `key=value`). */
export async function removeLabelled(label: string): Promise<void> {
  const filters = { label: [label] };
  const containers = await engine.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id }) => engine.getContainer(Id).remove({ force: true, v: true })));
  const networks = await engine.listNetworks({ filters });
  await Promise.all(networks.map(({ Id }) => engine.getNetwork(Id).remove()));
  const { Volumes: volumes } = await engine.listVolumes({ filters });
  await Promise.all(volumes.map(({ Name }) => engine.getVolume(Name).remove()));
}

/** Why a suite cannot run, or undefined when it can. */
async function absenceOf(images: readonly string[]): Promise<string | undefined> {
  try {
    await engine.ping();
  } catch {
    return 'no container engine answers; test/provision starts one';
  }
  for (const image of images) {
    const here = await engine
      .getImage(image)
      .inspect()
      .catch(() => undefined);
    if (!here) return `there is no image ${image}; test/provision makes it`;
  }
  return undefined;
}
