import { EXIT, endMeaning, endOfContainer } from '@loads/core';
import type { ContainerEnd } from '../../engine/engine.ts';

/** Exit codes that say nothing of a scenario: that it has done its work, and that its sidecar had gone. */
const USUAL: readonly number[] = [EXIT.passed, EXIT.engineUnavailable];

/** Why a container of a node ended, as far as that tells why the node was lost. */
export function containerReason(role: string | undefined, { exitCode, outOfMemory }: ContainerEnd): string | undefined {
  const why = outOfMemory ? 'it ran out of memory' : whyExit(role, exitCode);
  return why === undefined ? undefined : `${why}: ${role} container`;
}

function whyExit(role: string | undefined, exitCode: number): string | undefined {
  const end = endOfContainer(exitCode);
  if (end.signal === 'SIGKILL') return 'it was killed';
  const tells = end.signal !== undefined || (role === 'scenario' && !USUAL.includes(exitCode));
  return tells ? endMeaning(end) : undefined;
}
