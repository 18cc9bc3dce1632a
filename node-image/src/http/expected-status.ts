/** A status, several, or the answer to whether one is expected. */
export type ExpectedStatus = number | readonly number[] | ((status: number) => boolean);

/** Whether a status is a success: one that is expected, or without any word of that 200 to 399. */
export function isExpected(status: number, expected: ExpectedStatus | undefined): boolean {
  if (expected === undefined) return status >= 200 && status <= 399;
  if (typeof expected === 'function') return expected(status);
  return typeof expected === 'number' ? status === expected : expected.includes(status);
}

/** Throws a TypeError for what can expect no status. */
export function checkExpected(expected: unknown): void {
  if (expected === undefined || typeof expected === 'function' || Number.isInteger(expected)) return;
  if (Array.isArray(expected) && expected.length > 0 && expected.every(Number.isInteger)) return;
  throw new TypeError(
    '`expectStatus` takes a status, a list of them or a function: 404, [200, 404], (status) => status < 500',
  );
}
