import { expect, test } from 'vitest';
import { containerReason } from './container-reason.ts';

test.each([
  ['scenario', 137, true, 'it ran out of memory: scenario container'],
  ['scenario', 137, false, 'it was killed: scenario container'],
  ['sidecar', 137, false, 'it was killed: sidecar container'],
  ['scenario', 139, false, "it crashed in native code (SIGSEGV), an addon's or that of Node.js: scenario container"],
  ['scenario', 7, false, 'with exit code 7: scenario container'],
  ['scenario', 0, false, undefined],
  ['scenario', 109, false, undefined],
  ['sidecar', 1, false, undefined],
] as const)('a %s container that ended with %i', (role, exitCode, outOfMemory, reason) => {
  expect(containerReason(role, { exitCode, outOfMemory })).toBe(reason);
});
