import { LoadsError, type RunPlan } from '@loads/core';
import { expect, test } from 'vitest';
import type { ImageInfo } from '../../engine/engine.ts';
import { IMAGES, taggedImage, VERSION_LABEL } from '../../images/image.ts';
import { packageVersion } from '../../images/installed-package.ts';
import { type ImageStore, nodeImages } from './node-images.ts';

const version = await packageVersion(IMAGES.node);
const [NODE, VAURIEN] = [taggedImage(IMAGES.node, version), taggedImage(IMAGES.vaurien, version)];
const OF_NODE: ImageInfo = { labels: { [VERSION_LABEL]: version, 'org.opencontainers.image.title': 'loads-node' } };
const OF_VAURIEN: ImageInfo = { labels: { [VERSION_LABEL]: version } };
const COMMAND = { scenario: { kind: 'command', command: ['x'] } } as unknown as RunPlan;
const SCRIPT = { scenario: { kind: 'script', file: '/x.ts' } } as unknown as RunPlan;
const NEVER = new AbortController().signal;

type Fake = ImageStore & { readonly pulls: string[] };

/** The images of an engine, which pulls what `pull` resolves for. */
function engine(
  address: string,
  images: Readonly<Record<string, ImageInfo>>,
  pull: (signal: AbortSignal) => Promise<void> = async () => undefined,
): Fake {
  const here = new Map(Object.entries(images));
  const pulls: string[] = [];
  return {
    address,
    pulls,
    image: async (name) => here.get(name),
    async pull(name, signal) {
      pulls.push(name);
      await pull(signal);
      here.set(name, { labels: {} });
    },
  };
}

test('the images of Loads are enough for a scenario file', async () => {
  const one = engine('one', { [NODE]: OF_NODE, [VAURIEN]: OF_VAURIEN });
  expect(await nodeImages([one], SCRIPT, undefined, NEVER)).toEqual({
    sidecar: VAURIEN,
    scenario: NODE,
    foreign: false,
  });
  expect(one.pulls).toEqual([]);
});

test('all that is missing, or of another version, is said at once, and nothing is pulled for it', async () => {
  const one = engine('one', { [NODE]: { labels: { [VERSION_LABEL]: '1.0.0' } } });
  const two = engine('two', { [VAURIEN]: OF_VAURIEN });
  const checking = nodeImages([one, two], SCRIPT, undefined, NEVER);
  await expect(checking).rejects.toMatchObject({
    code: 'ERR_IMAGE',
    message: [
      `the image ${NODE} holds version 1.0.0, and this is ${version} (one)`,
      `there is no image ${VAURIEN} (one)`,
      `there is no image ${NODE} (two)`,
    ].join('; '),
  });
  await expect(nodeImages([one, two], COMMAND, 'mine:1', NEVER)).rejects.toThrow(`there is no image ${VAURIEN} (one)`);
  expect([one.pulls, two.pulls]).toEqual([[], []]);
});

test('an image of the user is pulled on all engines at once where it is missing, and only there', async () => {
  // Each waits until the other has begun too.
  const both = Promise.withResolvers<void>();
  let begun = 0;
  const pull = async (): Promise<void> => {
    begun += 1;
    if (begun === 2) both.resolve();
    await both.promise;
  };
  const engines = ['one', 'two'].map((name) => engine(name, { [VAURIEN]: OF_VAURIEN }, pull));
  const third = engine('three', { [VAURIEN]: OF_VAURIEN, 'mine:1': { labels: {} } }, pull);
  const images = await nodeImages([...engines, third], COMMAND, 'mine:1', NEVER);
  expect(images).toEqual({ sidecar: VAURIEN, scenario: 'mine:1', foreign: true });
  expect([...engines, third].map(({ pulls }) => pulls)).toEqual([['mine:1'], ['mine:1'], []]);
});

test('an image that one engine cannot pull ends the pulls of the others, and its words are the reason', async () => {
  const slow = engine('slow', { [VAURIEN]: OF_VAURIEN }, async (signal) => {
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))));
  });
  const refusing = engine('refusing', { [VAURIEN]: OF_VAURIEN }, async () => {
    throw new Error('no such repository');
  });
  await expect(nodeImages([slow, refusing], COMMAND, 'mine:1', NEVER)).rejects.toThrow(
    'there is no image mine:1 on refusing, and it cannot be pulled: no such repository',
  );
});

test('whoever stops meanwhile is told that alone', async () => {
  const stop = new AbortController();
  const reason = new LoadsError('ERR_STOPPED', 'enough');
  const pulling = engine('one', { [VAURIEN]: OF_VAURIEN }, async () => {
    stop.abort(reason);
    throw new Error('canceled');
  });
  await expect(nodeImages([pulling], COMMAND, 'mine:1', stop.signal)).rejects.toBe(reason);
});

test('an image that is built on the node image runs scenario files, and no other does', async () => {
  const built = engine('one', { [VAURIEN]: OF_VAURIEN, 'mine:1': OF_NODE, 'other:1': { labels: {} } });
  expect(await nodeImages([built], SCRIPT, 'mine:1', NEVER)).toMatchObject({ scenario: 'mine:1', foreign: false });
  await expect(nodeImages([built], SCRIPT, 'other:1', NEVER)).rejects.toThrow('other:1 cannot run a scenario file');
  const old = { labels: { ...OF_NODE.labels, [VERSION_LABEL]: '1.0.0' } };
  const aged = engine('one', { [VAURIEN]: OF_VAURIEN, 'mine:1': old });
  await expect(nodeImages([aged], SCRIPT, 'mine:1', NEVER)).rejects.toThrow(
    'the image mine:1 holds version 1.0.0, and this is',
  );
});
