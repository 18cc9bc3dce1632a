import { LoadsError, type RunPlan } from '@loads/core';
import type { Engine, ImageInfo } from '../../engine/engine.ts';
import { IMAGES, taggedImage, VERSION_LABEL } from '../../images/image.ts';
import { packageVersion } from '../../images/installed-package.ts';

const TITLE_LABEL = 'org.opencontainers.image.title';

/** The images of a run's nodes. */
export type NodeImages = {
  readonly sidecar: string;
  readonly scenario: string;
  /** Whether the scenario's image knows nothing of loads. */
  readonly foreign: boolean;
};

/**
 * Sees to it that an engine has the images: those of Loads in the version of this package, and the user's own, which is
 * pulled when it is not there. An image built on the node image is one too. Throws ERR_IMAGE.
 */
export async function nodeImages(
  engine: Engine,
  { scenario }: RunPlan,
  image: string | undefined,
  signal: AbortSignal,
): Promise<NodeImages> {
  const version = await packageVersion(IMAGES.vaurien);
  const sidecar = taggedImage(IMAGES.vaurien, version);
  const own = taggedImage(IMAGES.node, version);
  const [, given] = await Promise.all([
    ownImage(engine, sidecar, version),
    image === undefined ? ownImage(engine, own, version) : userImage(engine, image, signal),
  ]);
  const foreign = given.labels[TITLE_LABEL] !== IMAGES.node.name;
  if (!foreign) mustBe(version, image ?? own, given);
  if (foreign && scenario.kind === 'script') {
    throw new LoadsError('ERR_IMAGE', `${image ?? own} cannot run a scenario file`, {
      hint: `build it on ${own} (\`FROM ${own}\`), or give a command after \`--\``,
    });
  }
  if (foreign && scenario.kind === 'command' && scenario.perWorker !== undefined) {
    throw new LoadsError('ERR_USAGE', `${image ?? own} runs its command once on each node, not for each worker`, {
      hint: `leave the workers to the program and say \`nodes\`, or build the image on ${own}`,
    });
  }
  return { sidecar, scenario: image ?? own, foreign };
}

async function ownImage(engine: Engine, name: string, version: string): Promise<ImageInfo> {
  const found = await engine.image(name);
  if (!found) throw new LoadsError('ERR_IMAGE', `there is no image ${name} on ${engine.address}`);
  mustBe(version, name, found);
  return found;
}

async function userImage(engine: Engine, name: string, signal: AbortSignal): Promise<ImageInfo> {
  const found = await engine.image(name);
  if (found) return found;
  try {
    await engine.pull(name, signal);
  } catch (cause) {
    signal.throwIfAborted();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LoadsError(
      'ERR_IMAGE',
      `there is no image ${name} on ${engine.address}, and it cannot be pulled: ${why}`,
      {
        hint: 'correct its name, or build or load it on that engine',
        cause,
      },
    );
  }
  return (await engine.image(name)) ?? { labels: {} };
}

function mustBe(version: string, name: string, { labels }: ImageInfo): void {
  const held = labels[VERSION_LABEL];
  if (held === version) return;
  throw new LoadsError('ERR_IMAGE', `${name} holds version ${held ?? 'unknown'}, and this is ${version}`);
}
