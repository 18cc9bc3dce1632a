/** How figures of an axis or a legend are written. */
export type Unit = 'ms' | 'per second' | 'share' | 'count';

const TEXT: Readonly<Record<Unit, (value: number) => string>> = {
  ms: latency,
  'per second': (value) => `${short(value)}/s`,
  share: (value) => `${short(value * 100)} %`,
  count: short,
};

export function formatIn(unit: Unit, value: number): string {
  return TEXT[unit](value);
}

function latency(ms: number): string {
  if (ms >= 1000) return `${short(ms / 1000)} s`;
  return `${short(ms)} ms`;
}

function short(value: number): string {
  if (value >= 10_000) return `${Number((value / 1000).toPrecision(3))}k`;
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
