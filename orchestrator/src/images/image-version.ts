import { VERSION_LABEL } from './image.ts';

/**
 * What is wrong with an image of Loads as it is on an engine, or undefined when it is the one that belongs to this
 * version. `labels` are the image's, undefined when it is not there.
 */
export function imageProblem(
  name: string,
  labels: Readonly<Record<string, string>> | undefined,
  version: string,
): string | undefined {
  if (!labels) return `there is no image ${name}`;
  const held = labels[VERSION_LABEL];
  if (held === version) return undefined;
  return held === undefined
    ? `the image ${name} does not say which version it holds`
    : `the image ${name} holds version ${held}, and this is ${version}`;
}
