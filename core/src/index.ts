export { ERRORS, type ErrorCode } from './errors/error-table.ts';
export { EXIT, type ExitCode } from './errors/exit-codes.ts';
export { LoadsError, type LoadsErrorOptions } from './errors/loads-error.ts';
export { draw, randomSequence } from './random/draw.ts';
export { type Phase, type PhaseStamp, phaseOf } from './schedule/phase.ts';
export { changesOf, entriesAt, type ScheduleEntry, type WeightedBehavior } from './schedule/schedule.ts';
