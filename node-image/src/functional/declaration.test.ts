import { expect, test } from 'vitest';
import { type Declaration, readDeclaration } from './declaration.ts';

const run = (): void => undefined;
function named(): void {}

test.each<[string, readonly unknown[], Partial<Declaration>]>([
  ['a name and a function', ['a', run], { name: 'a', mode: 'run', run, timeoutMs: undefined, fails: false }],
  ['options between them', ['a', { timeout: 50, skip: true }, run], { mode: 'skip', timeoutMs: 50, run }],
  ['a reason to skip', ['a', { skip: 'later' }, run], { mode: 'skip' }],
  ['to do', ['a', { todo: true }, run], { mode: 'skip' }],
  ['only', ['a', { only: true }, run], { mode: 'only' }],
  ['nothing to skip', ['a', { skip: false, only: false }, run], { mode: 'run' }],
  ['an expected failure', ['a', { fails: true }, run], { fails: true }],
  ['a timeout behind', ['a', run, 75], { timeoutMs: 75, run }],
  ['no end to wait for', ['a', { timeout: Number.POSITIVE_INFINITY }, run], { timeoutMs: undefined }],
  ['a function alone', [named], { name: 'named', run: named }],
  ['options and a function', [{ timeout: 5 }, named], { name: 'named', run: named, timeoutMs: 5 }],
  ['a function without a name', [() => undefined], { name: '<anonymous>' }],
  ['a class as the name', [Map, run], { name: 'Map', run }],
  ['no function', ['later'], { name: 'later', run: undefined }],
])('%s', (_, args, declaration) => {
  expect(readDeclaration(args)).toMatchObject(declaration);
});
