/** The longest that a timer of Node takes, ms: what is longer fires at once. */
export const LONGEST_TIMER_MS = 0x7fff_ffff;
