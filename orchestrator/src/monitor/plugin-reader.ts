import { MOST_PLUGIN_VALUES, PLUGIN_NAME } from '@loads/core';
import type { HostPlugin } from './host-plugin.ts';

/** What a plug-in gave, and how many of its values were refused. */
export type PluginValues = { readonly values: Readonly<Record<string, number>>; readonly refused: number };

/** A plug-in that is slower than `limitMs`, fails, or still thinks since the last time gives no values, and that counts as one refused. */
export class PluginReader {
  readonly name: string;
  readonly #plugin: HostPlugin;
  readonly #limitMs: number;
  #busy = false;

  constructor(plugin: HostPlugin, limitMs: number) {
    this.name = plugin.name;
    this.#plugin = plugin;
    this.#limitMs = limitMs;
  }

  async read(): Promise<PluginValues> {
    if (this.#busy) return NOTHING;
    this.#busy = true;
    const reading = this.#ask();
    const { promise: late, resolve } = Promise.withResolvers<PluginValues>();
    const timer = setTimeout(() => resolve(NOTHING), this.#limitMs);
    try {
      return await Promise.race([reading, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #ask(): Promise<PluginValues> {
    try {
      return soundValues(await this.#plugin.read());
    } catch {
      return NOTHING;
    } finally {
      this.#busy = false;
    }
  }
}

const NOTHING: PluginValues = { values: {}, refused: 1 };

/** The values that are finite numbers under names that a metric can have; not more than the first 50. */
export function soundValues(given: unknown): PluginValues {
  if (typeof given !== 'object' || given === null) return NOTHING;
  const all = Object.entries(given);
  const sound = all.filter((one): one is [string, number] => PLUGIN_NAME.test(one[0]) && Number.isFinite(one[1]));
  const taken = sound.slice(0, MOST_PLUGIN_VALUES);
  return { values: Object.fromEntries(taken), refused: all.length - taken.length };
}
