/** A colour of the page as it is now: light, dark, or on paper. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** A colour of the heat map between that of the least (0) and of the most (1). */
export function heatColour(strength: number): string {
  const [low, high] = ['heat-low', 'heat-high'].map((name) => colour(name).split(',').map(Number));
  const mixed = [0, 1, 2].map((i) => Math.round((low?.[i] ?? 0) * (1 - strength) + (high?.[i] ?? 0) * strength));
  return `rgb(${mixed.join(', ')})`;
}

/** Calls back when colours change: the user's scheme, and before and after printing, which is always light. */
export function onThemeChange(listener: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', listener);
  const { classList } = document.documentElement;
  addEventListener('beforeprint', () => {
    classList.add('paper');
    listener();
  });
  addEventListener('afterprint', () => {
    classList.remove('paper');
    listener();
  });
}
