import { ENVIRONMENT } from '../config/overrides.ts';

export const EXIT_CODES = `
Exit codes:
  0 passed · 97 iterations failed (--fail) · 98 run invalid · 99 threshold crossed
  104 bad configuration · 105 stopped by the user · 107 scenario not loaded, or its setup threw
  109 nodes could not be run`;

export const RUN_EXAMPLES = `
Examples:
  loads run shop.ts -t http://127.0.0.1:8080 -w 20 -d 30s
  loads run loads.yml --nodes 4
  loads run loads.yml -- python3 load.py`;

export const SEARCH_EXAMPLES = `
Examples:
  loads search loads.yml --vary rate --until 'p(95)<300' --to 500/s
  loads search loads.yml --vary sleep --entry slow-db --until 'p(95){fault:slow-db}<500'
  loads search loads.yml --vary percentage --entry db-errors --until 'rate<0.01' --to 50`;

/** The variables that stand over the file, in lines that fit. */
export const RUN_ENVIRONMENT: string = ['\nEnvironment, over the file and under the flags:', ...inLines(4)].join('\n');

function inLines(perLine: number): readonly string[] {
  const names = [...ENVIRONMENT.keys()];
  const starts = names.map((_, i) => i).filter((i) => i % perLine === 0);
  return starts.map((start) => `  ${names.slice(start, start + perLine).join('  ')}`);
}
