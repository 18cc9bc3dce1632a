import type { Cell } from './cell.ts';
import { abortCells } from './cells/abort.ts';
import { blackoutCells } from './cells/blackout.ts';
import { delayCells } from './cells/delay.ts';
import { dummyCells } from './cells/dummy.ts';
import { errorCells } from './cells/error.ts';
import { hangCells } from './cells/hang.ts';
import { transientCells } from './cells/transient.ts';

/** What each behavior claims, for every protocol. */
export const cells: ReadonlyMap<string, readonly Cell[]> = new Map([
  ['blackout', blackoutCells],
  ['delay', delayCells],
  ['dummy', dummyCells],
  ['error', errorCells],
  ['hang', hangCells],
  ['transient', transientCells],
  ['abort', abortCells],
]);
