const UNITS: readonly (readonly [ms: number, letter: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1000, 's'],
];

/** How long ago something was, in the largest unit that is over: `3d`, `5h`, `12m`, `40s`; `-` where that is not known. */
export function formatAge(ms: number): string {
  if (!Number.isFinite(ms)) return '-';
  const [size, letter] = UNITS.find(([unit]) => ms >= unit) ?? [1000, 's'];
  return `${Math.max(0, Math.floor(ms / size))}${letter}`;
}
