import { LoadsError, type RunPlan } from '@loads/core';
import type { Engine, ImageInfo } from '../../engine/engine.ts';
import { IMAGES, taggedImage } from '../../images/image.ts';
import { imageProblem } from '../../images/image-version.ts';
import { packageVersion } from '../../images/installed-package.ts';

const TITLE_LABEL = 'org.opencontainers.image.title';

/** The images of a run's nodes. */
export type NodeImages = {
  readonly sidecar: string;
  readonly scenario: string;
  /** Whether the scenario's image knows nothing of loads. */
  readonly foreign: boolean;
};

/** What of an engine is needed to see to its images. */
export type ImageStore = Pick<Engine, 'address' | 'image' | 'pull'>;

/**
 * Sees to it that all engines have the images: those of Loads in the version of this package, and the user's own `image`,
 * which is pulled wherever it is not there. An image built on the node image is one too. All that is wrong with the
 * images of Loads is said at once, and before anything is pulled. Throws ERR_IMAGE and ERR_USAGE.
 */
export async function nodeImages(
  engines: readonly ImageStore[],
  { scenario }: RunPlan,
  image: string | undefined,
  signal: AbortSignal,
): Promise<NodeImages> {
  const version = await packageVersion(IMAGES.vaurien);
  const [own, sidecar] = [taggedImage(IMAGES.node, version), taggedImage(IMAGES.vaurien, version)];
  const name = image ?? own;
  const ours = image === undefined ? [own, sidecar] : [sidecar];
  const [problems, given] = await Promise.all([
    Promise.all(engines.flatMap((engine) => ours.map((one) => problemOn(engine, one, version)))),
    Promise.all(engines.map((engine) => engine.image(name))),
  ]);
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length > 0) throw new LoadsError('ERR_IMAGE', found.join('; '));
  const lacking = engines.filter((_, i) => given[i] === undefined);
  const pulled = lacking.length === 0 ? [] : await pullAll(lacking, name, signal);
  const infos = [...given, ...pulled].filter((info) => info !== undefined);
  const foreign = infos.some(({ labels }) => labels[TITLE_LABEL] !== IMAGES.node.name);
  if (!foreign) mustFit(infos, name, version);
  if (foreign && scenario.kind === 'script') {
    throw new LoadsError('ERR_IMAGE', `${name} cannot run a scenario file`, {
      hint: `build it on ${own} (\`FROM ${own}\`), or give a command after \`--\``,
    });
  }
  if (foreign && scenario.kind === 'command' && scenario.perWorker !== undefined) {
    throw new LoadsError('ERR_USAGE', `${name} runs its command once on each node, not for each worker`, {
      hint: `leave the workers to the program and say \`nodes\`, or build the image on ${own}`,
    });
  }
  if (foreign && scenario.kind === 'command' && (scenario.timeoutMs ?? scenario.overtimeMs) !== undefined) {
    throw new LoadsError('ERR_USAGE', `nobody in ${name} keeps \`commandTimeout\` and \`commandOvertime\``, {
      hint: `build the image on ${own}, or have the program keep its own time`,
    });
  }
  return { sidecar, scenario: name, foreign };
}

async function problemOn(engine: ImageStore, name: string, version: string): Promise<string | undefined> {
  const problem = imageProblem(name, (await engine.image(name))?.labels, version);
  return problem && `${problem} (${engine.address})`;
}

/** Pulls an image on several engines at once; when one cannot, the others give up. */
async function pullAll(
  engines: readonly ImageStore[],
  name: string,
  signal: AbortSignal,
): Promise<readonly ImageInfo[]> {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const outcomes = await Promise.allSettled(
    engines.map(async (engine) => {
      try {
        await engine.pull(name, stop);
        return (await engine.image(name)) ?? { labels: {} };
      } catch (cause) {
        failed.abort(cause);
        const why = cause instanceof Error ? cause.message : String(cause);
        const message = `there is no image ${name} on ${engine.address}, and it cannot be pulled: ${why}`;
        throw new LoadsError('ERR_IMAGE', message, {
          hint: 'correct its name, or build or load it on that engine',
          cause,
        });
      }
    }),
  );
  signal.throwIfAborted();
  // The first to fail is the reason; the others were told to give up.
  const reasons = outcomes.flatMap((one): readonly unknown[] => (one.status === 'rejected' ? [one.reason] : []));
  const first = reasons.find((reason) => reason instanceof LoadsError && reason.cause === failed.signal.reason);
  if (reasons.length > 0) throw first ?? reasons[0];
  return outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

/** An image built on the node image is that of its time. */
function mustFit(infos: readonly ImageInfo[], name: string, version: string): void {
  for (const { labels } of infos) {
    const problem = imageProblem(name, labels, version);
    if (problem !== undefined) throw new LoadsError('ERR_IMAGE', problem);
  }
}
