import { expect, test } from 'vitest';
import { VERSION_LABEL } from './image.ts';
import { imageProblem } from './image-version.ts';

test.each([
  ['the version of the package', { [VERSION_LABEL]: '2.0.0' }, undefined],
  [
    'another version',
    { [VERSION_LABEL]: '1.9.0' },
    'the image loads-node:2.0.0 holds version 1.9.0, and this is 2.0.0',
  ],
  ['no version', {}, 'the image loads-node:2.0.0 does not say which version it holds'],
  ['no image', undefined, 'there is no image loads-node:2.0.0'],
])('%s', (_, labels, problem) => {
  expect(imageProblem('loads-node:2.0.0', labels, '2.0.0')).toBe(problem);
});
