export type Phase = 'setup' | 'steady' | 'chaos' | 'recovery' | 'teardown';

/**
 * Where a sample stands on the schedule: its phase, and the names of the entries that it overlapped, joined by `+`. What
 * touches a fault window belongs to it; what began within `recovery` after a window is recovery.
 */
export type PhaseStamp = { readonly phase: Phase; readonly fault: string };
