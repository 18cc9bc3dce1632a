/** What a run is called: see `runId`. */
export const RUN_ID: RegExp = /^\d{8}-\d{6}-.+-[\da-f]{4}$/;

/** A name for a new run that sorts by time: `20261121-074512-shop-3f9a`. `random` is in [0, 1). */
export function runId(now: Date, name: string, random: number): string {
  const stamp = now.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const suffix = Math.floor(random * 0x1_0000)
    .toString(16)
    .padStart(4, '0');
  return `${stamp}-${name}-${suffix}`;
}

/** When a run of that name was made, epoch ms, to the second; NaN of a name that is none. */
export function idTimeMs(run: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-/.exec(run) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
